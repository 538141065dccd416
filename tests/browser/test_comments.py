"""Talking about an annotation on the annotate page, by keys and by mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from annotations.models import Annotation, Comment, Desk, Mention, Role, Source
from annotations.services.comments import resolve_thread
from tests.browser.conftest import Programs
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.factories import (
    add_member,
    make_annotation,
    make_comment,
    make_desk,
    make_source,
    member,
)

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def annotation(source: Source) -> Annotation:
    return make_annotation(source)


def talk(surface: SurfacePage) -> Locator:
    return surface.inspector.get_by_role("region", name="Comments")


def said(surface: SurfacePage) -> Locator:
    return talk(surface).locator(".comment-body")


def box(surface: SurfacePage) -> Locator:
    return talk(surface).locator("textarea")


def options(surface: SurfacePage) -> Locator:
    return surface.page.locator(".options").get_by_role("option")


def test_a_thread_by_keys_alone(open_surface: Open, source: Source, annotation: Annotation) -> None:
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.items.first.press("Enter")

    surface.press("m")
    expect(box(surface)).to_be_focused()
    surface.page.keyboard.type("Is it all?")
    surface.press("Control+Enter")
    expect(said(surface)).to_have_text(["Is it all?"])
    expect(surface.items.first).to_contain_text("1 open thread")
    expect(talk(surface).get_by_role("button", name="Comment m")).to_be_focused()

    talk(surface).get_by_role("button", name="Reply").press("Enter")
    surface.page.keyboard.type("It is.")
    surface.press("Control+Enter")
    expect(said(surface)).to_have_text(["Is it all?", "It is."])
    expect(talk(surface).locator(".comment-body").last).to_be_visible()
    talk(surface).get_by_role("button", name="Resolve").press("Enter")

    expect(talk(surface).get_by_text("1 resolved thread")).to_be_visible()
    expect(surface.items.first).not_to_contain_text("open thread")
    root = Comment.objects.get(thread=None)
    assert root.resolved_by == member(source.desk, Role.EDITOR)
    assert [reply.body for reply in root.replies.all()] == ["It is."]


def test_a_member_is_mentioned_from_the_list(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    ana = add_member(source.desk, Role.EDITOR, "Ana Maria")
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")

    talk(surface).get_by_role("button", name="Comment").click()
    surface.page.keyboard.type("Look, @ana")
    option = options(surface)
    expect(option).to_have_text(["Ana Maria"])
    expect(box(surface)).to_have_attribute("aria-activedescendant", re.compile("options-"))
    surface.press("Enter")
    expect(box(surface)).to_have_value("Look, @Ana Maria ")
    surface.page.keyboard.type("this one. (@re")
    expect(option).to_have_text(["Reader", "Reviewer"])
    surface.press("Escape")
    expect(option).to_have_count(0)
    expect(box(surface)).to_be_focused()
    talk(surface).get_by_role("button", name="Comment", exact=True).click()

    expect(talk(surface).locator(".mention")).to_have_text("@Ana Maria")
    expect(talk(surface).get_by_text("Saving…")).to_have_count(0)
    assert [mention.user for mention in Mention.objects.all()] == [ana]


def test_the_link_of_a_mention_leads_to_the_comment_and_marks_it_as_seen(
    sign_in: Callable[..., Page], source: Source
) -> None:
    reader = member(source.desk, Role.READER)
    annotation = make_annotation(source, spans=[(29, 33)])
    for number in range(6):
        make_comment(annotation, f"Nothing of importance {number}.")
    comment = make_comment(annotation, "@Reader, is it?", mentions=[reader])
    page = sign_in(reader)

    page.goto(f"/desks/{source.desk.slug}/")
    with page.expect_response("**/comments/seen"):
        page.get_by_role("link", name="@Reader, is it?").click()

    target = page.locator(f"#c-{comment.id}")
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()
    expect(page.locator("#list .item[aria-current]")).to_contain_text("Baku")
    expect(page.locator(".comments button:visible", has_text="Reply")).to_have_count(0)
    page.goto(f"/desks/{source.desk.slug}/")
    expect(page.get_by_role("heading", name="You were mentioned")).to_have_count(0)


def test_what_others_say_appears_at_once_and_disturbs_no_typing(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    second = add_member(source.desk, Role.EDITOR, "Second")
    one, two = open_surface(member(source.desk, Role.EDITOR), source), open_surface(second, source)
    for surface in (one, two):
        surface.click_on("Ankara")
    two.press("m")
    two.page.keyboard.type("I am typing")

    one.press("m")
    one.page.keyboard.type("Is it all?")
    one.press("Control+Enter")

    expect(said(two)).to_have_text(["Is it all?"], timeout=3_000)
    expect(two.page.locator("#news")).to_contain_text("Editor commented on “Ankara”: Is it all?")
    two.page.keyboard.type(" still")
    expect(box(two)).to_have_value("I am typing still")
    one.page.get_by_role("button", name="Resolve").click()
    expect(talk(two).get_by_text("1 resolved thread")).to_be_visible()
    expect(box(two)).to_be_focused()


def test_an_unsent_comment_waits_while_one_looks_elsewhere(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    make_annotation(source, spans=[(29, 33)])
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")
    surface.press("m")
    surface.page.keyboard.type("Not done")

    surface.click_on("Baku")
    expect(box(surface)).to_have_count(0)
    surface.click_on("Ankara")

    expect(box(surface)).to_have_value("Not done")


def test_own_comments_are_edited_deleted_and_brought_back(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    make_comment(annotation, "Is it?")
    make_comment(annotation, "Not mine.", by=member(source.desk, Role.REVIEWER))
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")
    expect(talk(surface).get_by_role("button", name="Edit")).to_have_count(1)

    talk(surface).get_by_role("button", name="Edit").click()
    box(surface).fill("Was it?")
    talk(surface).get_by_role("button", name="Save").click()
    expect(said(surface)).to_have_text(["Was it?", "Not mine."])
    expect(talk(surface).get_by_text("edited")).to_be_visible()
    talk(surface).get_by_role("button", name="Delete").click()
    expect(said(surface)).to_have_text(["Not mine."])
    surface.toast.get_by_role("button", name="Undo").click()

    expect(said(surface)).to_have_text(["Was it?", "Not mine."])


def test_what_the_server_refuses_is_said_and_kept(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")
    surface.press("m")
    surface.press("Control+Enter")
    expect(talk(surface).get_by_role("alert")).to_have_text("Write something first.")
    box(surface).fill("x" * 5_001)
    surface.press("Control+Enter")
    expect(talk(surface).get_by_role("alert")).to_contain_text("at most 5000")

    source.desk.memberships.filter(role=Role.EDITOR).update(role=Role.READER)
    box(surface).fill("Too late")
    surface.press("Control+Enter")

    expect(talk(surface).get_by_role("alert")).to_contain_text("can comment on annotations")
    expect(box(surface)).to_have_value("Too late")
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_nothing_stands_in_anybodys_way(
    open_surface: Open, source: Source, annotation: Annotation, scheme: str, width: int
) -> None:
    reader, reviewer = (member(source.desk, role) for role in (Role.READER, Role.REVIEWER))
    root = make_comment(annotation, "Is it all, @Reader?", mentions=[reader])
    make_comment(annotation, "It is.", by=reviewer, thread=root)
    resolve_thread(comment=make_comment(annotation, "Done."), by=reviewer)
    surface = open_surface(
        member(source.desk, Role.EDITOR),
        source,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    surface.click_on("Ankara")
    talk(surface).get_by_text("1 resolved thread").click()
    problems(surface.page)
    surface.press("m")
    surface.page.keyboard.type("Look, @r")
    expect(options(surface).first).to_be_visible()

    problems(surface.page)
    assert surface.page.evaluate("document.documentElement.scrollWidth") <= width


def problems(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_comments_of_a_closed_stream_are_caught_up(
    open_surface: Open, source: Source, annotation: Annotation, programs: Programs
) -> None:
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")
    expect(talk(surface).get_by_role("button", name="Comment")).to_be_visible()

    programs.kill_web()
    expect(surface.status).to_contain_text("reconnecting")
    make_comment(annotation, "While you were away", by=member(source.desk, Role.REVIEWER))
    programs.start_web()

    expect(said(surface)).to_have_text(["While you were away"], timeout=20_000)


def test_an_unsent_comment_is_there_again_after_the_page_was_closed(
    open_surface: Open, source: Source, annotation: Annotation
) -> None:
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    surface.click_on("Ankara")
    surface.press("m")
    surface.page.keyboard.type("Not done, @re")
    expect(options(surface)).to_have_count(2)
    surface.press("Enter")

    surface.page.reload()
    expect(talk(surface).get_by_text("not sent yet")).to_be_visible()
    talk(surface).get_by_role("button", name="Comment").click()
    expect(box(surface)).to_have_value("Not done, @Reader ")
    surface.press("Control+Enter")
    expect(talk(surface).locator(".mention")).to_have_text("@Reader")
    expect(talk(surface).get_by_text("Saving…")).to_have_count(0)

    assert Mention.objects.get().user == member(source.desk, Role.READER)
    surface.page.reload()
    expect(said(surface)).to_have_text(["Not done, @Reader"])
    expect(talk(surface).get_by_text("not sent yet")).to_have_count(0)
