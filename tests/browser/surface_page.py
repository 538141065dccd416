"""The annotate page in words of what a person does there."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

# Where a piece of the text stands in the window, after scrolling it into view.
BOXES = """
async ([wanted, nth]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const piecesOfText = "#text .block:not(.long), #text .long > span";
  for (const { firstChild: node } of document.querySelectorAll(piecesOfText)) {
    let unit = node.data.indexOf(wanted);
    while (unit >= 0 && nth-- > 0) unit = node.data.indexOf(wanted, unit + 1);
    if (unit < 0) continue;
    const range = document.createRange();
    range.setStart(node, unit);
    range.setEnd(node, unit + wanted.length);
    // What comes into sight is laid out anew.
    for (let top = NaN; top !== range.getBoundingClientRect().top; ) {
      scrollBy({ top: range.getBoundingClientRect().top - innerHeight / 3, behavior: "instant" });
      top = range.getBoundingClientRect().top;
      await frame();
      await frame();
    }
    const boxes = [...range.getClientRects()].map((box) => box.toJSON());
    const line = node.data.slice(node.data.lastIndexOf("\\n", unit) + 1);
    const rtl = /^\\P{L}*[\\p{Script=Arabic}\\p{Script=Hebrew}]/u.test(line);
    return { first: boxes[0], last: boxes[boxes.length - 1], rtl };
  }
  throw new Error(`The text does not say “${wanted}”.`);
}
"""
# The words under each highlight of the CSS Custom Highlight API.
PAINTED = """
() => {
  const words = ({ startContainer, startOffset, endOffset }) =>
    startContainer.data.slice(startOffset, endOffset);
  const painted = [...CSS.highlights].map(([name, ranges]) => [name, [...ranges].map(words)]);
  return Object.fromEntries(painted.filter(([, found]) => found.length > 0));
}
"""


class SurfacePage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, desk: str, source: UUID, fragment: str = "") -> SurfacePage:
        self.page.goto(f"/desks/{desk}/sources/{source}/{fragment}")
        expect(self.status).to_contain_text("All saved")
        expect(self.page.locator("#list")).to_have_attribute("aria-busy", "false")
        return self

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    @property
    def inspector(self) -> Locator:
        return self.page.locator("#inspector")

    @property
    def items(self) -> Locator:
        return self.page.locator("#list .item")

    @property
    def toast(self) -> Locator:
        return self.page.locator("#toasts")

    @property
    def text(self) -> Locator:
        return self.page.locator("#text")

    def boxes(self, exact: str, nth: int = 0) -> dict[str, Any]:
        return self.page.evaluate(BOXES, [exact, nth])

    def drag_over(self, exact: str, nth: int = 0, inset: float = 0.5) -> None:
        """Select these words with the mouse, a little inside their edges."""
        place = self.boxes(exact, nth)
        first, last = place["first"], place["last"]
        start, end = first["left"] + inset, last["right"] - inset
        if place["rtl"]:
            start, end = first["right"] - inset, last["left"] + inset
        mouse = self.page.mouse
        mouse.move(start, (first["top"] + first["bottom"]) / 2)
        mouse.down()
        mouse.move(end, (last["top"] + last["bottom"]) / 2, steps=4)
        mouse.up()
        expect(self.page.locator("#palette")).to_be_visible()

    def click_on(self, exact: str, nth: int = 0) -> None:
        """Click in the middle of these words."""
        box = self.boxes(exact, nth)["first"]
        self.page.mouse.click((box["left"] + box["right"]) / 2, (box["top"] + box["bottom"]) / 2)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tag(self, exact: str, kind_key: str, label: str, nth: int = 0) -> None:
        """Select by mouse, then choose kind and label by keys."""
        self.drag_over(exact, nth)
        self.press(kind_key)
        self.page.locator("#palette input").fill(label)
        self.press("Enter")

    def fill(self, field: str, value: str) -> None:
        control = self.inspector.get_by_label(field)
        self.unfold(field)
        control.fill(value)

    def unfold(self, field: str) -> None:
        """Open the optional fields when this one is among them."""
        control = self.inspector.get_by_label(field)
        if not control.is_visible() and control.count() > 0:
            self.inspector.locator(".more-fields > summary").click()

    def save(self) -> None:
        self.inspector.get_by_role("button", name="Save").click()
        self.wait_until_saved()

    def wait_until_saved(self) -> None:
        """Until the server has everything that was sent to it; what is only typed may be there."""
        expect(self.status).to_have_attribute("data-state", re.compile("^(un)?saved$"))

    def painted(self) -> dict[str, list[str]]:
        """The words under each highlight that has any."""
        return self.page.evaluate(PAINTED)

    def expect_painted(self, layer: str, *exact: str) -> None:
        """Wait until just these words are under the highlight."""
        same = f"([layer, exact]) => JSON.stringify(({PAINTED})()[layer]) === JSON.stringify(exact)"
        self.page.wait_for_function(same, arg=[layer, list(exact)])
