"""Edits, deletions and what goes wrong on the way: nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.annotations import edit_annotation
from tests.browser.surface_page import SurfacePage
from tests.factories import (
    add_member,
    make_annotation,
    make_desk,
    make_source,
    member,
    returned,
)

pytestmark = pytest.mark.django_db(transaction=True)
CLAIM = "The claim in one sentence"
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def claim(source: Source) -> Annotation:
    return make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source, claim: Annotation) -> SurfacePage:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")
    return surface


def test_label_and_fields_are_edited(surface: SurfacePage, claim: Annotation) -> None:
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.fill("Claimant", "Baku")
    surface.save()

    expect(surface.inspector).to_contain_text("Claim: Opinion")
    document = work_document(claim)
    assert (document["label"], document["version"]) == ("opinion", 2)
    assert document["fields"]["claimant"] == "Baku"


def test_a_wrong_value_is_named_beside_its_field(surface: SurfacePage, claim: Annotation) -> None:
    surface.fill("Evidence", "nowhere")
    surface.save()

    expect(surface.inspector.locator(".field-error:visible")).to_contain_text("not a web address")
    expect(surface.inspector.get_by_label("Evidence")).to_have_value("nowhere")
    assert work_document(claim)["version"] == 1


def test_a_deletion_is_undone_by_the_toast_and_by_keys(
    surface: SurfacePage, claim: Annotation
) -> None:
    surface.press("Delete")
    expect(surface.items).to_have_count(0)
    assert surface.painted() == {}
    surface.toast.get_by_role("button", name="Undo").click()
    expect(surface.items).to_have_count(1)

    surface.press("Delete")
    expect(surface.toast).to_contain_text("Deleted")
    surface.wait_until_saved()
    surface.press("Control+z")

    expect(surface.items).to_have_count(1)
    surface.wait_until_saved()
    claim.refresh_from_db()
    assert claim.deleted_at is None


def test_what_somebody_else_changed_first_is_shown_and_nothing_typed_is_lost(
    surface: SurfacePage, desk: Desk, claim: Annotation
) -> None:
    surface.fill(CLAIM, "What I typed.")
    theirs = {"normalized": "What they typed."}
    second = add_member(desk, Role.EDITOR, "Second")
    edit_annotation(annotation=claim, by=second, expected_version=1, fields=theirs)
    expect(surface.inspector).to_contain_text("Second changed it meanwhile")

    surface.press("Control+Enter")

    dialog = surface.page.get_by_role("dialog", name="Second changed this meanwhile")
    expect(dialog).to_contain_text("What they typed.")
    expect(dialog).to_contain_text("What I typed.")
    assert work_document(claim)["fields"] == theirs
    dialog.get_by_role("button", name="Save mine").click()
    surface.wait_until_saved()
    expect(surface.inspector.locator(".form-notice")).to_have_count(0)
    assert work_document(claim)["fields"] == {"normalized": "What I typed."}
    assert work_document(claim)["version"] == 3


def test_a_write_that_does_not_arrive_is_sent_again_and_made_once(surface: SurfacePage) -> None:
    lost = []

    def lose_two(route: Route) -> None:
        """The first is lost on the way there, the second on the way back."""
        if route.request.method != "POST" or len(lost) >= 2:
            route.continue_()
            return
        if lost:
            route.fetch()
        lost.append(route.request.post_data_json["id"])
        route.abort()

    surface.page.route("**/annotations", lose_two)
    surface.tag("Ankara", "e", "place")

    expect(surface.status).to_contain_text("Offline: 1 waiting")
    expect(surface.items).to_have_count(2)
    surface.wait_until_saved()
    assert len(set(lost)) == 1
    assert Annotation.objects.filter(kind=Kind.ENTITY).count() == 1


def test_an_edit_whose_answer_was_lost_is_not_taken_for_a_conflict(
    surface: SurfacePage, claim: Annotation
) -> None:
    lost = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    surface.page.route("**/annotations/*", lose_the_answer)
    surface.fill(CLAIM, "Typed once.")
    surface.save()

    assert lost == [200]
    expect(surface.inspector.locator(".form-notice")).to_have_count(0)
    assert work_document(claim)["version"] == 2


def test_what_was_typed_is_there_when_one_comes_back(surface: SurfacePage) -> None:
    surface.fill(CLAIM, "Half a sent")
    surface.page.locator("h1").click()
    surface.press("Escape")
    expect(surface.inspector).to_contain_text("Select a passage")

    surface.click_on("Baku")

    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("Half a sent")


def test_all_my_drafts_are_submitted_and_a_returned_one_shows_why(
    open_surface: Open, desk: Desk, source: Source, claim: Annotation
) -> None:
    returned(claim)
    for start, end in ((0, 6), (29, 33)):
        make_annotation(source, spans=[(start, end)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.page.get_by_role("button", name="Submit all my 2 drafts").click()
    expect(surface.toast).to_contain_text("2 submitted")
    surface.wait_until_saved()
    surface.click_on("said")

    expect(surface.inspector.locator(".decision-note")).to_contain_text("Take the whole sentence.")
    assert Annotation.objects.filter(head__state="submitted").count() == 2


def test_an_address_leads_to_its_annotation(
    surface: SurfacePage, desk: Desk, source: Source, claim: Annotation
) -> None:
    expect(surface.page).to_have_url(re.compile(f"#a={claim.id}$"))

    surface.page.goto("about:blank")
    surface.open(desk.slug, source.id, f"#a={claim.id}")

    expect(surface.inspector).to_contain_text("Claim: Checkable")


def test_a_space_before_the_next_word_outlives_the_servers_answer(surface: SurfacePage) -> None:
    held: list[Route] = []
    surface.page.route("**/sources/*/annotations", lambda route: held.append(route))  # noqa: PLW0108 - the driver wraps functions
    with surface.page.expect_request("**/sources/*/annotations"):
        surface.tag("Ankara", "q", "direct")
    speaker = surface.inspector.get_by_label("Speaker")
    speaker.press_sequentially("Ruhsar ")

    held[0].continue_()
    surface.wait_until_saved()
    surface.page.keyboard.type("Pekcan")

    expect(speaker).to_have_value("Ruhsar Pekcan")
