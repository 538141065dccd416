"""`python -m project.launch`: start everything, keep it running, stop it on Ctrl+C.

On one data folder more than one launcher may run, each on its own port. The first keeps the servers
running and stops them when it ends; the next of the others then starts them again as its own.
"""

import io
import json
import os
import signal
import socket
import sys

from project.embedded.errors import StartError
from project.embedded.layout import Layout, layout
from project.embedded.supervisor import Supervisor, embedded_servers
from project.programs import Address, Scheduler, Web, spawn_preparation, workers


def main() -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack a character
        sys.stdout.reconfigure(errors="backslashreplace")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        launch(layout(), chosen_address())
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        _say("Stopped.")
    return 0


def launch(place: Layout, address: Address) -> None:
    """Run the product until it is interrupted. Raises StartError."""
    with embedded_servers(place, say=_say) as servers:
        _prepare(place, servers)
        for worker in workers(place, address):
            servers.start(worker)
        servers.start(Scheduler(place, address))
        servers.start(Web(place, address))
        _say(f"\nImprimatur is at {address.url}")
        _say(demo_sign_ins(place))
        _say("Ready. Ctrl+C stops everything.")
        servers.watch(until=lambda: False)


def chosen_address() -> Address:
    """HOST and PORT, or their defaults, when they are free. Raises StartError."""
    named = os.environ.get("PORT") or "8000"
    if not named.isascii() or not named.isdigit() or not 0 < int(named) < 65536:
        raise StartError(f"PORT is {named!r}: set it to a number from 1 to 65535.")
    address = Address(os.environ.get("HOST") or "127.0.0.1", int(named))
    try:
        socket.create_server((address.host, address.port), family=_family(address)).close()
    except PermissionError as error:
        raise StartError(f"Port {named} is for root alone: set PORT to one above 1023.") from error
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise StartError(
            f"Cannot listen on {address.host}:{named} ({reason}): set PORT to a free one."
        ) from error
    return address


def demo_sign_ins(place: Layout) -> str:
    """A line for each demo user; nothing in production, which has none.

    A file that cannot be read costs its lines and a sentence, never the start.
    """
    path = place.data_dir / "demo.json"
    if os.environ.get("IMPRIMATUR_ENV") == "production" or not os.path.lexists(path):
        return ""
    try:
        users = json.loads(path.read_text(encoding="utf-8"))["users"]
        lines = [
            f"  {role:<9} {user['email']:<26} {user['password']}\n" for role, user in users.items()
        ]
        "".join(lines).encode()  # a lone surrogate, which JSON can escape, is no text
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return f"The demo's sign-ins cannot be read: move {path} away and start again.\n"
    return "".join(lines)


def _prepare(place: Layout, servers: Supervisor) -> None:
    preparation = spawn_preparation(place)
    try:
        servers.watch(until=lambda: preparation.poll() is not None)
    finally:
        preparation.kill()
    if preparation.wait() != 0:
        raise StartError("The database could not be brought up to date: see above.")


def _family(address: Address) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address.host else socket.AF_INET


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
