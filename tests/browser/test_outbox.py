"""What was done reaches the server once and in order, whatever lies between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from annotations.models import Annotation, Desk, Event, Kind, Role, Source, User
from annotations.queries.annotations.work import work_document
from tests.browser.conftest import Programs, session_of
from tests.browser.surface_page import SurfacePage
from tests.factories import add_member, make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
CLAIM = "The claim in one sentence"
NO_STORAGE = "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no'); } })"
# Hold the lock that the sending tab takes.
NOBODY_SENDS = """
(name) => new Promise((held) => {
  navigator.locks.request(name, () => {
    held();
    return new Promise((done) => (window.letGo = done));
  });
})
"""
# The milliseconds from the key that chooses the label until the tag is painted.
PAINTING = """
() => new Promise((done) => {
  const start = performance.now();
  const seen = () => (CSS.highlights.get("entity-0")?.size ?? 0) > 0;
  const look = () => (seen() ? done(performance.now() - start) : requestAnimationFrame(look));
  document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  look();
})
"""


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def editor(desk: Desk) -> User:
    return member(desk, Role.EDITOR)


@pytest.fixture
def surface(open_surface: Callable[..., SurfacePage], editor: User, source: Source) -> SurfacePage:
    return open_surface(editor, source)


def another_tab(surface: SurfacePage, source: Source) -> SurfacePage:
    page = surface.page.context.new_page()
    page.goto(f"/desks/{source.desk.slug}/sources/{source.id}/")
    return SurfacePage(page)


def cut(page: Page) -> None:
    """Nothing reaches the work API, though the page may be loaded."""
    page.context.route("**/api/v1/work/**", lambda route: route.abort())


def mend(page: Page) -> None:
    page.context.unroute("**/api/v1/work/**")
    page.evaluate("dispatchEvent(new Event('online'))")


def created() -> int:
    return Event.objects.filter(type="annotation.created").count()


def test_a_tag_shows_before_the_server_knows_of_it(surface: SurfacePage) -> None:
    surface.page.context.route("**/annotations", lambda _: None)  # never answered
    surface.drag_over("Ankara")
    surface.press("e")
    surface.page.locator("#palette input").fill("place")

    waited = surface.page.evaluate(PAINTING)

    assert waited < 500  # the benchmark holds it to 50; this machine may be busy
    expect(surface.items).to_have_count(1)
    expect(surface.status).to_contain_text("Saving")
    assert created() == 0


def test_what_was_done_without_a_server_arrives_in_order_after_its_restart(
    surface: SurfacePage, programs: Programs
) -> None:
    programs.kill_web()
    surface.tag("Ankara", "e", "place")
    surface.inspector.get_by_label("Label").select_option("person")
    surface.press("Control+Enter")
    surface.tag("Baku", "e", "place")
    expect(surface.status).to_contain_text("Offline: 3 waiting")

    programs.start_web()
    surface.wait_until_saved()

    documents = [work_document(each) for each in Annotation.objects.all()]
    baku, ankara = sorted(documents, key=lambda each: each["version"])
    assert ankara["spans"][0]["exact"] == "Ankara"
    assert (ankara["label"], ankara["version"]) == ("person", 2)
    assert (baku["label"], baku["version"]) == ("place", 1)
    assert created() == 2


def test_a_network_cut_is_said_and_overcome(surface: SurfacePage) -> None:
    surface.page.context.set_offline(True)
    surface.tag("Ankara", "e", "place")
    surface.tag("Baku", "e", "place")
    expect(surface.status).to_contain_text("Offline: 2 waiting")

    surface.page.context.set_offline(False)

    surface.wait_until_saved()
    assert created() == 2


def test_a_tab_that_was_closed_before_anything_was_sent_loses_nothing(
    surface: SurfacePage, source: Source
) -> None:
    cut(surface.page)
    surface.tag("Ankara", "e", "place")
    expect(surface.status).to_contain_text("Offline: 1 waiting")
    again = another_tab(surface, source)
    surface.page.close()

    expect(again.status).to_contain_text("Offline: 1 waiting")
    expect(again.items).to_have_count(1)
    mend(again.page)

    again.wait_until_saved()
    assert created() == 1


def test_another_page_of_the_same_browser_sends_what_a_closed_one_left(
    surface: SurfacePage, desk: Desk
) -> None:
    cut(surface.page)
    surface.tag("Ankara", "e", "place")
    expect(surface.status).to_contain_text("Offline: 1 waiting")
    other = another_tab(surface, make_source(desk))
    surface.page.close()
    expect(other.items).to_have_count(0)

    mend(other.page)

    other.wait_until_saved()
    assert created() == 1


def test_after_signing_in_again_everything_goes_out(
    surface: SurfacePage, editor: User, programs: Programs
) -> None:
    Session.objects.all().delete()
    surface.tag("Ankara", "e", "place")
    surface.tag("Baku", "e", "place")
    expect(surface.status).to_contain_text("Signed out: 2 waiting")
    link = surface.status.get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("target", "_blank")
    assert "next=%2Fdesks" in str(link.get_attribute("href"))

    sign_in_again(surface.page, editor, programs)

    surface.wait_until_saved()
    assert created() == 2


def test_what_one_person_did_is_not_sent_as_another(
    surface: SurfacePage, editor: User, desk: Desk, source: Source, programs: Programs
) -> None:
    Session.objects.all().delete()
    surface.tag("Ankara", "e", "place")
    expect(surface.status).to_contain_text("Signed out: 1 waiting")

    second = add_member(desk, Role.EDITOR, "Second")
    sign_in_again(surface.page, second, programs)
    theirs = another_tab(surface, source)
    expect(theirs.status).to_have_text("All saved")
    expect(theirs.items).to_have_count(0)
    expect(surface.status).to_contain_text("Signed out: 1 waiting")
    assert created() == 0

    sign_in_again(surface.page, editor, programs)
    surface.wait_until_saved()
    assert Annotation.objects.get().created_by_id == editor.id


def test_two_tabs_show_the_same_and_send_once(surface: SurfacePage, source: Source) -> None:
    other = another_tab(surface, source)
    expect(other.status).to_have_text("All saved")
    cut(surface.page)
    surface.tag("Ankara", "e", "place")
    expect(other.items).to_have_count(1)
    other.tag("Baku", "e", "place")
    expect(surface.items).to_have_count(2)

    mend(surface.page)

    surface.wait_until_saved()
    other.wait_until_saved()
    assert created() == 2
    for tab in (surface, other):
        expect(tab.items).to_have_count(2)


def test_a_tag_taken_back_before_it_was_sent_never_reaches_the_server(
    surface: SurfacePage, editor: User
) -> None:
    surface.page.evaluate(NOBODY_SENDS, f"imprimatur-outbox-{editor.pk}")
    surface.tag("Ankara", "e", "place")
    surface.tag("Baku", "e", "place")
    expect(surface.status).to_contain_text("Saving…")

    surface.press("Delete")

    expect(surface.items).to_have_count(1)
    surface.page.evaluate("letGo()")
    surface.wait_until_saved()
    assert created() == 1
    assert Annotation.objects.count() == 1


def test_a_lost_answer_does_not_make_a_second_tag(surface: SurfacePage) -> None:
    lost = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.fallback()
            return
        lost.append(route.fetch().status)
        route.abort()

    surface.page.route("**/annotations", lose_the_answer)
    surface.tag("Ankara", "e", "place")
    surface.wait_until_saved()

    assert lost == [201]
    assert created() == 1


def test_a_refused_write_is_listed_with_its_reason_and_edited_again(
    surface: SurfacePage, source: Source, editor: User
) -> None:
    claim = make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    surface.page.reload()
    expect(surface.items).to_have_count(1)
    surface.click_on("Baku")
    surface.fill("Evidence", "nowhere")
    cut(surface.page)
    surface.press("Control+Enter")
    expect(surface.status).to_contain_text("Offline: 1 waiting")
    surface.tag("Ankara", "c", "checkable")
    surface.fill(CLAIM, "Being typed.")

    mend(surface.page)
    surface.status.get_by_role("button", name="1 could not be saved").click()
    dialog = surface.page.get_by_role("dialog", name="1 could not be saved")
    expect(dialog).to_contain_text("not a web address")
    surface.press("Escape")
    surface.press("Control+Enter")
    surface.status.get_by_role("button", name="1 could not be saved").click()
    dialog.get_by_role("button", name="Edit again").click()

    expect(surface.inspector.get_by_label("Evidence")).to_have_value("nowhere")
    expect(surface.inspector.locator(".field-error:visible")).to_contain_text("not a web address")
    surface.fill("Evidence", "https://example.org/")
    surface.save()
    assert work_document(claim)["fields"]["evidence"] == ["https://example.org/"]


def test_what_was_typed_and_an_unfinished_tag_survive_a_reload(
    surface: SurfacePage, source: Source
) -> None:
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    surface.page.reload()
    expect(surface.items).to_have_count(1)
    surface.click_on("Baku")
    surface.fill("Claimant", "Half a na")
    surface.press("Tab")
    surface.tag("Ankara", "c", "checkable")
    surface.fill(CLAIM, "Half a sent")

    surface.page.reload()

    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("Half a sent")
    expect(surface.toast).to_contain_text("Unsaved changes restored")
    surface.fill(CLAIM, "Half a sentence, whole now.")
    surface.save()
    surface.click_on("Baku")
    expect(surface.inspector.get_by_label("Claimant")).to_have_value("Half a na")


def test_a_relation_of_an_unfinished_tag_goes_out_with_it(
    surface: SurfacePage, source: Source
) -> None:
    place = make_annotation(source, kind=Kind.ENTITY, spans=[(0, 6)])
    expect(surface.items).to_have_count(1)
    surface.tag("Baku said no", "c", "checkable")
    surface.fill(CLAIM, "Baku said no.")
    surface.inspector.get_by_label("Other annotation").fill("Ankara")
    surface.page.locator(".options").get_by_role("option").first.click()
    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("Baku said no.")
    surface.save()

    claim = Annotation.objects.get(kind=Kind.CLAIM)
    document = work_document(claim)
    assert [each["to"] for each in document["relations"]] == [str(place.id)]
    assert document["version"] == 1


def test_without_storage_it_says_so_and_saves_all_the_same(
    sign_in: Callable[..., Page], editor: User, source: Source
) -> None:
    page = sign_in(editor)
    page.add_init_script(NO_STORAGE)
    surface = SurfacePage(page).open(source.desk.slug, source.id)
    cut(page)
    surface.tag("Ankara", "e", "place")
    expect(surface.status).to_contain_text("1 waiting in this tab only")

    mend(page)

    surface.wait_until_saved()
    assert created() == 1


def sign_in_again(page: Page, user: User, programs: Programs) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
    page.context.add_cookies([{**cookie, "url": programs.url}])
    page.evaluate("dispatchEvent(new Event('focus'))")
