"""The annotate page in a headless browser: a book with 10,000 annotations, and the sample article.

The book is a million code points; its annotations overlap and come through the batch endpoint. A
plain page of the same text, served by another server in the same run, is what "the text can be
read" is compared with. Times are milliseconds, medians of several runs. "Painted" means: in the
frame after the browser was given it to paint. The browser and the servers share the machine.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from benchmarks.support.browser import fresh, heap_of, launch, sign_in, time_of, weigh
from benchmarks.support.engines import show_engines
from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.sources import source_with
from benchmarks.support.tables import show
from benchmarks.write import a_source

RUNS = 5
CODE_POINTS = 1_000_000
ANNOTATIONS = 10_000
WORDS = [
    "the",
    "of",
    "Baku",
    "Ankara",
    "said",
    "that",
    "talks",
    "continued",
    "while",
    "nobody",
    "counted",
    "votes",
    "in",
    "any",
    "region",
]  # of the book
LABELS = [("entity", "place"), ("quote", "direct"), ("entity", "person"), ("quote", "indirect")]
FRAMES = 120
STEP = 200  # CSS pixels scrolled in a frame
PLAIN = (
    "<!doctype html><meta charset=utf-8>"
    "<pre id=text style='white-space:pre-wrap;font:19px/1.9 serif;max-width:62ch'>"
)

Figures = dict[str, float]


def main() -> None:
    text = book()
    with scratch_product() as product, sync_playwright() as playwright, plain_page(text) as plain:
        source = source_with(product, text)
        annotate(product, source, len(text))
        browser = launch(playwright)
        state = sign_in(browser, product)
        of_the_article(browser, state, address(product, a_source(product)))  # servers warm up
        book_runs = [
            {**of_the_plain(browser, plain), **of_the_book(browser, state, product, source, text)}
            for _ in range(RUNS)
        ]
        article_runs = [
            of_the_article(browser, state, address(product, a_source(product))) for _ in range(RUNS)
        ]
        browser.close()
        _show_book(_medians(book_runs))
        _show_article(_medians(article_runs))
        cookies = [{**each} for each in state["cookies"]]
        show_engines(product, address(product, source), plain, text, cookies)


def _medians(runs: list[Figures]) -> Figures:
    return {name: median(run[name] for run in runs) for name in runs[0]}


def address(product: Product, source: str) -> str:
    return f"{product.url}/desks/{product.desk}/sources/{source}/"


def book() -> str:
    """Paragraphs of sentences, always the same."""
    chance = random.Random(1)  # noqa: S311 - no secret
    paragraphs: list[str] = []
    length = 0
    while length < CODE_POINTS:
        sentences = (
            " ".join(chance.choices(WORDS, k=chance.randint(5, 25))).capitalize() + "."
            for _ in range(chance.randint(2, 8))
        )
        paragraphs.append(" ".join(sentences))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)[:CODE_POINTS]


def annotate(product: Product, source: str, length: int) -> None:
    """Spans of many lengths all over the text, most of which overlap others."""
    chance = random.Random(2)  # noqa: S311 - no secret
    client = product.client("editor_write")
    path = f"/api/v1/work/desks/{product.desk}/sources/{source}/annotations/batch"
    for _ in range(ANNOTATIONS // 1_000):
        drafts = []
        for _ in range(1_000):
            kind, label = chance.choice(LABELS)
            start = chance.randrange(length - 400)
            end = start + chance.randint(4, 400)
            spans = [{"start": start, "end": end}]
            drafts.append(
                {"id": str(uuid4()), "kind": kind, "label": label, "spans": spans, "fields": {}}
            )
        client.call("POST", path, {"annotations": drafts})


@contextmanager
def plain_page(text: str) -> Iterator[str]:
    """The address of a page with this text and nothing else."""
    body = f"{PLAIN}{text}</pre>".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def of_the_plain(browser: Browser, plain: str) -> Figures:
    with fresh(browser) as page:
        page.goto(plain)
        return {
            "plain readable": time_of(page, "readable"),
            "plain frame": slow_frame(page),
            "plain heap": heap_of(page),
        }


def of_the_book(
    browser: Browser, state: StorageState, product: Product, source: str, text: str
) -> Figures:
    with fresh(browser, state) as page:
        page.goto(address(product, source))
        found = {
            name: time_of(page, name) for name in ("readable", "interactive", "shown", "listed")
        }
        found["nodes"] = page.evaluate("observed.nodes()")
        found["heap"] = heap_of(page)
        found["frame"] = slow_frame(page)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(1_000)
        found["inspector"] = click_to_inspector(page)
        found["key"] = key_to_tag(page, text)
        found["news"] = news_to_tag(page, product, source, text)
    return found


def slow_frame(page: Page) -> float:
    """The 95th percentile of the frames' milliseconds while the text is scrolled."""
    page.wait_for_timeout(500)
    frames = page.evaluate("([count, step]) => observed.frames(count, step)", [FRAMES, STEP])
    return quantiles(frames, n=20)[-1]


