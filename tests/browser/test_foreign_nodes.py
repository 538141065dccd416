"""Extensions and translations change the text's DOM: the words chosen are tagged, or none."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Desk, Role, Source
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("FOREIGN_NODES_ROUNDS", "12"))
CHANGE = (Path(__file__).parent / "foreign_nodes.js").read_text()
WORDS = (
    "Ankara „welcomed“ the talks. Baku said no 🎉🎉 on 9 May, the dell'ascensore said. "
    "Zu\u0308rich 𝔠ounted 👩‍👩‍👧 the votes; قال باكو لا. "
)
TEXT = "\n\n".join(f"{number}. {WORDS}{WORDS}" for number in range(1, 13)) + "\n"
LONG_LINE = "A very long line said Baku to the people of Ankara. " * 120
Open = Callable[..., SurfacePage]

# Keeps what the browser itself says is selected when the pointer is released.
LISTEN = """
() => {
  const keep = () => (window.chosen = getSelection().toString());
  document.addEventListener("pointerup", keep, true);
}
"""
# A place of the window within the text, found without looking at the text's nodes.
SPOT = """
([x, y]) => {
  const { left, right, top, bottom } = document.querySelector("#text").getBoundingClientRect();
  const [low, high] = [Math.max(top, 60), Math.min(bottom, innerHeight - 60)];
  return [left + 4 + (right - left - 8) * x, low + (high - low) * y];
}
"""
# A selection as native handles make it: by any text nodes of the page.
TOUCH = """
([from, length]) => {
  const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (walker.currentNode.data) nodes.push(walker.currentNode);
  const first = Math.floor(from * nodes.length);
  const last = Math.min(nodes.length - 1, first + length);
  const [start, end] = [nodes[first].data.length >> 1, (nodes[last].data.length >> 1) + 1];
  nodes[first].parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  getSelection().setBaseAndExtent(nodes[first], start, nodes[last], end);
  window.chosen = getSelection().toString();
}
"""
PASSAGE = """
() => [...(CSS.highlights.get("passage") ?? [])]
  .sort((a, b) => a.startContainer.compareDocumentPosition(b.startContainer) & 4 ? -1 : 1)
  .map(({ startContainer, startOffset, endContainer, endOffset }) => {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    return range.toString();
  }).join("")
"""


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT + LONG_LINE)


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.page.evaluate(LISTEN)
    return surface


def change(surface: SurfacePage, seed: int, *, harm: bool) -> list[str]:
    return surface.page.evaluate(CHANGE, {"seed": seed, "harm": harm})


def by_mouse(surface: SurfacePage, numbers: random.Random) -> str:
    """Drag with Alt, which takes what is selected without whole words."""
    page = surface.page
    start, end = ((numbers.random(), numbers.random()) for _ in range(2))
    page.keyboard.down("Alt")
    page.mouse.move(*page.evaluate(SPOT, start))
    page.mouse.down()
    page.mouse.move(*page.evaluate(SPOT, end), steps=3)
    page.mouse.up()
    page.keyboard.up("Alt")
    page.wait_for_timeout(60)
    return page.evaluate("window.chosen")


def by_touch(surface: SurfacePage, numbers: random.Random) -> str:
    surface.page.evaluate(TOUCH, [numbers.random(), numbers.randrange(3)])
    surface.page.wait_for_timeout(500)  # taken once it rests
    return surface.page.evaluate("window.chosen")


def by_keys(surface: SurfacePage, numbers: random.Random) -> str:
    surface.text.focus()
    steps = [
        "ArrowRight",
        "ArrowDown",
        "Control+ArrowRight",
        "Control+ArrowDown",
        "End",
        "PageDown",
    ]
    surface.press(*numbers.choices(steps, k=6), "ArrowRight")
    surface.press(*["Shift+ArrowRight"] * numbers.randrange(4))
    return ""


def by_find(surface: SurfacePage, numbers: random.Random) -> str:
    """To a match of the page's own find, then on by the caret."""
    surface.press("/")
    word = numbers.choice(["Baku", "votes", "people", "ascensore", "قال"])
    surface.page.locator("#find-words").fill(word)
    surface.press(*["Enter"] * numbers.randrange(5), "Escape", "ArrowRight", "ArrowLeft")
    return ""


def by_minimap(surface: SurfacePage, numbers: random.Random) -> str:
    """Elsewhere by the minimap, then by mouse."""
    box = surface.page.locator("#minimap").bounding_box()
    assert box
    surface.page.mouse.click(box["x"] + 4, min(box["y"] + numbers.random() * box["height"], 880))
    return by_mouse(surface, numbers)


WAYS = [by_mouse, by_touch, by_keys, by_find, by_minimap]


def bare(words: str) -> str:
    """Without white space, which browsers add between blocks when they say what is selected."""
    return "".join(words.split())


