"""The main flows in each engine that is supported, and that tags are really painted there."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.urls import reverse

from annotations.models import Annotation, Desk, Kind, Role, Source, User
from annotations.queries.annotations.work import work_document
from tests.browser.conftest import Programs, session_of
from tests.browser.engines.driver import Cookie, Engine, Tab
from tests.browser.engines.installed import ENGINES, missing, start
from tests.browser.engines.surface import EngineSurface
from tests.browser.test_foreign_nodes import CHANGE, PASSAGE, TOUCH, bare
from tests.factories import add_member, approved, make_annotation, make_desk, make_source, member
from tests.factories import submitted as as_submitted

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = (
    "Ankara welcomed the talks. Baku said no on 9 May, in Geneva.\n\n"
    "Nobody counted the votes of the region, which is „a long way off“, said Oslo."
)
ROUNDS = 9  # of changes to the page by other programs
INKS = {Kind.CLAIM: (128, 72, 0), Kind.ENTITY: (27, 90, 150), Kind.QUOTE: (39, 101, 47)}
Open = Callable[..., EngineSurface]


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each browser in turn: it must be there in CI, elsewhere its tests are skipped without it."""
    lacking = missing(request.param)
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"{request.param} needs {lacking}")
    assert not lacking, f"{request.param} needs {lacking}"
    engine = start(request.param)
    yield engine
    engine.quit()


@pytest.fixture
def sign_in(engine: Engine, programs: Programs) -> Iterator[Callable[..., Tab]]:
    """`sign_in(user)`: a tab of theirs; what pages complain of fails the test."""
    tabs: list[Tab] = []

    def open_tab(user: User | None = None, **options: object) -> Tab:
        name = settings.SESSION_COOKIE_NAME
        cookies = (Cookie(name, session_of(user), programs.url),) if user else ()
        tabs.append(engine.open(cookies=cookies, **options))
        return tabs[-1]

    yield open_tab
    for tab in tabs:
        tab.close()
    assert engine.complaints() == []


@pytest.fixture
def open_surface(sign_in: Callable[..., Tab], programs: Programs) -> Open:
    def open_page(
        user: User, source: Source, fragment: str = "", **options: object
    ) -> EngineSurface:
        page = EngineSurface(sign_in(user, **options), programs.url)
        return page.open(source.desk.slug, source.id, fragment)

    return open_page


@pytest.fixture
def desk() -> Desk:
    return make_desk(is_public=True)


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


def tag(source: Source, words: str, kind: Kind) -> Annotation:
    start = TEXT.index(words)
    return make_annotation(source, kind=kind, spans=[(start, start + len(words))])


def only() -> dict:
    return work_document(Annotation.objects.get())


