"""Chromium over CDP and Firefox over WebDriver BiDi, by Puppeteer in a Node process."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browser.engines.driver import Cookie, Engine, Tab

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("drive.mjs")
ANSWER = 60.0  # seconds for one command
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or "/usr/bin/firefox-esr"


class PuppeteerEngine(Engine):
    def __init__(self, name: str) -> None:
        self.name = name
        arguments = {
            "chromium": ["chrome", CHROMIUM, "cdp"],
            "firefox": ["firefox", FIREFOX, "webDriverBiDi"],
        }[name]
        self.node = subprocess.Popen(
            ["node", str(SCRIPT), *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ids = itertools.count()
        self.version = str(self._answer())

    def open(
        self,
        *,
        width: int = 1440,
        height: int = 900,
        cookies: tuple[Cookie, ...] = (),
        preload: str = "",
    ) -> PuppeteerTab:
        tab = PuppeteerTab(self, next(self.ids))
        jar = [{**vars(cookie), "domain": "127.0.0.1", "path": "/"} for cookie in cookies]
        for each in jar:
            del each["url"]
        tab.tell("open", width=width, height=height, cookies=jar, preload=preload)
        return tab

    def complaints(self) -> list[str]:
        return self.tell("complaints")

    def quit(self) -> None:
        assert self.node.stdin is not None
        self.node.stdin.close()
        try:
            self.node.wait(10)
        except subprocess.TimeoutExpired:
            self.node.kill()
            self.node.wait()

    def tell(self, command: str, **words: Any) -> Any:
        """The answer to a command. Raises RuntimeError with what the browser said."""
        assert self.node.stdin is not None
        self.node.stdin.write(json.dumps({"command": command, **words}) + "\n")
        self.node.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.node.stdout is not None
        ready, _, _ = select.select([self.node.stdout], [], [], ANSWER)
        line = self.node.stdout.readline() if ready else ""
        if not line:
            raise RuntimeError(f"{self.name} does not answer")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self.name}: {answer['error']}")
        return answer["value"]


class PuppeteerTab(Tab):
    def __init__(self, engine: PuppeteerEngine, number: int) -> None:
        self.engine = engine
        self.number = number

    def tell(self, command: str, **words: Any) -> Any:
        return self.engine.tell(command, id=self.number, **words)

    def goto(self, url: str) -> None:
        self.tell("goto", url=url)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self.tell("evaluate", script=script, argument=argument)

    def move(self, x: float, y: float, steps: int = 1) -> None:
        self.tell("move", x=x, y=y, steps=steps)

    def down(self) -> None:
        self.tell("down")

    def up(self) -> None:
        self.tell("up")

    def press(self, keys: str) -> None:
        *held, key = keys.split("+") if keys != "+" else ["+"]
        for each in held:
            self.tell("hold", key=each)
        self.tell("press", key=key)
        for each in reversed(held):
            self.tell("release", key=each)

    def type(self, words: str) -> None:
        self.tell("type", words=words)

    def tap(self, x: float, y: float) -> None:
        self.tell("tap", x=x, y=y)

    def screenshot(self) -> bytes:
        return base64.b64decode(self.tell("screenshot"))

    def pdf(self) -> bytes:
        """The page on paper."""
        return base64.b64decode(self.tell("pdf"))

    def close(self) -> None:
        self.tell("close")
