"""WebKitGTK's own small browser over WebDriver, in an X server that shows nothing."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.mouse_button import MouseButton
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.engines.driver import Cookie, Engine, Tab

DRIVER = os.environ.get("WEBKIT_DRIVER") or shutil.which("WebKitWebDriver")
ANSWER = 60  # seconds for one command
LOST = 5  # seconds after which a script was cut off by the end of its page, and never answers


def mini_browser() -> Path | None:
    """The browser to drive, where it is installed."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
    return found[0] if found else None


class Screen:
    """An X server that shows nothing, whose picture is read from its memory."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        read, write = os.pipe()
        self.server = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24",
                "-nolisten", "tcp", "-fbdir", self.folder.name,
            ],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"

    def picture(self, left: int, top: int, width: int, height: int) -> bytes:
        """A part of the screen, as rows of red, green and blue."""
        dump = (Path(self.folder.name) / "Xvfb_screen0").read_bytes()
        words = struct.unpack(">25I", dump[:100])  # https://www.x.org/wiki/guide/xwd: XWDFileHeader
        start, row, colours = words[0], words[12], words[19]
        pixels = start + colours * 12
        lines = []
        for y in range(top, top + height):
            line = dump[pixels + y * row + left * 4 : pixels + y * row + (left + width) * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
            lines.append(bytes(rgb))
        return b"".join(lines)

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(10)
        self.folder.cleanup()


class WebKitEngine(Engine):
    name = "webkit"

    def __init__(self) -> None:
        self.tabs: list[WebKitTab] = []
        self.version = ""

    def open(
        self,
        *,
        width: int = 1440,
        height: int = 900,
        cookies: tuple[Cookie, ...] = (),
        preload: str = "",
    ) -> WebKitTab:
        assert not preload, "WebDriver has no way to run a script before the page's own"
        tab = WebKitTab(self, width, height, cookies)
        self.tabs.append(tab)
        self.version = tab.driver.capabilities["browserVersion"]
        return tab

    def complaints(self) -> list[str]:
        return []

    def quit(self) -> None:
        for tab in list(self.tabs):
            tab.close()


class WebKitTab(Tab):
    """A browser of its own, as WebKitWebDriver has it, on a screen of its own."""

    def __init__(
        self, engine: WebKitEngine, width: int, height: int, cookies: tuple[Cookie, ...]
    ) -> None:
        self.engine = engine
        self.screen = Screen()
        options = Options()
        options.binary_location = str(mini_browser())
        options.add_argument("--automation")
        options.page_load_strategy = "none"  # it misses the end of some loads
        environment = {
            **os.environ,
            "DISPLAY": self.screen.display,
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
        }
        if os.geteuid() == 0:
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        service = Service(DRIVER, env=environment)
        self.driver = webdriver.WebKitGTK(options=options, service=service)
        self.driver.set_script_timeout(ANSWER)
        self.driver.set_page_load_timeout(ANSWER)
        self._resize(width, height)
        for cookie in cookies:
            self.goto(f"{cookie.url}/robots.txt")  # a cookie is set on a page of its site
            self.driver.add_cookie({"name": cookie.name, "value": cookie.value, "path": "/"})

    def _resize(self, width: int, height: int) -> None:
        """The page itself gets this size, whatever the window has around it."""
        self.driver.set_window_rect(0, 0, width, height)
        for _ in range(20):
            inner = self.driver.execute_script("return [innerWidth, innerHeight]")
            if inner == [width, height]:
                return
            outer = self.driver.get_window_rect()
            self.driver.set_window_rect(
                0, 0, outer["width"] + width - inner[0], outer["height"] + height - inner[1]
            )
            time.sleep(0.1)

    def goto(self, url: str) -> None:
        self.evaluate("() => void (window.isLeft = true)")
        self.driver.set_script_timeout(LOST)
        self.driver.get(url)
        self.wait("() => !window.isLeft && document.readyState !== 'loading'")
        self.driver.set_script_timeout(ANSWER)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        try:
            found = self.driver.execute_async_script(
                "const done = arguments[1];"
                f"Promise.resolve(arguments[0]).then({script})"
                ".then((value) => done({ value }), (error) => done({ error: String(error) }));",
                argument,
            )
        except WebDriverException as error:
            raise RuntimeError(f"webkit: {error.msg}") from error
        if "error" in found:
            raise RuntimeError(f"webkit: {found['error']}")
        return found.get("value")

    def move(self, x: float, y: float, steps: int = 1) -> None:
        actions = ActionBuilder(self.driver, duration=30 * steps)
        actions.pointer_action.move_to_location(round(x), round(y))
        actions.perform()

    def down(self) -> None:
        actions = ActionBuilder(self.driver)
        actions.pointer_action.pointer_down(MouseButton.LEFT)
        actions.perform()

    def up(self) -> None:
        actions = ActionBuilder(self.driver)
        actions.pointer_action.pointer_up(MouseButton.LEFT)
        actions.perform()

    def press(self, keys: str) -> None:
        *held, key = keys.split("+") if keys != "+" else ["+"]
        chain = ActionChains(self.driver, duration=0)
        for each in held:
            chain.key_down(NAMES[each])
        chain.send_keys(NAMES.get(key, key))
        for each in reversed(held):
            chain.key_up(NAMES[each])
        chain.perform()

    def type(self, words: str) -> None:
        ActionChains(self.driver, duration=0).send_keys(words).perform()

    def screenshot(self) -> bytes:
        """The screen itself, once it rests; WebDriver's own picture may wait for ever."""
        width, height, chrome = self.evaluate(
            "() => [innerWidth, innerHeight, outerHeight - innerHeight]"
        )
        before, picture = b"", b"-"
        while picture != before:
            self.evaluate(
                "() => new Promise((then) => requestAnimationFrame(() => setTimeout(then, 100)))"
            )
            before, picture = picture, self.screen.picture(0, chrome, width, height)
        return as_png(picture, width, height)

    def close(self) -> None:
        self.engine.tabs.remove(self)
        self.driver.quit()
        self.screen.close()


def as_png(picture: bytes, width: int, height: int) -> bytes:
    """Rows of red, green and blue as a PNG (https://www.w3.org/TR/png/)."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    row = width * 3
    rows = b"".join(b"\0" + picture[at : at + row] for at in range(0, len(picture), row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 1)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


NAMES = {
    "Control": Keys.CONTROL,
    "Shift": Keys.SHIFT,
    "Alt": Keys.ALT,
    "Enter": Keys.ENTER,
    "Escape": Keys.ESCAPE,
    "Tab": Keys.TAB,
    "Home": Keys.HOME,
    "End": Keys.END,
    "ArrowLeft": Keys.ARROW_LEFT,
    "ArrowRight": Keys.ARROW_RIGHT,
    "ArrowUp": Keys.ARROW_UP,
    "ArrowDown": Keys.ARROW_DOWN,
    "Backspace": Keys.BACKSPACE,
}
