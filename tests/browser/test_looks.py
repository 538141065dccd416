"""The surface for those who decide, have no JavaScript or begin; and what tests of looks share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Kind, RelationType, Role, Source
from annotations.services.tagging.drafts import Link
from tests.browser.surface_page import SurfacePage
from tests.factories import (
    CORPUS,
    approved,
    make_annotation,
    make_desk,
    make_source,
    member,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)
# Colours depend on the theme and places on the width: two of the four pairs show both, and
# EVERY_LOOK=1 tries the others too.
PAIRS = [("light", 1440), ("dark", 390), ("light", 390), ("dark", 1440)]
LOOKS = [
    pytest.param(theme, width, id=f"{theme}-{width}")
    for theme, width in (PAIRS if os.environ.get("EVERY_LOOK") else PAIRS[:2])
]


def tagged_article() -> Source:
    """The seed article with its annotations: drafts, and some further on their way."""
    source = make_source(
        make_desk(),
        text=(CORPUS / "article.txt").read_text(encoding="utf-8"),
        title="Turkey Azerbaijan Military Agreement",
        publisher="A publisher",
        language="en",
    )
    rows = [
        json.loads(line)
        for line in (CORPUS / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    made: dict[str, Annotation] = {}
    for row in rows:
        made[row["ref"]] = make_annotation(
            source,
            kind=Kind(row["kind"]),
            label=row["label"],
            spans=[(span["start"], span["end"]) for span in row["spans"]],
            fields=row["fields"],
            links=[
                Link(RelationType(link["type"]), made[link["to"]].id)
                for link in row["relations"]
                if link["to"] in made
            ],
        )
    for step, annotation in zip((submitted, approved, returned) * 3, made.values(), strict=False):
        step(annotation)
    return source


def axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_reviewer_decides_beside_the_text(open_surface: Callable[..., SurfacePage]) -> None:
    source = make_source(make_desk())
    annotation = submitted(make_annotation(source))
    surface = open_surface(member(source.desk, Role.REVIEWER), source)
    surface.click_on("Ankara")
    surface.inspector.get_by_role("button", name="Return").click()
    expect(surface.inspector.locator(".field-error:visible")).to_contain_text("note")
    axe_finds_nothing(surface.page)

    surface.inspector.get_by_role("button", name="Approve").click()

    expect(surface.inspector.locator(".state").first).to_have_text("Approved")
    annotation.refresh_from_db()
    assert annotation.published_id == annotation.head_id


def test_the_text_is_there_without_javascript(sign_in: Callable[..., Page]) -> None:
    text = "One\n\n  two\tand „three“\n"
    source = make_source(make_desk(), text=text)
    page = sign_in(member(source.desk, Role.READER), java_script_enabled=False)

    page.goto(f"/desks/{source.desk.slug}/sources/{source.id}/")

    assert page.locator("#text").text_content() == text


def test_a_text_without_tags_teaches_the_first_steps(
    open_surface: Callable[..., SurfacePage],
) -> None:
    source = make_source(make_desk())
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    steps = surface.page.locator("#first-steps")
    expect(steps).to_be_visible()
    expect(steps).to_contain_text("Submit")
    axe_finds_nothing(surface.page)

    surface.tag("Ankara", "e", "place")

    expect(steps).to_be_hidden()
    surface.wait_until_saved()


def test_only_what_is_selected_looks_so_in_forced_colours(
    open_surface: Callable[..., SurfacePage],
) -> None:
    source = make_source(make_desk())
    make_annotation(source)
    surface = open_surface(member(source.desk, Role.EDITOR), source, forced_colors="active")

    def background(highlight: str) -> str:
        return surface.page.evaluate(
            "(name) => getComputedStyle("
            "document.querySelector('[data-painted]'), `::highlight(${name})`).backgroundColor",
            highlight,
        )

    assert background("entity-0") == "rgba(0, 0, 0, 0)"
    assert background("selected") != "rgba(0, 0, 0, 0)"
