"""Whoever still works in a server's folder from an earlier start.

A pid file cannot tell: its number may by now be another program's, and PostgreSQL's sessions can
outlive the server whose number it is. Both servers, and all their children, have their folder as
working folder, which no stranger has. Two at once in one folder would spoil the data.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from project.embedded.errors import StartError

PATIENCE = 30.0  # seconds


def evict(folder: Path, stop: signal.Signals) -> None:
    """Ask all to stop and return when none is left. Raises StartError if they do not go."""
    deadline = time.monotonic() + PATIENCE
    asked: set[int] = set()
    while pids := occupants(folder):
        for pid in pids - asked:
            with suppress(ProcessLookupError):
                os.kill(pid, stop)
        asked |= pids
        if time.monotonic() > deadline:
            raise StartError(
                f"Process {min(pids)} does not leave {folder}: end it, then try again."
            )
        time.sleep(0.02)


def occupants(folder: Path) -> set[int]:
    """The processes whose working folder this is, as far as we may see."""
    if sys.platform == "linux":
        return {
            int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _works_in(entry, folder)
        }
    listed = subprocess.run(
        ["lsof", "-t", "-a", "-d", "cwd", "--", folder], capture_output=True, text=True, check=False
    )
    return {int(number) for number in listed.stdout.split()}


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").samefile(folder)
    except OSError:  # gone, a zombie, or somebody else's
        return False
