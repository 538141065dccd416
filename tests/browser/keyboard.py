"""An editor who has no mouse: everything here is keys, chosen by what the page shows."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.surface_page import SurfacePage

# The passage as it is painted, in code points of the text; null while there is none.
PASSAGE = """
() => {
  const ranges = [...(CSS.highlights.get("passage") ?? [])];
  const at = (node, offset) => {
    const before = document.createRange();
    before.setStart(document.querySelector("#text"), 0);
    before.setEnd(node, offset);
    return [...before.toString()].length;
  };
  const starts = ranges.map((range) => at(range.startContainer, range.startOffset));
  const ends = ranges.map((range) => at(range.endContainer, range.endOffset));
  return ranges.length ? [Math.min(...starts), Math.max(...ends)] : null;
}
"""
FOCUSED = "() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.ariaLabel"
# Whether the focus is on what unfolds a field of this name.
FOLDS = """
(title) => document.activeElement.matches(".more-fields:not([open]) > summary")
  && document.activeElement.innerText.includes(title)
"""
MOST_STEPS = 400


class Keyboard:
    """Tags passages of the open annotate page; `pressed` counts the keys."""

    def __init__(self, surface: SurfacePage, text: str) -> None:
        self.surface = surface
        self.page: Page = surface.page
        self.text = text
        self.pressed = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.pressed += times

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.pressed += len(words)

    def select(self, start: int, end: int) -> None:
        """Make `[start, end)` the passage, from wherever the caret is."""
        self._stand_at(start)
        for keys in ("Control+Shift+Arrow", "Shift+Arrow"):
            while (reached := self._end(f"{keys}Right")) < end:
                pass
            if reached == end:
                break
            self._end(f"{keys}Left")
        while (reached := self._end("Alt+Shift+ArrowRight")) < end:
            pass
        while reached > end:
            reached = self._end("Alt+Shift+ArrowLeft")
        assert self.passage() == (start, end)

    def passage(self) -> tuple[int, int] | None:
        found = self.page.evaluate(PASSAGE)
        return tuple(found) if found else None

    def tag(self, kind: str, label: str) -> None:
        """Kind by its letter, label by the letters that filter the list."""
        self.press(kind[0])
        self.type(label)
        self.press("Enter")

    def fill(self, fields: dict[str, str]) -> None:
        """Go through the form by Tab and write what belongs into the fields, then save."""
        if self.page.evaluate("document.activeElement.id") == "text":
            self.press("i")
        for title, value in fields.items():
            self.tab_to(title)
            self.type(value)
        self.press("Control+Enter")
        expect(self.surface.text).to_be_focused()

    def tab_to(self, title: str) -> None:
        for _ in range(MOST_STEPS):
            if (self.page.evaluate(FOCUSED) or "").startswith(title):
                return
            if self.page.evaluate(FOLDS, title):
                self.press("Enter")
            self.press("Tab")
        raise AssertionError(f"Tab never reaches “{title}”.")

    def _stand_at(self, point: int) -> None:
        """The caret between two characters: by sentences, words, then characters."""
        self.press("ArrowLeft")
        here = self.passage()
        if here is None or here[0] > point:
            self.press("Control+Home")
        while self._end("Control+ArrowRight") <= point:
            pass
        start = self._start("Alt+ArrowLeft", "Shift+ArrowRight")
        while start < point:
            start = self._start("ArrowRight")
        self.press("Alt+ArrowLeft")  # to where the passage starts
        self.press("Alt+ArrowLeft", start - point)

    def _start(self, *keys: str) -> int:
        for key in keys:
            self.press(key)
        found = self.passage()
        assert found is not None
        return found[0]

    def _end(self, key: str) -> int:
        self.press(key)
        found = self.passage()
        return found[1] if found else -1
