"""The annotate page with the book in each engine that is installed, driven as the tests drive it.

Chromium's own figures above come by Playwright; here all three are measured in the same way, so
that they can be compared. WebKit takes no script before the page's own: what is noted while the
page starts is not known there.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median, quantiles

from benchmarks.support.scratch import Product
from benchmarks.support.tables import show
from tests.browser.engines.driver import Cookie, Engine, Tab
from tests.browser.engines.installed import ENGINES, missing, start

RUNS = 3
FRAMES = 120
STEP = 200  # CSS pixels scrolled in a frame
OBSERVERS = Path(__file__).with_name("observers.js").read_text(encoding="utf-8")
ROWS = {
    "readable": ("text can be read", "1,000 ms"),
    "listed": ("list there", ""),
    "key": ("own tag painted after the key", "50 ms"),
    "inspector": ("click to inspector", "50 ms"),
    "caret": ("caret to the next word", "50 ms"),
    "frame": ("frames while scrolling, 95 %", "50 ms"),
    "plain": ("the same on a plain page", ""),
    "floor": ("a key that changes a word of a plain page", ""),
}
# The same way from a key to the frame after it, where nothing is done but to change a word.
FLOOR = """
() => {
  const word = document.body.appendChild(document.createElement("p"));
  word.style.cssText = "position: fixed; inset: 0 auto auto 0";
  window.floor = [];
  addEventListener("keydown", (event) => {
    word.textContent = String(event.timeStamp);
    requestAnimationFrame(() => setTimeout(() => floor.push(performance.now() - event.timeStamp)));
  });
}
"""
# Milliseconds from a key to the frame after it, by the page's own clock.
CARET = """
async () => {
  const before = performance.now();
  const key = { key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true };
  document.querySelector("#text").dispatchEvent(new KeyboardEvent("keydown", key));
  await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
  return performance.now() - before;
}
"""

Figures = dict[str, float]


def show_engines(product: Product, book: str, plain: str, text: str, cookies: list[dict]) -> None:
    """Measure and print; an engine that is missing is named instead."""
    jar = tuple(Cookie(each["name"], each["value"], product.url) for each in cookies)
    found: dict[str, Figures] = {}
    for name in ENGINES:
        if lacking := missing(name):
            print(f"{name} is not measured: it needs {lacking}")
            continue
        engine = start(name)
        try:
            runs = [of_the_book(engine, book, plain, text, jar) for _ in range(RUNS)]
        finally:
            engine.quit()
        found[name] = {each: median(run[each] for run in runs) for each in runs[0]}
    show(
        "surface: the same book in each engine",
        ["", *found, "at most"],
        [
            [title, *(_cell(figures.get(name)) for figures in found.values()), limit]
            for name, (title, limit) in ROWS.items()
        ],
    )


def _cell(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.0f} ms"


def of_the_book(
    engine: Engine, book: str, plain: str, text: str, jar: tuple[Cookie, ...]
) -> Figures:
    early = engine.name != "webkit"
    tab = engine.open(cookies=jar, preload=OBSERVERS if early else "")
    try:
        tab.goto(plain)
        _observe(tab, early)
        found = {"plain": slow_frame(tab), "floor": floor(tab)}
        tab.goto(book)
        tab.wait("() => !!document.querySelector('#list[aria-busy=false]')")
        found["readable"] = tab.evaluate(
            "() => performance.getEntriesByType('navigation')[0].domInteractive"
        )
        if early:
            found["listed"] = tab.wait("() => observed.times.listed")
        _observe(tab, early)
        found["frame"] = slow_frame(tab)
        tab.evaluate("() => scrollTo(0, 0)")
        found["inspector"] = click_to_inspector(tab)
        found["key"] = key_to_tag(tab, text)
        found["caret"] = median(tab.evaluate(CARET) for _ in range(9))
        tab.press("Control+z")  # each run begins with the same tags
        tab.wait("() => document.querySelector('#status').dataset.state === 'saved'")
    finally:
        tab.close()
    return found


def _observe(tab: Tab, early: bool) -> None:
    """Let the page note its times, where it does not do so from its start."""
    if not early:
        tab.evaluate(f"() => {{ {OBSERVERS} }}")


def slow_frame(tab: Tab) -> float:
    """The 95th percentile of the frames' milliseconds while the text is scrolled."""
    tab.evaluate("() => new Promise((then) => setTimeout(then, 500))")
    return quantiles(tab.evaluate(f"() => observed.frames({FRAMES}, {STEP})"), n=20)[-1]


def floor(tab: Tab) -> float:
    """Milliseconds from a key to the frame after it, on a page with the text and nothing else."""
    tab.evaluate("() => scrollTo(0, 0)")
    tab.evaluate(FLOOR)
    for _ in range(5):
        tab.press("1")
        tab.evaluate("() => new Promise((then) => setTimeout(then, 200))")
    return median(tab.evaluate("() => floor"))


def click_to_inspector(tab: Tab) -> float:
    tab.evaluate("() => new Promise((then) => setTimeout(then, 1000))")
    place = tab.evaluate("() => document.querySelector('#list .item').getBoundingClientRect()")
    tab.evaluate("() => observed.afterClick()")
    tab.click(place["left"] + 20, place["top"] + 20)
    return tab.wait("() => observed.times.inspector")


def key_to_tag(tab: Tab, text: str) -> float:
    """The first word is chosen by keys and tagged as the first label of the entities."""
    tab.press("Escape")
    tab.evaluate("() => document.querySelector('#text').focus()")
    tab.press("Control+Home")
    tab.press("e")
    tab.wait("() => !!document.activeElement?.matches('#palette input')")
    tab.evaluate("(words) => observed.afterKey(words, '1')", text.split(maxsplit=1)[0])
    tab.press("1")
    return tab.wait("() => observed.times.key")