def click_to_inspector(page: Page) -> float:
    page.evaluate("observed.afterClick()")
    page.locator("#list .item").first.click()
    return time_of(page, "inspector")


def key_to_tag(page: Page, text: str) -> float:
    """The first word is chosen by keys and tagged as the first label of the entities."""
    page.keyboard.press("Escape")
    page.locator("#text").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("e")
    page.locator("#palette input").wait_for()
    page.evaluate("words => observed.afterKey(words, '1')", text.split(maxsplit=1)[0])
    page.keyboard.press("1")
    return time_of(page, "key")


def news_to_tag(page: Page, product: Product, source: str, text: str) -> float:
    """Another editor tags words that the window shows."""
    page.keyboard.press("Control+z")  # each run begins with the same tags
    page.wait_for_timeout(1_000)
    start = text.index(" ", 40) + 1
    page.evaluate("words => observed.afterNews(words)", text[start : start + 37])
    span = {"start": start, "end": start + 37}
    client = product.client("editor2_write")
    work = f"/api/v1/work/desks/{product.desk}"
    label = {"kind": "quote", "label": "direct", "fields": {}}
    draft = {"id": str(uuid4()), "spans": [span], **label}
    made = client.call("POST", f"{work}/sources/{source}/annotations", draft)
    took = time_of(page, "news")
    version = {"If-Match": f'"v{made["version"]}"'}
    replace(client, headers={**client.headers, **version}).call(
        "DELETE", f"{work}/annotations/{made['id']}"
    )
    return took


def of_the_article(browser: Browser, state: StorageState, article: str) -> Figures:
    with fresh(browser, state) as page:
        first = weigh(page, article)
        found = {name: time_of(page, name) for name in ("interactive", "listed")}
        page.goto("about:blank")
        again = weigh(page, article)
        return {
            **found,
            **{f"{name} again": time_of(page, name) for name in found},
            "kilobytes": first.bytes / 1_000,
            "requests": first.requests,
            "kilobytes again": again.bytes / 1_000,
            "requests again": again.requests,
        }


def _show_book(found: Figures) -> None:
    def row(title: str, name: str, limit: str, unit: str = "ms", plain: str = "") -> list[str]:
        cells = [title, f"{found[name]:.0f} {unit}", limit]
        if not plain:
            return [*cells, "", ""]
        return [*cells, f"{found[plain]:.0f} {unit}", f"{found[name] / found[plain]:.1f} ×"]

    show(
        f"surface: {CODE_POINTS:,} code points with {ANNOTATIONS:,} annotations",
        ["", "here", "at most", "plain page", "ratio"],
        [
            row("text can be read", "readable", "1,000 ms", plain="plain readable"),
            row("tags in view shown", "shown", "1,500 ms"),
            row("takes keys", "interactive", ""),
            row("list there", "listed", ""),
            row("own tag painted after the key", "key", "50 ms"),
            row("other's tag after its event", "news", "50 ms"),
            row("click to inspector", "inspector", "50 ms"),
            row("frames while scrolling, 95 %", "frame", "50 ms", plain="plain frame"),
            row("DOM nodes in the text", "nodes", "3,000", ""),
            row("JavaScript heap", "heap", "80 MB", "MB", plain="plain heap"),
        ],
    )


def _show_article(found: Figures) -> None:
    show(
        "surface: the sample article",
        ["", "first visit", "at most", "again", "at most"],
        [
            [
                "takes keys", f"{found['interactive']:.0f} ms", "300 ms",
                f"{found['interactive again']:.0f} ms", "",
            ],
            ["list there", f"{found['listed']:.0f} ms", "", f"{found['listed again']:.0f} ms", ""],
            [
                "over the wire", f"{found['kilobytes']:.0f} kB", "120 kB",
                f"{found['kilobytes again']:.1f} kB", "20 kB",
            ],
            ["requests", f"{found['requests']:.0f}", "15", f"{found['requests again']:.0f}", ""],
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
