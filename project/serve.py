"""`python -m project.serve`: the web processes, which share one address.

HOST and PORT choose the address; WEB_PROCESSES says how many serve it, else one for each processor
up to four. X-Forwarded-For and X-Forwarded-Proto are believed only from TRUSTED_PROXIES (addresses
or networks, separated by commas).
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType

import structlog
import uvicorn

from project.embedded.processes import dying_with_parent
from project.http.protocol import Protocol
from project.memory import keep_little

MOST_UNASKED = 4  # processes
MOST_ENDINGS, LATELY = 10, 60.0  # processes that may end by themselves in so many seconds
MOST_FILES = 8_192  # connections and files of one process, if the system allows it
GARBAGE = 50_000  # new objects before the collector looks for cycles: many requests' worth

log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """Ends the live streams before it waits for requests: an open one would hold up every stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        from annotations.web.live.hub import hub  # noqa: PLC0415 - Django is set up by now

        hub.stop()
        super().handle_exit(sig, frame)


class Crew:
    """Processes forked from this one after it has loaded the product, so that they share memory.

    One that ends by itself is replaced and the others go on. Only when they keep ending all do,
    with an error, so that the program that keeps this one running says so.
    """

    def __init__(self, config: uvicorn.Config, listening: socket.socket) -> None:
        self.config = config
        self.listening = listening
        self.processes: set[int] = set()
        self.is_stopping = False
        self.endings: list[float] = []

    def run(self, count: int) -> int:
        """Serve until told to stop. Returns 0, or 1 when processes kept ending by themselves."""
        self.config.load()
        gc.freeze()  # what is loaded stays: looking through it again would only copy it
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stop())
        code = 0
        while True:
            while len(self.processes) < count and not self.is_stopping:
                self._fork()
            if not self.processes:
                return code
            process, status = os.wait()
            self.processes.discard(process)
            if not self.is_stopping:
                log.error("a web process ended", code=os.waitstatus_to_exitcode(status))
                if self._keep_ending():
                    code = 1
                    self.stop()

    def stop(self) -> None:
        self.is_stopping = True
        for process in self.processes:
            self._end(process)

    @staticmethod
    def _end(process: int) -> None:
        with suppress(ProcessLookupError):  # it may have ended just now
            os.kill(process, signal.SIGTERM)

    def _keep_ending(self) -> bool:
        """Notes that one ended now; whether too many have lately."""
        now = time.monotonic()
        self.endings = [each for each in self.endings if now - each < LATELY] + [now]
        return len(self.endings) > MOST_ENDINGS

    def _fork(self) -> None:
        die_with_us = dying_with_parent(signal.SIGKILL)
        if process := os.fork():
            self.processes.add(process)
            if self.is_stopping:
                self._end(process)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if die_with_us:
            die_with_us()
        Server(self.config).run([self.listening])
        os._exit(0)


def main() -> int:
    os.environ.setdefault("IMPRIMATUR_KEEP_CONNECTIONS", "1")
    gc.set_threshold(GARBAGE)
    keep_little()
    _allow_files()
    trusted = os.environ.get("TRUSTED_PROXIES", "")
    config = uvicorn.Config(
        "project.asgi:application",
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=5,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
    )
    listening = config.bind_socket()
    offer_set_up()
    count = int(os.environ.get("WEB_PROCESSES") or processors())
    if count > 1:
        return Crew(config, listening).run(count)
    Server(config).run([listening])
    return 0


def offer_set_up() -> None:
    """Say where the first administrator makes an account, while there is none."""
    import django  # noqa: PLC0415 - the settings are read when the program runs, not before
    from django.db import DatabaseError, connections  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from annotations.services.accounts.set_up import offer_set_up as offer  # noqa: PLC0415

    try:
        link = offer()
    except DatabaseError as error:
        log.warning("no set-up link", reason=str(error))
        return
    finally:
        connections.close_all()  # no process may inherit a connection
    if link:
        sys.stdout.write(f"\nThis site has no account yet. Make the first one at\n  {link}\n\n")
        sys.stdout.flush()


def _allow_files() -> None:
    """The system's usual 1,024 are fewer than the connections that are served."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def processors() -> int:
    """Those that this process may use, where the kernel says so and ends children with us."""
    if not hasattr(os, "sched_getaffinity"):
        return 1
    return min(MOST_UNASKED, len(os.sched_getaffinity(0)))


if __name__ == "__main__":
    sys.exit(main())
