"""A way to a server that can be made to hang: it accepts connections and says nothing."""

from __future__ import annotations

import selectors
import socket
import threading
from types import TracebackType
from urllib.parse import unquote, urlsplit

BLOCK = 65_536  # bytes


class Way:
    """Listens on a free port of this machine and passes all on to the server, until it hangs."""

    def __init__(self, server: str | tuple[str, int]) -> None:
        self.server = server
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._hangs = threading.Event()
        self._ends = False
        self._silent: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Way:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._ends = True
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        for each in self._silent:
            each.close()

    def hang(self) -> None:
        self._hangs.set()

    def go_on(self) -> None:
        self._hangs.clear()

    def _run(self) -> None:
        while not self._ends:
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._listening:
                    self._accept()
                elif not self._hangs.is_set():
                    self._pass_on(key.fileobj, key.data)  # type: ignore[arg-type]
            if self._hangs.is_set():
                threading.Event().wait(0.02)

    def _accept(self) -> None:
        client, _ = self._listening.accept()
        if self._hangs.is_set():
            self._silent.append(client)
            return
        family = socket.AF_UNIX if isinstance(self.server, str) else socket.AF_INET
        server = socket.socket(family)
        server.connect(self.server)
        self._selector.register(client, selectors.EVENT_READ, server)
        self._selector.register(server, selectors.EVENT_READ, client)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            block = source.recv(BLOCK)
            if block:
                target.sendall(block)
                return
        except OSError:
            pass
        for each in (source, target):
            try:
                self._selector.unregister(each)
            except (KeyError, ValueError):  # it was closed in this very round
                continue
            each.close()


def database_way(url: str) -> tuple[Way, str]:
    """A way to the database of this address, and the address that leads over it."""
    at = urlsplit(url)
    host, port = unquote(at.hostname or ""), at.port or 5432
    way = Way(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
    user = at.netloc.rpartition("@")[0]
    return way, at._replace(netloc=f"{user}@127.0.0.1:{way.port}").geturl()


def broker_way(url: str) -> tuple[Way, str]:
    """The same for a Valkey or Redis."""
    at = urlsplit(url)
    if at.scheme == "redis+socket":
        way = Way(at.path)
        return way, f"redis://127.0.0.1:{way.port}/0"
    way = Way((at.hostname or "127.0.0.1", at.port or 6379))
    return way, at._replace(netloc=f"127.0.0.1:{way.port}").geturl()
