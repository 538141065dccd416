"""What every engine's driver can do, whichever protocol it speaks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

PATIENCE = 20.0  # seconds that a page has to show what is waited for
MODIFIERS = ("Control", "Shift", "Alt")


@dataclass(frozen=True)
class Cookie:
    name: str
    value: str
    url: str  # of the site whose cookie it is


class Tab(ABC):
    """One page in a context of its own, driven as a person would: by mouse and keys."""

    @abstractmethod
    def goto(self, url: str) -> None: ...

    @abstractmethod
    def evaluate(self, script: str, argument: Any = None) -> Any:
        """What the JavaScript function returns for the argument; both are JSON."""

    @abstractmethod
    def move(self, x: float, y: float, steps: int = 1) -> None: ...

    @abstractmethod
    def down(self) -> None: ...

    @abstractmethod
    def up(self) -> None: ...

    @abstractmethod
    def press(self, keys: str) -> None:
        """A key by its DOM name, after those held with it: "Control+Shift+ArrowRight"."""

    @abstractmethod
    def type(self, words: str) -> None: ...

    @abstractmethod
    def screenshot(self) -> bytes:
        """What the window shows, as PNG."""

    @abstractmethod
    def close(self) -> None: ...

    def click(self, x: float, y: float) -> None:
        self.move(x, y)
        self.down()
        self.up()

    def wait(self, script: str, argument: Any = None) -> Any:
        """What the function returns, once that is truthy. Raises AssertionError after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                found, error = self.evaluate(script, argument), ""
            except RuntimeError as raised:  # the page was left meanwhile, or is not there yet
                found, error = None, str(raised)
            if found:
                return found
            assert time.monotonic() < deadline, f"never came true: {script} of {argument!r} {error}"
            time.sleep(0.03)


class Engine(ABC):
    """A running browser."""

    name: str
    version: str

    @abstractmethod
    def open(
        self,
        *,
        width: int = 1440,
        height: int = 900,
        cookies: tuple[Cookie, ...] = (),
        preload: str = "",
    ) -> Tab:
        """A tab of its own; `preload` runs in each page before the page's own scripts."""

    @abstractmethod
    def quit(self) -> None: ...

    @abstractmethod
    def complaints(self) -> list[str]:
        """Errors that pages met since this was asked last, where the engine tells of them."""
