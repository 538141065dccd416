"""The page for tagging in any engine: what a person does there, and what is really painted."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tests.browser.engines.driver import Tab
from tests.browser.surface_page import BOXES, PAINTED

Colour = tuple[int, int, int]

READY = """
() => document.querySelector("#list")?.getAttribute("aria-busy") === "false"
  && document.querySelector("#status").textContent.includes("All saved")
"""
SHOWS = "([selector, words]) => document.querySelector(selector)?.innerText.includes(words)"
# The middle of the visible element that says these words, scrolled into view.
MIDDLE = """
async ([selector, words]) => {
  const seen = (each) => each.checkVisibility() && each.innerText.trim().startsWith(words);
  const element = [...document.querySelectorAll(selector)].find(seen);
  if (!element) return null;
  element.scrollIntoView({ block: "nearest", behavior: "instant" });
  await new Promise(requestAnimationFrame);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
"""
# Where words stand in the window as it is.
STANDING = """
(exact) => exact.map((words) => {
  const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const unit = node.data.indexOf(words);
    if (unit < 0) continue;
    const range = document.createRange();
    range.setStart(node, unit);
    range.setEnd(node, unit + words.length);
    return range.getClientRects()[0].toJSON();
  }
  throw new Error(`The text does not say “${words}”.`);
})
"""
# The colour that most pixels of each box have, in a screenshot.
COLOURS = """
async ([png, boxes]) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const scale = image.width / innerWidth;
  return boxes.map(({ left, top, right, bottom }) => {
    const [x, y] = [Math.ceil(left * scale), Math.ceil(top * scale)];
    const size = [Math.floor(right * scale) - x, Math.floor(bottom * scale) - y];
    const { data } = context.getImageData(x, y, ...size);
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const colour = data.slice(at, at + 3).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1])[0][0].split(",").map(Number);
  });
}
"""


# How many pixels of each box have very nearly this colour.
INKED = """
async ([png, boxes, ink]) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return boxes.map(({ left, top, right, bottom }) => {
    const { data } = context.getImageData(left, top, right - left, bottom - top);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (ink.every((part, place) => Math.abs(data[at + place] - part) < 8)) count++;
    }
    return count;
  });
}
"""


class EngineSurface:
    def __init__(self, tab: Tab, site: str) -> None:
        self.tab = tab
        self.site = site

    def open(self, desk: str, source: UUID, fragment: str = "") -> EngineSurface:
        self.tab.goto(f"{self.site}/desks/{desk}/sources/{source}/{fragment}")
        self.tab.wait(READY)
        return self

    def boxes(self, exact: str, nth: int = 0) -> dict[str, Any]:
        return self.tab.evaluate(BOXES, [exact, nth])

    def drag_over(self, exact: str, nth: int = 0) -> None:
        """Select these words with the mouse, a little inside their edges."""
        place = self.boxes(exact, nth)
        first, last = place["first"], place["last"]
        self.tab.move(first["left"] + 2, (first["top"] + first["bottom"]) / 2)
        self.tab.down()
        self.tab.move(last["right"] - 2, (last["top"] + last["bottom"]) / 2, steps=4)
        self.tab.up()
        self.tab.wait("() => document.querySelector('#palette').checkVisibility()")

    def click_on(self, exact: str, nth: int = 0) -> None:
        box = self.boxes(exact, nth)["first"]
        self.tab.click((box["left"] + box["right"]) / 2, (box["top"] + box["bottom"]) / 2)

    def press_button(self, words: str, within: str = "") -> None:
        """Click the button or option that begins with these words."""
        selector = f"{within} button, {within} [role=option]"
        place = self.tab.wait(MIDDLE, [selector, words])
        self.tab.click(place["x"], place["y"])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.press(key)

    def shows(self, selector: str, words: str) -> None:
        """Wait until the element says so."""
        self.tab.wait(SHOWS, [selector, words])

    def wait_until_saved(self) -> None:
        self.tab.wait("() => document.querySelector('#status').dataset.state === 'saved'")

    def highlighted(self) -> dict[str, list[str]]:
        """The words under each highlight that has any."""
        return self.tab.evaluate(PAINTED)

    def expect_highlighted(self, name: str, *exact: str) -> None:
        same = f"([name, exact]) => JSON.stringify(({PAINTED})()[name]) === JSON.stringify(exact)"
        self.tab.wait(same, [name, list(exact)])

    def colours(self, boxes: Sequence[dict[str, float]]) -> list[Colour]:
        """What most of each box is painted with, in what the window shows now."""
        picture = base64.b64encode(self.tab.screenshot()).decode()
        return [tuple(each) for each in self.tab.evaluate(COLOURS, [picture, list(boxes)])]

    def washes(self, *exact: str) -> list[Colour]:
        """The colour behind each of these words, which must stand in one window."""
        self.boxes(exact[0])
        return self.colours(self.tab.evaluate(STANDING, list(exact)))

    def underlined(self, inks: Mapping[str, Colour], plain: str) -> dict[str, list[int]]:
        """For each of these words how many pixels below it, and below the plain one, have its ink.

        They must stand in one window.
        """
        self.boxes(plain)
        boxes = self.tab.evaluate(STANDING, [*inks, plain])
        below = [{**box, "top": box["bottom"] - 6, "bottom": box["bottom"] + 10} for box in boxes]
        picture = base64.b64encode(self.tab.screenshot()).decode()
        return {
            words: self.tab.evaluate(INKED, [picture, [box, below[-1]], list(ink)])
            for (words, ink), box in zip(inks.items(), below, strict=False)
        }
