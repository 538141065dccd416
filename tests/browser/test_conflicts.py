"""Two people change one annotation: both versions are shown, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from annotations.models import Annotation, Desk, Kind, Role, Source, User
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.annotations import edit_annotation
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.factories import add_member, make_annotation, make_desk, make_source, member

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
def second(desk: Desk) -> User:
    return add_member(desk, Role.EDITOR, "Second")


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source, claim: Annotation) -> SurfacePage:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")
    return surface


def dialog(surface: SurfacePage) -> Locator:
    return surface.page.get_by_role("dialog", name="Second changed this meanwhile")


def cut(page: Page) -> None:
    """Writes do not arrive, and news of others neither."""
    page.context.set_offline(True)


def mend(page: Page) -> None:
    page.context.set_offline(False)


def clash(surface: SurfacePage, claim: Annotation, second: User, **theirs: Any) -> None:
    """I wrote a claimant while the other one wrote this."""
    cut(surface.page)
    surface.fill("Claimant", "Mine")
    surface.press("Control+Enter")
    expect(surface.status).to_contain_text("Offline: 1 waiting")
    edit_annotation(annotation=claim, by=second, expected_version=1, **theirs)
    mend(surface.page)


def theirs_in(claim: Annotation, **fields: str) -> dict[str, Any]:
    return {**work_document(claim)["fields"], **fields}


def test_mine_becomes_the_next_version_only_when_i_say_so(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    clash(surface, claim, second, fields=theirs_in(claim, claimant="Theirs"))
    expect(dialog(surface)).to_be_visible()
    expect(dialog(surface).locator("tbody tr")).to_have_count(1)
    expect(dialog(surface).locator("mark")).to_have_text(["Theirs", "Mine"])
    assert work_document(claim)["fields"]["claimant"] == "Theirs"

    dialog(surface).get_by_role("button", name="Save mine").press("Enter")

    surface.wait_until_saved()
    document = work_document(claim)
    assert (document["fields"]["claimant"], document["version"]) == ("Mine", 3)


def test_theirs_is_kept(surface: SurfacePage, claim: Annotation, second: User) -> None:
    clash(surface, claim, second, fields=theirs_in(claim, claimant="Theirs"))

    dialog(surface).get_by_role("button", name="Keep theirs").click()

    surface.wait_until_saved()
    expect(surface.inspector.get_by_label("Claimant")).to_have_value("Theirs")
    assert work_document(claim)["version"] == 2


def test_mine_is_edited_before_it_is_saved(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    clash(surface, claim, second, fields=theirs_in(claim, claimant="Theirs"))

    dialog(surface).get_by_role("button", name="Edit before saving").click()
    expect(surface.inspector.get_by_label("Claimant")).to_have_value("Mine")
    surface.fill("Claimant", "Both of us")
    surface.save()

    assert work_document(claim)["fields"]["claimant"] == "Both of us"


def test_a_choice_put_off_is_still_there_after_a_reload(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    clash(surface, claim, second, fields=theirs_in(claim, claimant="Theirs"))
    expect(dialog(surface)).to_be_visible()
    surface.press("Escape")
    expect(dialog(surface)).to_have_count(0)

    surface.page.reload()
    surface.page.get_by_role("button", name="1 could not be saved").click()
    surface.page.get_by_role("button", name="Compare").click()
    dialog(surface).get_by_role("button", name="Save mine").click()

    surface.wait_until_saved()
    assert work_document(claim)["fields"]["claimant"] == "Mine"


def test_changes_of_different_fields_are_both_kept_and_that_is_said(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    clash(surface, claim, second, fields=theirs_in(claim, verdict="disputed"))

    surface.wait_until_saved()
    expect(surface.toast).to_contain_text("Second changed another field meanwhile")
    fields = work_document(claim)["fields"]
    assert (fields["claimant"], fields["verdict"]) == ("Mine", "disputed")
    assert work_document(claim)["version"] == 3


def test_another_label_is_asked_about_even_beside_another_field(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    clash(surface, claim, second, label="opinion")

    expect(dialog(surface).get_by_role("row", name="Label")).to_contain_text("Opinion")
    expect(dialog(surface).locator("mark")).to_have_text(["Opinion", "Mine"])
    assert work_document(claim)["version"] == 2


def test_a_deletion_of_what_was_changed_meanwhile_is_not_done(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    cut(surface.page)
    surface.press("Delete")
    expect(surface.items).to_have_count(0)
    edit_annotation(annotation=claim, by=second, expected_version=1, label="opinion")

    mend(surface.page)

    expect(surface.items).to_have_count(1)
    expect(surface.toast).to_contain_text("Second changed it meanwhile")
    surface.wait_until_saved()


def test_what_the_other_writes_while_i_type_is_shown_at_once_and_nothing_is_dropped(
    open_surface: Open, surface: SurfacePage, source: Source, claim: Annotation, second: User
) -> None:
    other = open_surface(second, source)
    other.click_on("Baku")
    surface.fill(CLAIM, "What I typed.")
    other.fill(CLAIM, "What they typed.")
    other.save()

    notice = surface.inspector.locator(".form-notice")
    expect(notice).to_contain_text("Second changed it meanwhile")
    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("What I typed.")
    notice.get_by_role("button", name="Compare").click()
    expect(dialog(surface)).to_contain_text("What they typed.")
    dialog(surface).get_by_role("button", name="Save mine").click()
    surface.wait_until_saved()

    expect(other.inspector.get_by_label(CLAIM)).to_have_value("What I typed.")
    assert work_document(claim)["version"] == 3


def test_another_field_is_taken_in_while_i_type(
    surface: SurfacePage, claim: Annotation, second: User
) -> None:
    surface.fill("Claimant", "Mine")
    fields = theirs_in(claim, verdict="disputed")
    edit_annotation(annotation=claim, by=second, expected_version=1, fields=fields)

    expect(surface.inspector).to_contain_text("Second changed another field meanwhile")
    expect(surface.inspector.get_by_label("Verdict")).to_have_value("disputed")
    expect(surface.inspector.get_by_label("Claimant")).to_have_value("Mine")
    surface.save()

    assert work_document(claim)["fields"]["verdict"] == "disputed"
    assert work_document(claim)["fields"]["claimant"] == "Mine"


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_each_state_of_saving_is_accessible(
    *,
    open_surface: Open,
    desk: Desk,
    source: Source,
    claim: Annotation,
    second: User,
    pytestconfig: pytest.Config,
    theme: str,
    width: int,
) -> None:
    surface = open_surface(
        member(desk, Role.EDITOR),
        source,
        color_scheme=theme,
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
    )
    surface.click_on("Baku")
    results = Path(pytestconfig.getoption("output"))

    def look(state: str) -> None:
        surface.page.screenshot(path=results / f"saving-{state}-{theme}-{width}.png")
        found = Axe().run(surface.page)
        assert found.violations_count == 0, found.generate_report()

    cut(surface.page)
    surface.fill("Claimant", "Mine, a name long enough to need more than one line in the table")
    surface.inspector.get_by_label("Label").select_option("prediction")
    surface.press("Control+Enter")
    expect(surface.status).to_contain_text("Offline: 1 waiting")
    look("offline")
    fields = theirs_in(claim, claimant="Theirs")
    edit_annotation(annotation=claim, by=second, expected_version=1, fields=fields, label="opinion")
    mend(surface.page)
    expect(dialog(surface)).to_be_visible()
    look("conflict")
    surface.press("Escape")
    surface.page.get_by_role("button", name="1 could not be saved").click()
    look("failures")
    surface.press("Escape")
    surface.page.context.clear_cookies(name="sessionid")
    surface.page.keyboard.press("Escape")
    surface.tag("Ankara", "e", "place")
    expect(surface.status).to_contain_text("Signed out: 1 waiting")
    look("signed-out")
