"""A headless browser signed in to the product that is measured, and what its pages cost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, StorageState

from benchmarks.support.scratch import Product

OBSERVERS = Path(__file__).with_name("observers.js")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WINDOW: Any = {"width": 1440, "height": 900}
SETTLED = 1_500  # milliseconds after which a page has asked for all it needs


@dataclass
class Weight:
    """What came over the wire, compressed; a stream that stays open does not count."""

    requests: int = 0
    bytes: float = 0


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


def sign_in(browser: Browser, product: Product) -> StorageState:
    """The cookies of the demo's editor."""
    context = browser.new_context(base_url=product.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(product.users["editor"]["email"])
    page.locator("input[name=password]").fill(product.users["editor"]["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/desks/**")
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def fresh(browser: Browser, state: StorageState | None = None) -> Iterator[Page]:
    """A page in a context of its own: with these cookies, but an empty cache."""
    context = browser.new_context(viewport=WINDOW, storage_state=state)
    context.add_init_script(path=OBSERVERS)
    try:
        yield context.new_page()
    finally:
        context.close()


def time_of(page: Page, name: str) -> float:
    """Milliseconds, once the page has noted them."""
    handle = page.wait_for_function(f"() => observed.times.{name}")
    return float(handle.json_value())


def heap_of(page: Page) -> float:
    """Megabytes of JavaScript objects that are still needed."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used) / 1_000_000


def weigh(page: Page, address: str) -> Weight:
    """What the page asks for until it has settled."""
    weight = Weight()
    streams: set[str] = set()
    session = page.context.new_cdp_session(page)

    def sent(event: dict[str, Any]) -> None:
        if event.get("type") == "EventSource" or event["request"]["url"].startswith("data:"):
            streams.add(event["requestId"])
        else:
            weight.requests += 1

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in streams:
            weight.bytes += event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(address)
    page.wait_for_timeout(SETTLED)
    session.detach()
    return weight
