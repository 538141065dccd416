"""Starting programs that end with us, however we end."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from project.embedded.account import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5_000_000  # bytes, after which a log starts anew

# Loaded before any fork: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Command:
    """What to run: `last_will` is the signal it gets from the kernel when we are killed."""

    arguments: Sequence[str]
    last_will: signal.Signals
    environment: Mapping[str, str]
    account: Account | None = None
    descriptors: tuple[int, ...] = ()
    log: Path | None = None
    folder: Path = Path("/")


def spawn(command: Command, feed: str = "") -> subprocess.Popen[bytes]:
    """Start it in a session of its own: Ctrl+C then reaches only us, who stop things in order.

    On Linux a child gets its last will also when we die by `kill -9`. Elsewhere it lives on until
    the next start, which ends it first (`occupants.evict`). `feed` is its standard input.
    """
    lowered = command.account if command.account and command.account.lowered else None
    output = _open_log(command.log) if command.log else None
    try:
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env=dict(command.environment),
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            pass_fds=command.descriptors,
            start_new_session=True,
            user=lowered.uid if lowered else None,
            group=lowered.gid if lowered else None,
            extra_groups=[] if lowered else None,
            # We have no threads, which could make this unsafe.
            preexec_fn=dying_with_parent(command.last_will),  # noqa: PLW1509
        )
        if process.stdin:
            process.stdin.write(feed.encode())
            process.stdin.close()
        return process
    finally:
        if output:
            os.close(output)


def dying_with_parent(last_will: signal.Signals) -> Callable[[], None] | None:
    """For a child to call after the fork; None where the kernel does not know of last wills."""
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(last_will))
        if os.getppid() != parent:  # we died before the kernel knew what to do about it
            os._exit(1)

    return arrange


def _open_log(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