def tag(surface: SurfacePage) -> dict[str, Any] | None:
    """Tag the passage as an entity; what was stored, or None when that was refused."""
    before = set(Annotation.objects.values_list("id", flat=True))
    surface.press("e")
    surface.page.keyboard.type("other")
    surface.press("Enter")
    surface.wait_until_saved()
    added = Annotation.objects.exclude(id__in=before).first()
    surface.press("Escape", "Escape")
    return work_document(added) if added else None


@pytest.mark.parametrize("way", WAYS)
def test_the_words_chosen_are_tagged_or_none(
    surface: SurfacePage, source: Source, way: Callable[[SurfacePage, random.Random], str]
) -> None:
    text = source.revisions.get().text
    numbers = random.Random(way.__name__)  # noqa: S311 - no secret
    outcomes = []

    for _ in range(ROUNDS):
        seed = numbers.randrange(1_000_000)
        done = change(surface, seed, harm=numbers.random() < 0.5)
        chosen = way(surface, numbers)
        passage = surface.page.evaluate(PASSAGE)
        stored = tag(surface) if passage.strip() else None
        surface.press("Escape", "Escape", "Escape")
        outcomes.append(stored is not None)
        if stored is None:
            continue
        (span,) = stored["spans"]
        about = (seed, done, chosen, passage, span)
        assert text[span["start"] : span["end"]] == span["exact"] == passage, about
        assert bare(chosen) in bare(passage), about
        assert way not in (by_mouse, by_minimap) or bare(chosen) == bare(passage), about

    assert sum(outcomes) > ROUNDS / 4  # the page mends itself, though not three times at once


def test_harmless_elements_stay_and_words_in_them_are_tagged(
    surface: SurfacePage, source: Source
) -> None:
    surface.page.evaluate(
        """() => {
          for (const block of document.querySelectorAll("#text .block:not(.long)")) {
            const words = block.textContent.split(/(?<= )/);
            block.replaceChildren(...words.map((word) => {
              const read = document.createElement("x-read");
              read.append(word);
              return read;
            }));
          }
        }"""
    )
    read = surface.page.locator("#text x-read").count()
    word = surface.page.locator("#text x-read", has_text="Baku").first

    word.dblclick()
    stored = tag(surface)

    assert stored
    assert [span["exact"] for span in stored["spans"]] == ["Baku"]
    assert surface.page.locator("#text x-read").count() == read
    surface.expect_painted("entity-0", "Baku")


def test_a_tag_is_painted_again_on_the_nodes_that_a_block_gets(
    surface: SurfacePage, source: Source
) -> None:
    surface.tag("welcomed", "e", "other")
    surface.press("Escape", "Escape")

    surface.page.evaluate(
        """() => {
          const block = document.querySelector("#text .block");
          block.firstChild.splitText(12);
          block.append("");
        }"""
    )

    assert surface.page.evaluate(PASSAGE.replace("passage", "entity-0")) == "welcomed"


def test_words_that_another_program_keeps_changing_are_refused_and_the_page_says_so(
    surface: SurfacePage,
) -> None:
    surface.page.evaluate(
        """() => {
          const block = document.querySelector("#text .block");
          const translate = () => {
            const { textContent: words } = block;
            if (!words.startsWith("Ersatz")) block.textContent = `Ersatz ${words}`;
          };
          window.translator = new MutationObserver(translate);
          window.translator.observe(block, { childList: true, characterData: true, subtree: true });
          translate();
        }"""
    )
    notice = surface.page.locator("#altered")
    expect(notice).to_be_visible()
    expect(surface.page.locator("#text .block").first).to_contain_text("Ersatz")

    surface.page.get_by_text("Ersatz").first.dblclick(position={"x": 20, "y": 10})

    expect(surface.toast).to_contain_text("does not show the words of the source")
    assert surface.page.evaluate(PASSAGE) == ""
    surface.text.focus()
    surface.press("Control+Home", "ArrowRight", "e")
    surface.page.keyboard.type("other")
    surface.press("Enter")
    surface.wait_until_saved()
    assert not Annotation.objects.exists()

    surface.page.evaluate("window.translator.disconnect()")
    expect(notice).to_be_hidden(timeout=15_000)
    expect(surface.page.locator("#text .block").first).not_to_contain_text("Ersatz")


def test_a_page_whose_text_was_changed_before_it_was_read_refuses_every_passage(
    sign_in: Callable[..., Any], desk: Desk, source: Source
) -> None:
    page = sign_in(member(desk, Role.EDITOR))
    page.route(
        "**/sources/*/",
        lambda route: _answer(route, lambda html: html.replace("Baku said no", "Kuba said no", 1)),
    )
    surface = SurfacePage(page).open(desk.slug, source.id)

    expect(page.locator("#altered")).to_be_visible()
    surface.page.locator("#text .block").first.dblclick(position={"x": 60, "y": 10})

    expect(surface.toast).to_contain_text("does not show the words of the source")


def test_browsers_are_told_not_to_translate_the_text(surface: SurfacePage) -> None:
    assert surface.text.evaluate("text => text.translate") is False


def _answer(route: Any, changed: Callable[[str], str]) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=changed(response.text()))