def test_every_kind_has_its_wash_and_underline_and_what_is_not_tagged_has_none(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    words = {Kind.CLAIM: "welcomed", Kind.ENTITY: "Baku", Kind.QUOTE: "counted", Kind.FLAG: "way"}
    for kind, exact in words.items():
        tag(source, exact, kind)
    surface = open_surface(member(desk, Role.EDITOR), source)
    theme_of = "(theme) => (document.documentElement.dataset.theme = theme)"

    surface.tab.evaluate(theme_of, "light")
    inks = {words[kind]: ink for kind, ink in INKS.items()}
    for tagged, (below, beside) in surface.underlined(inks, "region").items():
        assert below > 10, f"{tagged}: {below} pixels"
        assert beside == 0
    for theme in ("light", "dark"):
        surface.tab.evaluate(theme_of, theme)
        plain, other, *washes = surface.washes("talks", "region", *words.values())

        assert plain == other
        assert len({plain, *washes}) == 5, f"{theme}: {plain} {washes}"


def test_what_is_selected_chosen_or_found_has_a_wash_of_its_own(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    tag(source, "Baku", Kind.ENTITY)
    surface = open_surface(member(desk, Role.EDITOR), source)
    assert surface.tab.evaluate("() => document.querySelector('#not-running').hidden")
    (tagged,) = surface.washes("Baku")

    surface.click_on("Baku")
    surface.shows("#inspector", "Entity: Place")
    surface.expect_highlighted("selected", "Baku")
    selected, plain = surface.washes("Baku", "welcomed")
    assert len({tagged, selected, plain}) == 3

    surface.press("Escape")
    surface.tab.evaluate("() => document.querySelector('#text').focus()")
    surface.press("Control+Home")
    surface.expect_highlighted("passage", "Ankara")
    passage, plain = surface.washes("Ankara", "welcomed")
    assert passage != plain

    surface.press("Escape", "/")
    surface.tab.type("votes")
    surface.expect_highlighted("match-here", "votes")
    found, plain = surface.washes("votes", "counted")
    assert found != plain


def test_a_browser_without_highlights_gets_boxes_and_a_notice(
    engine: Engine, open_surface: Open, desk: Desk, source: Source
) -> None:
    if engine.name == "webkit":
        pytest.skip("WebDriver has no way to run a script before the page's own")
    tag(source, "Baku", Kind.ENTITY)
    without = "delete CSS.highlights; delete globalThis.Highlight"
    surface = open_surface(member(desk, Role.EDITOR), source, preload=without)
    surface.shows("#old-browser:not([hidden])", "older than Imprimatur supports")

    surface.tab.wait("() => !!document.querySelector('.drawn.entity')")
    tagged, plain = surface.washes("Baku", "region")
    assert tagged != plain

    surface.drag_over("Geneva")
    surface.tab.wait("() => !!document.querySelector('.drawn.passage')")
    surface.press("e")
    surface.tab.wait("() => document.activeElement.matches('#palette input')")
    surface.press("1")
    surface.wait_until_saved()
    surface.press("Escape", "Escape")
    surface.tab.wait("() => document.querySelectorAll('.drawn.entity').length === 2")
    tagged, plain = surface.washes("Geneva", "region")
    assert tagged != plain
    surface.tab.evaluate("() => (document.querySelector('#title').style.paddingTop = '40px')")
    surface.tab.evaluate("() => (document.querySelector('#text').style.inlineSize = '15rem')")
    surface.tab.evaluate(
        "() => new Promise((then) => requestAnimationFrame(() => setTimeout(then)))"
    )
    tagged, plain = surface.washes("Geneva", "region")
    assert tagged != plain


def test_a_page_whose_scripts_do_not_run_says_so(
    engine: Engine, sign_in: Callable[..., Tab], programs: Programs, desk: Desk, source: Source
) -> None:
    if engine.name == "webkit":
        pytest.skip("WebDriver has no way to run a script before the page's own")
    too_old = "Object.defineProperty(globalThis, 'Intl', { value: undefined })"
    page = EngineSurface(sign_in(member(desk, Role.READER), preload=too_old), programs.url)
    page.tab.goto(f"{programs.url}/desks/{desk.slug}/sources/{source.id}/")

    page.tab.wait(
        "() => getComputedStyle(document.querySelector('#not-running')).visibility === 'visible'"
    )
    page.shows("#not-running", "Read the text with its published tags")
    page.shows("#text", "Baku said no")
    assert engine.complaints() != []


def test_a_very_long_line_is_painted_too(open_surface: Open, desk: Desk) -> None:
    line = " ".join(f"word{place}" for place in range(4_000))
    source = make_source(desk, text=line)
    start = line.index("word3000 ")
    make_annotation(source, kind=Kind.ENTITY, spans=[(start, start + 8)])
    surface = open_surface(member(desk, Role.EDITOR), source, "#s=" + f"{start}-{start + 1}")

    surface.boxes("word3000")
    surface.expect_highlighted("entity-0", "word3000")
    tagged, plain = surface.washes("word3000", "word3001")
    assert tagged != plain


def test_an_editor_tags_by_mouse_edits_and_submits(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.drag_over("Baku said")
    surface.press_button("C", "#palette")
    surface.press_button("Checkable", "#palette")
    surface.tab.evaluate("() => document.querySelector('#inspector textarea').focus()")
    surface.tab.type("Baku said no.")
    surface.press_button("Save", "#inspector")
    surface.shows("#inspector", "Claim: Checkable")
    surface.wait_until_saved()
    surface.press("Escape", "Escape")
    tagged, plain = surface.washes("Baku said", "talks")
    assert tagged != plain

    surface.click_on("Baku said")
    surface.press_button("Submit", "#inspector")
    surface.shows("#inspector .state", "In review")
    surface.wait_until_saved()

    found = only()
    assert found["spans"] == [{"start": 27, "end": 36, "exact": "Baku said"}]
    assert found["fields"] == {"normalized": "Baku said no."}
    assert found["state"] == "submitted"


def test_an_editor_tags_by_keys_alone(open_surface: Open, desk: Desk, source: Source) -> None:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.tab.evaluate("() => document.querySelector('#text').focus()")
    surface.press("ArrowRight", "Shift+ArrowRight")
    surface.expect_highlighted("passage", "Ankara welcomed")
    surface.press("ArrowRight", "ArrowRight", "e")
    surface.tab.wait("() => document.activeElement.matches('#palette input')")
    surface.tab.type("place")
    surface.press("Enter")
    surface.wait_until_saved()
    surface.shows("#inspector", "Entity: Place")

    surface.press("s")
    surface.shows("#inspector .state", "In review")
    surface.wait_until_saved()
    assert [span["exact"] for span in only()["spans"]] == ["talks"]
    surface.press("Control+z")
    surface.shows("#inspector .state", "Draft")
    surface.wait_until_saved()
    assert only()["state"] == "draft"


def test_a_reviewer_approves_and_everybody_reads_it(
    open_surface: Open, sign_in: Callable[..., Tab], programs: Programs, desk: Desk, source: Source
) -> None:
    as_submitted(tag(source, "Baku", Kind.ENTITY))
    by_key = as_submitted(tag(source, "Geneva", Kind.ENTITY))
    surface = open_surface(member(desk, Role.REVIEWER), source)
    surface.click_on("Baku")
    surface.press_button("Approve", "#inspector")
    surface.shows("#inspector .state", "Approved")
    surface.wait_until_saved()
    surface.tab.goto(programs.url + reverse("review_item", args=[desk.slug, by_key.id]))
    surface.press("a")
    surface.tab.wait("() => location.pathname.endsWith('/review/')")

    room = EngineSurface(sign_in(), programs.url)
    room.tab.goto(f"{programs.url}/read/{desk.slug}/sources/{source.id}/")
    room.shows("a.tagged", "Baku")
    box = room.tab.evaluate(
        "() => document.querySelector('a.tagged').getBoundingClientRect().toJSON()"
    )
    beside = {**box, "left": box["right"] + 8, "right": box["right"] + 40}
    tagged, plain = room.colours([box, beside])
    assert tagged != plain


def test_the_words_chosen_in_a_changed_page_are_tagged_or_none(
    engine: Engine, open_surface: Open, desk: Desk, source: Source
) -> None:
    if engine.name == "chromium":
        pytest.skip("tests/browser/test_foreign_nodes.py does it with more ways and rounds")
    surface = open_surface(member(desk, Role.EDITOR), source)
    numbers = random.Random(engine.name)  # noqa: S311 - no secret
    tagged = 0

    for place in range(ROUNDS):
        change = {"seed": numbers.randrange(1_000_000), "harm": place % 2 == 1}
        done = surface.tab.evaluate(f"(how) => ({CHANGE.strip().rstrip(';')})(how)", change)
        known = set(Annotation.objects.values_list("id", flat=True))
        if place % 3 == 0:
            surface.tab.evaluate("() => document.querySelector('#text').focus()")
            surface.press("Control+Home", *["ArrowRight"] * numbers.randrange(4), "ArrowRight")
        else:
            surface.tab.evaluate(TOUCH, [numbers.random(), numbers.randrange(3)])
            surface.tab.evaluate("() => new Promise((then) => setTimeout(then, 500))")
        chosen = surface.tab.evaluate("() => getSelection().toString()")
        passage = surface.tab.evaluate(PASSAGE)
        if passage.strip():
            surface.press("e")
            surface.tab.wait("() => document.activeElement.matches('#palette input')")
            surface.press("1")
            surface.wait_until_saved()
        surface.press("Escape", "Escape", "Escape")
        for added in Annotation.objects.exclude(id__in=known):
            tagged += 1
            (span,) = work_document(added)["spans"]
            about = (change, done, chosen, passage, span)
            assert TEXT[span["start"] : span["end"]] == span["exact"] == passage, about
            assert place % 3 == 0 or bare(chosen) in bare(passage), about

    assert tagged > ROUNDS / 3


def test_two_editors_see_each_others_tags_at_once(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    first = open_surface(member(desk, Role.EDITOR), source)
    second = open_surface(add_member(desk, Role.EDITOR, "Second"), source)
    (before,) = second.washes("Geneva")

    first.drag_over("Geneva")
    first.press("e")
    first.tab.wait("() => document.activeElement.matches('#palette input')")
    first.press("1")

    second.expect_highlighted("entity-0", "Geneva")
    assert second.washes("Geneva") != [before]


def test_an_end_is_moved_by_the_mouse(open_surface: Open, desk: Desk, source: Source) -> None:
    tag(source, "welcomed", Kind.ENTITY)
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("welcomed")
    handle = surface.tab.wait(
        "() => [...document.querySelectorAll('.handle')].at(-1)?.getBoundingClientRect().toJSON()"
    )
    goal = surface.boxes("the talks")["last"]
    surface.tab.move(handle["left"] + 8, handle["top"] + 8)
    surface.tab.down()
    surface.tab.move(goal["right"] - 2, (goal["top"] + goal["bottom"]) / 2, steps=6)
    surface.expect_highlighted("resized", "welcomed the talks")
    surface.tab.up()

    surface.expect_highlighted("entity-0", "welcomed the talks")
    surface.wait_until_saved()
    assert [span["exact"] for span in only()["spans"]] == ["welcomed the talks"]


def test_the_minimap_marks_tags_and_paper_has_numbers(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    approved(tag(source, "Baku", Kind.ENTITY))
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.tab.wait(
        """() => {
          const canvas = document.querySelector("#minimap canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.some((each) => each > 0);
        }"""
    )
    surface.tab.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert (
        surface.tab.evaluate("() => document.querySelector('.print-text u').textContent") == "Baku"
    )
    assert (
        surface.tab.evaluate("() => document.querySelector('.print-text sup').textContent") == "1"
    )
