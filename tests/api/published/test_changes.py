"""The feed of changes: what it tells, in which order, and to whom nothing is told twice."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Kind, RelationType, Role, Source
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import edit_annotation
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published, read

pytestmark = pytest.mark.django_db

APPROVED, WITHDRAWN, RELINKED = "annotation.approved", "annotation.withdrawn", "relations.changed"


def shown(source: Source, start: int = 0, **said: Any) -> Annotation:
    return factories.approved(factories.make_annotation(source, spans=[(start, start + 6)], **said))


def relabelled(annotation: Annotation, label: str) -> Annotation:
    """A new version with that label, which waits for approval."""
    annotation = Annotation.objects.select_related("head", "desk").get(id=annotation.id)
    return edit_annotation(
        annotation=annotation,
        by=factories.member(annotation.desk, Role.EDITOR),
        expected_version=annotation.head.number,
        label=label,
    )


def retracted(annotation: Annotation) -> None:
    annotation = Annotation.objects.select_related("head", "desk").get(id=annotation.id)
    reviewer = factories.member(annotation.desk, Role.REVIEWER)
    withdraw(annotation=annotation, by=reviewer, reason="The name was wrong.")


def feed(desk: Desk, **query: Any) -> Any:
    return read(anonymous(), published(desk, "changes"), **query)


def test_changes_come_in_order_and_once(desk: Desk, source: Source) -> None:
    first, second = shown(source), shown(source, 8)
    factories.approved(relabelled(first, "person"))
    retracted(second)

    said = feed(desk)

    changes = said["changes"]
    assert [each["type"] for each in changes] == [APPROVED, APPROVED, APPROVED, WITHDRAWN]
    assert [each["id"] for each in changes] == [
        str(each.id) for each in (first, second, first, second)
    ]
    assert [each["annotation"] and each["annotation"]["label"] for each in changes] == [
        "person",
        None,
        "person",
        None,
    ]
    assert changes[3]["retraction"] == {"id": str(second.id), "reason": "The name was wrong."}
    assert said["next"] == said["newest"] == changes[3]["seq"]
    rest = feed(desk, after=said["next"])
    assert rest == {
        "changes": [], "next": said["next"], "has_more": False, "newest": said["newest"],
    }  # fmt: skip


def test_an_approval_of_what_was_published_is_a_correction(desk: Desk, source: Source) -> None:
    annotation = shown(source)
    factories.approved(relabelled(annotation, "person"))
    retracted(annotation)
    factories.approved(relabelled(annotation, "event"))

    changes = feed(desk)["changes"]

    assert [(each["type"], each["version"], each["correction"]) for each in changes] == [
        (APPROVED, 1, False),
        (APPROVED, 2, True),
        (WITHDRAWN, 2, False),
        (APPROVED, 3, False),
    ]


def test_what_is_linked_to_changes_what_links_to_it(desk: Desk, source: Source) -> None:
    mention = factories.make_annotation(source)
    quote = shown(source, 8, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, mention.id)])
    before = feed(desk)

    factories.approved(mention)
    linked = feed(desk, after=before["next"])
    retracted(mention)
    unlinked = feed(desk, after=linked["next"])

    assert before["changes"][0]["annotation"]["relations"] == []
    assert [(each["type"], each["id"]) for each in linked["changes"]] == [
        (APPROVED, str(mention.id)),
        (RELINKED, str(quote.id)),
    ]
    [relation] = linked["changes"][1]["annotation"]["relations"]
    assert relation["to"] == str(mention.id)
    assert [(each["type"], each["id"]) for each in unlinked["changes"]] == [
        (WITHDRAWN, str(mention.id)),
        (RELINKED, str(quote.id)),
    ]
    assert unlinked["changes"][1]["annotation"]["relations"] == []


def test_a_correction_of_what_is_linked_to_changes_no_link(desk: Desk, source: Source) -> None:
    mention = shown(source)
    shown(source, 8, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, mention.id)])
    before = feed(desk)

    factories.approved(relabelled(mention, "person"))

    assert [each["type"] for each in feed(desk, after=before["next"])["changes"]] == [APPROVED]


def test_changes_are_read_in_steps_that_link_to_each_other(desk: Desk, source: Source) -> None:
    rows = [shown(source, start) for start in (0, 8, 16)]
    address = f"{published(desk, 'changes')}?limit=1"

    seen, links = [], []
    while address:
        response = anonymous().get(address)
        step = response.json()
        seen += [each["id"] for each in step["changes"]]
        link = response.headers.get("Link", "")
        assert step["has_more"] == bool(link)
        address = link.removeprefix("<").removesuffix('>; rel="next"')
        links.append(address)

    assert seen == [str(each.id) for each in rows]
    assert [bool(link) for link in links] == [True, True, False]


def test_work_moves_no_cursor_and_shows_nothing(desk: Desk, source: Source) -> None:
    before = feed(desk)
    factories.returned(factories.make_annotation(source))
    factories.submitted(factories.make_annotation(source, spans=[(8, 12)]))

    after = feed(desk, after=before["next"])

    assert after == before


def test_nothing_new_is_not_sent_twice(
    desk: Desk, source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown(source)
    first = anonymous().get(published(desk, "changes"))

    with django_assert_num_queries(2):
        again = anonymous().get(
            published(desk, "changes"), headers={"If-None-Match": first["ETag"]}
        )
    shown(source, 8)
    later = anonymous().get(published(desk, "changes"), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (later.status_code, len(later.json()["changes"])) == (200, 2)


def test_a_feed_takes_four_statements_however_long(
    desk: Desk, source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for start in range(8):
        factories.approved(relabelled(shown(source, start), "person"))

    with django_assert_num_queries(4):
        feed(desk)


def test_a_copy_that_is_ahead_of_the_desk_is_told_so(desk: Desk) -> None:
    newest = feed(desk)["newest"]

    response = anonymous().get(published(desk, "changes"), {"after": newest + 1})

    assert response.status_code == 409
    assert "begin anew" in response.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [{"after": "-1"}, {"after": "x"}, {"after": str(2**63)}, {"limit": "0"}, {"limit": "501"}],
)
def test_a_wrong_place_in_the_feed_is_named(desk: Desk, query: dict[str, str]) -> None:
    response = anonymous().get(published(desk, "changes"), query)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == list(query)
