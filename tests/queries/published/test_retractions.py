"""How two releases differ, by the ledger."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from annotations.errors import NotFound
from annotations.models import Annotation, Desk, Release, Role
from annotations.queries.published.retractions import Difference, differences, retractions_until
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import edit_annotation
from tests import factories
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


def shown(desk: Desk) -> Annotation:
    return factories.approved(factories.make_annotation(factories.make_source(desk)))


def gone(annotation: Annotation, reason: str = "Wrong.") -> None:
    current = Annotation.objects.get(id=annotation.id)
    withdraw(annotation=current, by=factories.member(current.desk, Role.REVIEWER), reason=reason)


def corrected(annotation: Annotation, version: int = 1) -> None:
    current = Annotation.objects.get(id=annotation.id)
    editor = factories.member(current.desk, Role.EDITOR)
    label = ("person", "organization")[version % 2]
    edited = edit_annotation(annotation=current, by=editor, expected_version=version, label=label)
    factories.approved(edited)


def told(earlier: Release, later: Release) -> list[tuple[str, int | None, int | None]]:
    found = differences(earlier, later, after=None, limit=100)
    assert sum(found.counts.values()) == len(found.changes)
    return [(each.change, each.was_version, each.version) for each in found.changes]


def test_what_was_added_changed_and_retracted(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept, changed, retracted, both = (shown(desk) for _ in range(4))
    first = make_release(desk)
    corrected(changed)
    gone(retracted, "The name was wrong.")
    added = shown(desk)
    passing = shown(desk)
    gone(passing)
    gone(both)
    corrected(both, 1)
    second = make_release(desk)
    shown(desk)

    with django_assert_num_queries(2):
        found = differences(first, second, after=None, limit=100)

    assert found.counts == {"added": 1, "changed": 2, "retracted": 1}
    assert found.changes == [
        Difference(changed.id, 1, 2, "", "changed"),
        Difference(retracted.id, 1, None, "The name was wrong.", "retracted"),
        Difference(both.id, 1, 2, "", "changed"),
        Difference(added.id, None, 1, "", "added"),
    ]
    assert kept.id not in {each.id for each in found.changes}
    assert told(first, first) == []


def test_differences_add_up_over_several_releases(desk: Desk) -> None:
    early = shown(desk)
    first = make_release(desk)
    gone(early)
    make_release(desk)
    corrected(early, 1)
    third = make_release(desk)

    assert told(first, third) == [("changed", 1, 2)]


def test_differences_come_in_pages(desk: Desk) -> None:
    first = make_release(desk)
    rows = [shown(desk) for _ in range(3)]
    second = make_release(desk)

    start = differences(first, second, after=None, limit=2)
    rest = differences(first, second, after=start.next, limit=2)

    assert [each.id for each in [*start.changes, *rest.changes]] == [each.id for each in rows]
    assert (start.next, rest.next) == (rows[1].id, None)
    assert rest.counts == {"added": 3, "changed": 0, "retracted": 0}


def test_another_desk_does_not_show(desk: Desk) -> None:
    first = make_release(desk)
    shown(factories.make_desk())

    assert told(first, make_release(desk)) == []


def test_a_release_is_compared_with_an_earlier_one(desk: Desk) -> None:
    first, second = make_release(desk), make_release(desk)

    with pytest.raises(NotFound, match="earlier"):
        differences(second, first, after=None, limit=1)
    second.ledger_seq = None
    with pytest.raises(NotFound, match="before differences were kept"):
        differences(first, second, after=None, limit=1)


def test_each_retraction_names_the_releases_that_have_it(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    annotation = shown(desk)
    make_release(desk)
    gone(annotation, "First.")
    make_release(desk)
    corrected(annotation, 1)
    make_release(desk)
    last = make_release(desk)
    gone(annotation, "Second.")
    last = make_release(desk)

    with django_assert_num_queries(1):
        found = list(retractions_until(desk, last.ledger_seq or 0))

    assert [(each.version, each.reason, each.releases) for each in found] == [
        (1, "First.", [1]),
        (2, "Second.", [3, 4]),
    ]
    assert [each.published_again for each in found] == [False, False]
