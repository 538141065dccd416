"""Keys on every page: the same ones, on any keyboard and from any text box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Desk, Kind, Role, State
from tests import factories
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.browser.test_pages import make_busy_desk, pages_of

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., SurfacePage]
SignIn = Callable[..., Page]
# A key of a keyboard that this machine does not have.
PRESS = """
([key, code, about]) => {
  const init = { key, code, bubbles: true, cancelable: true, ...about };
  return !document.activeElement.dispatchEvent(new KeyboardEvent("keydown", init));
}
"""
# Which text boxes of the page Escape does not leave, and from which Ctrl+Enter sends nothing.
BOXES = """
() => {
  const others = ["checkbox", "radio", "hidden", "file", "button", "submit", "range", "color"];
  const boxes = [...document.querySelectorAll("input, textarea")]
    .filter((box) => box.checkVisibility() && !box.disabled && !others.includes(box.type));
  const stuck = [];
  let sent = 0;
  const stop = (event) => (sent++, event.preventDefault());
  addEventListener("submit", stop, true);
  const press = (box, key, about = {}) => box.dispatchEvent(
    new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true, ...about }));
  for (const box of boxes) {
    const before = sent;
    box.required = false;
    for (const each of box.form?.elements ?? []) each.required = false;
    box.focus();
    press(box, "Enter", { ctrlKey: true, isComposing: true });
    if (sent !== before) stuck.push(`${box.name}: sent while composing`);
    press(box, "Enter", { ctrlKey: true });
    if (sent !== before + 1) stuck.push(`${box.name}: not sent`);
    box.focus();
    press(box, "Escape", { keyCode: 229 });
    if (document.activeElement !== box) stuck.push(`${box.name}: left while composing`);
    press(box, "Escape");
    if (document.activeElement === box) stuck.push(`${box.name}: not left`);
  }
  removeEventListener("submit", stop, true);
  return [boxes.length, stuck];
}
"""


@pytest.fixture
def surface(open_surface: Open) -> SurfacePage:
    source = factories.make_source(factories.make_desk(), text="Baku said no.\n\nAnkara said yes.")
    return open_surface(factories.member(source.desk, Role.EDITOR), source)


def press(page: Page, key: str, code: str, **about: Any) -> bool:
    """Whether the page did something with it."""
    return page.evaluate(PRESS, [key, code, about])


def test_a_text_box_is_sent_and_left_by_the_same_keys_on_every_page(sign_in: SignIn) -> None:
    desk = make_busy_desk()
    page = sign_in(factories.member(desk, Role.MANAGER))
    addresses = [*pages_of(desk), reverse("webhooks", args=[desk.slug])]
    count = 0

    for address in addresses:
        page.goto(address)
        found, stuck = page.evaluate(BOXES)
        count += found
        assert stuck == [], address

    assert count > 10


@pytest.mark.parametrize(
    ("letter", "code", "kind"),
    [
        ("с", "KeyC", "claim"), ("у", "KeyE", "entity"), ("/", "KeyQ", "quote"),
        ("ב", "KeyC", "claim"), ("ث", "KeyE", "entity"), (";", "KeyQ", "quote"),
        ("φ", "KeyF", "flag"), ("E", "KeyE", "entity"), ("С", "KeyC", "claim"),
        ("e", "KeyD", "entity"), ("q", "KeyA", "quote"), ("c", "KeyI", "claim"),
    ],
)  # fmt: skip
def test_a_passage_is_tagged_on_any_keyboard(
    surface: SurfacePage, letter: str, code: str, kind: str
) -> None:
    surface.text.focus()
    surface.press("ArrowRight")

    assert press(surface.page, letter, code)

    expect(surface.page.locator(f"#palette .palette-labels.{kind}")).to_be_visible()


def test_an_input_method_tags_nothing(surface: SurfacePage) -> None:
    surface.text.focus()
    surface.press("ArrowRight")

    assert not press(surface.page, "c", "KeyC", isComposing=True)
    assert not press(surface.page, "Process", "KeyE", keyCode=229)
    assert not press(surface.page, "ArrowRight", "ArrowRight", isComposing=True)

    expect(surface.page.locator("#palette")).to_be_hidden()


def test_undo_and_saving_go_by_the_place_of_the_key_on_other_keyboards(
    surface: SurfacePage,
) -> None:
    surface.tag("Baku", "e", "place")
    surface.wait_until_saved()
    surface.text.focus()

    assert press(surface.page, "я", "KeyZ", ctrlKey=True)

    expect(surface.items).to_have_count(0)


def test_the_note_of_a_decision_is_sent_as_it_was_begun(sign_in: SignIn) -> None:
    desk = make_busy_desk()
    page = sign_in(factories.member(desk, Role.REVIEWER))
    for key, state in (("x", State.REJECTED), (None, State.RETURNED)):
        item = Annotation.objects.filter(head__state=State.SUBMITTED).order_by("id")[0]
        page.goto(reverse("review_item", args=[desk.slug, item.id]))
        if key:
            page.keyboard.press(key)
        else:
            page.locator("#id_note").focus()
        page.keyboard.type("Not so.")

        with page.expect_navigation():
            page.keyboard.press("Control+Enter")

        assert Annotation.objects.get(id=item.id).head.state == state


def test_lists_are_gone_through_by_keys(sign_in: SignIn) -> None:
    desk = factories.make_desk()
    source = factories.make_source(desk, text="Baku said no. Baku said yes.")
    for start in (0, 14):
        factories.submitted(
            factories.make_annotation(source, kind=Kind.ENTITY, spans=[(start, start + 4)])
        )
    page = sign_in(factories.member(desk, Role.REVIEWER))
    page.goto(reverse("review", args=[desk.slug]))
    lines = page.locator(".line-words a")

    for key, nth in (("j", 0), ("n", 1), ("n", 1), ("k", 0), ("N", 0)):
        page.keyboard.press(key)
        expect(lines.nth(nth)).to_be_focused()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_page_lists_its_keys(sign_in: SignIn, theme: str, width: int, tmp_path: Any) -> None:
    desk = make_busy_desk()
    Desk.objects.filter(id=desk.id).update(is_public=True)
    source = desk.sources.get()
    options: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    page = sign_in(factories.member(desk, Role.REVIEWER), **options)
    waiting = Annotation.objects.filter(head__state=State.SUBMITTED)[0]
    pages = {
        reverse("sources", args=[desk.slug]): "next match",
        reverse("review_item", args=[desk.slug, waiting.id]): "approve",
        reverse("suggestions", args=[desk.slug]): "accept the focused one",
        reverse("annotate", args=[desk.slug, source.id]): "tag all",
        reverse("read", args=[desk.slug]): "next match",
    }

    for address, sentence in pages.items():
        page.goto(address)
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_contain_text(sentence)
        expect(dialog).to_contain_text("save or send")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_single_keys_are_switched_off_for_all_pages(sign_in: SignIn) -> None:
    desk = make_busy_desk()
    page = sign_in(factories.member(desk, Role.REVIEWER))
    page.goto(reverse("sources", args=[desk.slug]))
    page.keyboard.press("?")
    page.get_by_label("Use single letters").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    page.keyboard.press("n")

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    page.locator(".footer").get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
