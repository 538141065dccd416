"""`python -m project.embedded COMMAND…`: run the command on the servers; its exit code is ours."""

import os
import signal
import subprocess
import sys
from types import FrameType

from project.embedded.errors import StartError
from project.embedded.layout import layout
from project.embedded.supervisor import embedded_servers


def main(command: list[str]) -> int:
    place = layout()
    signal.signal(signal.SIGTERM, _exit)
    environment = {**os.environ, "DATA_DIR": str(place.data_dir)}
    try:
        with embedded_servers(place, say=_say) as servers:
            process = subprocess.Popen(command, env=environment)
            try:
                servers.watch(until=lambda: process.poll() is not None)
            except SystemExit:
                process.terminate()
            except KeyboardInterrupt:
                pass  # the terminal has told the command too
            return process.wait()
    except StartError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
