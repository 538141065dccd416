"""What was done is undone and done again, by keys and by buttons, also after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.annotations import edit_annotation
from tests.browser.surface_page import SurfacePage
from tests.factories import (
    add_member,
    make_annotation,
    make_comment,
    make_desk,
    make_source,
    member,
    returned,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
def surface(
    open_surface: Callable[..., SurfacePage], desk: Desk, source: Source, claim: Annotation
) -> SurfacePage:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")
    return surface


def step(surface: SurfacePage, key: str) -> None:
    surface.press(key)
    surface.wait_until_saved()


def test_a_tag_is_undone_and_done_again(surface: SurfacePage) -> None:
    surface.tag("Ankara", "e", "place")
    surface.wait_until_saved()
    undo = surface.page.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_attribute("title", "Undo: tag “Ankara” (Ctrl+Z)")

    undo.click()
    surface.wait_until_saved()
    expect(surface.items).to_have_count(1)
    assert Annotation.objects.present().count() == 1

    surface.page.get_by_role("button", name="Redo", exact=True).click()
    surface.wait_until_saved()
    expect(surface.items).to_have_count(2)
    assert Annotation.objects.present().count() == 2


def test_an_edit_is_undone_and_done_again_as_versions_of_their_own(
    surface: SurfacePage, claim: Annotation
) -> None:
    before = work_document(claim)
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.fill("Claimant", "Baku")
    surface.save()

    step(surface, "Control+z")
    document = work_document(claim)
    assert (document["label"], document["fields"]) == (before["label"], before["fields"])
    assert document["version"] == 3

    step(surface, "Control+Shift+z")
    document = work_document(claim)
    assert (document["label"], document["fields"]["claimant"]) == ("opinion", "Baku")
    expect(surface.inspector).to_contain_text("Claim: Opinion")


def test_parts_and_their_removal_are_undone_in_order(
    surface: SurfacePage, claim: Annotation
) -> None:
    surface.drag_over("Ankara")
    step(surface, "+")
    assert len(work_document(claim)["spans"]) == 2

    step(surface, "Control+z")
    assert len(work_document(claim)["spans"]) == 1

    step(surface, "Control+y")
    assert len(work_document(claim)["spans"]) == 2


def test_a_submission_is_taken_back(surface: SurfacePage, claim: Annotation) -> None:
    step(surface, "s")
    assert work_document(claim)["state"] == "submitted"

    step(surface, "Control+z")

    document = work_document(claim)
    assert (document["state"], document["version"]) == ("draft", 1)
    expect(surface.inspector.locator(".state").first).to_have_text("Draft")


def test_what_was_done_before_a_reload_is_undone_after_it(
    surface: SurfacePage, claim: Annotation
) -> None:
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.save()
    surface.press("Delete")
    surface.wait_until_saved()

    surface.page.reload()
    expect(surface.page.locator("#undo")).to_be_enabled()
    step(surface, "Control+z")
    expect(surface.items).to_have_count(1)
    step(surface, "Control+z")

    assert work_document(claim)["label"] == "checkable"
    expect(surface.page.locator("#undo")).to_be_disabled()
    surface.press("Control+z")
    expect(surface.toast).to_contain_text("There is nothing to undo")


def test_what_somebody_else_changed_since_is_not_undone(
    surface: SurfacePage, desk: Desk, claim: Annotation
) -> None:
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.save()
    second = add_member(desk, Role.EDITOR, "Second")
    edit_annotation(annotation=claim, by=second, expected_version=2, label="prediction")
    expect(surface.inspector).to_contain_text("Claim: Prediction")

    surface.press("Control+z")

    expect(surface.toast).to_contain_text("Second changed it since")
    surface.wait_until_saved()
    assert work_document(claim)["version"] == 3


def test_what_was_decided_since_is_not_undone(surface: SurfacePage, claim: Annotation) -> None:
    step(surface, "s")
    returned_by_a_reviewer(claim)
    expect(surface.inspector.locator(".state").first).to_have_text("Returned")

    surface.press("Control+z")

    expect(surface.toast).to_contain_text("it was returned by")
    assert work_document(claim)["state"] == "returned"


def test_undoing_without_a_network_waits_like_everything_else(
    surface: SurfacePage, claim: Annotation
) -> None:
    surface.page.context.set_offline(True)
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.press("Control+Enter")
    expect(surface.inspector).to_contain_text("Claim: Opinion")
    surface.press("Control+z")
    expect(surface.inspector).to_contain_text("Claim: Checkable")
    expect(surface.status).to_contain_text("Offline: 2 waiting")

    surface.page.context.set_offline(False)

    surface.wait_until_saved()
    document = work_document(claim)
    assert (document["label"], document["version"]) == ("checkable", 3)


def test_a_comment_that_was_deleted_is_brought_back(
    surface: SurfacePage, desk: Desk, claim: Annotation
) -> None:
    make_comment(claim, "Who counted?", by=member(desk, Role.EDITOR))
    expect(surface.page).to_have_url(re.compile("#a="))
    surface.page.reload()
    expect(surface.inspector).to_contain_text("Who counted?")
    surface.inspector.get_by_role("button", name="Delete", exact=True).last.click()
    expect(surface.inspector).not_to_contain_text("Who counted?")
    surface.wait_until_saved()

    step(surface, "Control+z")

    expect(surface.inspector).to_contain_text("Who counted?")


def test_keys_undo_what_is_typed_while_typing(surface: SurfacePage, claim: Annotation) -> None:
    surface.inspector.get_by_label("Label").select_option("opinion")
    surface.save()
    field = surface.inspector.get_by_label("Claimant")
    field.press_sequentially("Baku")

    field.press("Control+z")

    assert field.input_value() != "Baku"
    assert work_document(claim)["label"] == "opinion"


def returned_by_a_reviewer(annotation: Annotation) -> None:
    annotation.refresh_from_db()
    returned(annotation)
