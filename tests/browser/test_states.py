"""The annotate page in each of its states, light and dark, wide and narrow: one walk for each look.

In every state axe finds nothing, nothing is wider than the window, what has the focus shows it,
and the narrow screen shows whether all is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from annotations.models import Annotation, Kind, Role, Source, User
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.annotations import edit_annotation
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS, axe_finds_nothing, tagged_article
from tests.factories import add_member, make_annotation, make_comment, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
REFUSAL = "This may not be said of a claim."
# What has the focus and does not show it; the text shows its caret instead of an outline.
UNSEEN_FOCUS = """
() => {
  const focused = document.activeElement;
  if (!focused || focused.tabIndex < 0 || ["BODY", "DIALOG"].includes(focused.tagName)) return null;
  if (focused.id === "text") return null;
  const drawn = ({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none";
  const places = [focused, focused.nextElementSibling].filter(Boolean);
  const shown = places.some((place) => drawn(getComputedStyle(place)));
  return shown || !focused.matches(":focus-visible") ? null : focused.outerHTML.slice(0, 200);
}
"""
# What floats over the page and is cut off by the edge of the window.
CUT_OFF = """
() => [...document.querySelectorAll(".options, .palette, .display, .toast, dialog")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.className, each.getBoundingClientRect()])
  .filter(([, { left, right }]) => left < 0 || right > innerWidth)
  .map(([name]) => name)
"""


class Walk:
    """One browser that goes from state to state."""

    def __init__(self, surface: SurfacePage, source: Source, pictures: Path, look: str) -> None:
        self.surface = surface
        self.page: Page = surface.page
        self.source = source
        self.pictures = pictures
        self.look = look

    @property
    def width(self) -> int:
        assert self.page.viewport_size
        return self.page.viewport_size["width"]

    def is_fit_to_be_seen(self, state: str) -> None:
        self.page.screenshot(path=self.pictures / f"state-{state}-{self.look}.png")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, (state, wide)
        assert self.page.evaluate(CUT_OFF) == [], state
        assert self.page.evaluate(UNSEEN_FOCUS) is None, state
        axe_finds_nothing(self.page)
        if self.width < 400 and self.page.locator("dialog[open]").count() == 0:
            assert shows(self.surface.status), state

    def of_a_text_without_tags(self) -> None:
        self.open_sheet()
        expect(self.page.locator("#first-steps")).to_be_visible()
        self.is_fit_to_be_seen("empty")

    def of_choosing(self) -> None:
        self.surface.open(self.source.desk.slug, self.source.id)
        self.is_fit_to_be_seen("at-rest")
        self.surface.drag_over("Ankara took a strong stance")
        self.is_fit_to_be_seen("kinds")
        self.surface.press("c")
        self.is_fit_to_be_seen("labels")
        self.surface.press("1")
        expect(self.surface.inspector).to_contain_text("New claim")
        self.surface.inspector.get_by_role("button", name="Save").click()
        expect(self.surface.inspector.locator(".field-error:visible")).to_have_count(1)
        self.is_fit_to_be_seen("required")
        self.surface.inspector.get_by_role("button", name="Discard").click()

    def of_a_split_annotation(self, claim: Annotation) -> None:
        self.surface.open(self.source.desk.slug, self.source.id, f"#a={claim.id}")
        expect(self.surface.inspector.locator(".tagged-words li")).to_have_count(2)
        self.is_fit_to_be_seen("split")
        self.surface.inspector.get_by_label("Relation", exact=True).select_option("contradicts")
        box = self.surface.inspector.get_by_label("Other annotation")
        box.fill("a")
        box.focus()
        expect(self.page.locator(".options:popover-open [role=option]").first).to_be_visible()
        self.is_fit_to_be_seen("relations")
        self.surface.press("Escape")
        box.fill("")

    def of_talk(self) -> None:
        talk = self.surface.inspector.get_by_role("region", name="Comments")
        talk.get_by_role("button", name="Comment").click()
        self.page.keyboard.type("Is that so, @re")
        expect(self.page.locator(".options:popover-open [role=option]").first).to_be_visible()
        self.is_fit_to_be_seen("comments")
        self.surface.press("Escape")
        talk.get_by_role("button", name="Cancel").click()
        self.surface.text.focus()
        self.surface.press("Escape")

    def of_finding(self) -> None:
        self.surface.press("/")
        self.page.keyboard.type("azerbaijan")
        expect(self.page.locator("#find output")).to_contain_text(" of ")
        self.is_fit_to_be_seen("find")
        self.surface.press("Escape")
        self.open_sheet()
        self.page.get_by_text("Filter", exact=True).click()
        self.page.get_by_label("State", exact=True).select_option(index=1)
        expect(self.page.locator("#show-all")).to_be_visible()
        self.is_fit_to_be_seen("filters")
        self.page.locator("#show-all").click()
        self.close_sheet()

    def open_sheet(self) -> None:
        self._sheet("true")

    def close_sheet(self) -> None:
        self._sheet("false")

    def _sheet(self, is_open: str) -> None:
        toggle = self.page.locator("#sheet")
        if toggle.is_visible() and toggle.get_attribute("aria-expanded") != is_open:
            toggle.click()

    def of_tag_all(self) -> None:
        self.surface.click_on("Azerbaijan")
        self.surface.press("w")
        expect(self.page.locator("#tagall").get_by_role("checkbox").first).to_be_focused()
        self.is_fit_to_be_seen("tag-all")
        self.surface.press("Escape", "Escape")

    def of_help(self) -> None:
        self.page.evaluate("scrollTo(0, 0)")
        self.surface.text.focus()
        self.surface.press("?")
        expect(self.page.get_by_role("dialog", name="Keys")).to_be_visible()
        self.is_fit_to_be_seen("keys")
        self.surface.press("Escape")
        self.page.get_by_role("button", name="Display").focus()
        self.surface.press("Enter", "Tab")
        expect(self.page.locator("#display")).to_be_visible()
        self.is_fit_to_be_seen("display")
        self.surface.press("Escape")

    def of_a_conflict(self, claim: Annotation, second: User) -> None:
        self.surface.open(self.source.desk.slug, self.source.id, f"#a={claim.id}")
        self.page.context.set_offline(True)
        self.surface.fill("Claimant", "Mine, a name long enough to need more than one line")
        self.surface.press("Control+Enter")
        expect(self.surface.status).to_contain_text("Offline: 1 waiting")
        self.is_fit_to_be_seen("offline")
        fields = {**work_document(claim)["fields"], "claimant": "Theirs"}
        edit_annotation(annotation=claim, by=second, expected_version=1, fields=fields)
        self.page.context.set_offline(False)
        dialog = self.page.get_by_role("dialog", name="Second changed this meanwhile")
        expect(dialog).to_be_visible()
        self.is_fit_to_be_seen("conflict")
        self.surface.press("Escape")
        button = self.page.get_by_role("button", name="1 could not be saved")
        expect(button).to_be_visible()
        self.is_fit_to_be_seen("put-off")
        button.click()
        self.is_fit_to_be_seen("failures")
        self.page.get_by_role("button", name="Compare").click()
        dialog.get_by_role("button", name="Keep theirs").click()
        self.surface.wait_until_saved()

    def of_a_refusal(self) -> None:
        self.page.route("**/annotations/*", refuse)
        self.surface.fill("Claimant", "Whoever")
        self.surface.press("Control+Enter")
        expect(self.surface.inspector.locator(".form-error")).to_be_visible()
        self.is_fit_to_be_seen("refused")
        self.page.unroute("**/annotations/*")

    def of_paper(self) -> None:
        self.page.emulate_media(media="print")
        self.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(self.page.locator(".print-notes li").first).to_be_visible()
        self.page.screenshot(path=self.pictures / f"state-print-{self.look}.png")
        axe_finds_nothing(self.page)


def refuse(route: Route) -> None:
    """As the server does when it is asked for what may not be done."""
    problem = {"type": "about:blank", "title": "Refused", "status": 422, "detail": REFUSAL}
    if route.request.method == "PATCH":
        route.fulfill(status=422, content_type="application/problem+json", json=problem)
    else:
        route.continue_()


def shows(element: Locator) -> bool:
    """Whether somebody sees it: no other element lies over its middle."""
    return element.evaluate(
        """(element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return over !== null && (element.contains(over) || over.contains(element));
        }"""
    )


def split_claim(source: Source) -> Annotation:
    """In two parts, with a relation and some talk."""
    text = source.revisions.get().text
    first, second = text.index("Ankara"), text.index("Azerbaijan", 400)
    claim = make_annotation(
        source,
        kind=Kind.CLAIM,
        spans=[(first, first + 6), (second, second + 10)],
        fields={"normalized": "Two parts make one claim."},
    )
    thread = make_comment(claim, "Is this the whole claim?")
    make_comment(claim, "It is.", by=member(source.desk, Role.REVIEWER), thread=thread)
    return claim


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_state_is_fit_to_be_seen(
    open_surface: Callable[..., SurfacePage], pytestconfig: pytest.Config, theme: str, width: int
) -> None:
    source = tagged_article()
    make_annotation(source, spans=[(7, 17)])  # the first “Azerbaijan”
    claim = split_claim(source)
    second = add_member(source.desk, Role.EDITOR, "Second")
    empty = make_source(source.desk, title="Nothing is tagged here")
    options: dict[str, Any] = {
        "color_scheme": theme,
        "viewport": {"width": width, "height": 900 if width > 400 else 844},
        "reduced_motion": "reduce",
    }
    surface = open_surface(member(source.desk, Role.EDITOR), empty, **options)
    pictures = Path(pytestconfig.getoption("output"))
    walk = Walk(surface, source, pictures, f"{theme}-{width}")

    walk.of_a_text_without_tags()
    walk.of_choosing()
    walk.of_a_split_annotation(claim)
    walk.of_talk()
    walk.of_finding()
    walk.of_tag_all()
    walk.of_help()
    walk.of_a_conflict(claim, second)
    walk.of_a_refusal()
    walk.of_paper()
