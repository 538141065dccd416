"""Which engines this machine has."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.browser.engines.driver import Engine
from tests.browser.engines.puppeteer import CHROMIUM, FIREFOX, ROOT, PuppeteerEngine
from tests.browser.engines.webkit import DRIVER, WebKitEngine, mini_browser

ENGINES = ("chromium", "firefox", "webkit")


def start(name: str) -> Engine:
    return WebKitEngine() if name == "webkit" else PuppeteerEngine(name)


def missing(name: str) -> str:
    """What must be installed before this engine can be driven; "" when nothing is."""
    if name == "webkit":
        needed = {
            "webkit2gtk-driver": DRIVER and mini_browser(),
            "xvfb": shutil.which("Xvfb"),
        }
    else:
        needed = {
            "nodejs": shutil.which("node"),
            "npm's puppeteer-core": (ROOT / "node_modules" / "puppeteer-core").exists(),
            "chromium" if name == "chromium" else "firefox-esr": Path(
                CHROMIUM if name == "chromium" else FIREFOX
            ).exists(),
        }
    return ", ".join(package for package, found in needed.items() if not found)
