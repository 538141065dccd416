"""The ledger, by SQL past every service."""

from __future__ import annotations

import pytest

from annotations.models import Event, Ledger
from tests.factories import make_desk
from tests.models.attacks import a_draft, execute, refused

pytestmark = pytest.mark.django_db


def test_events_are_numbered_without_gaps_whatever_number_they_bring() -> None:
    desk = make_desk()
    before = Ledger.objects.get(desk=desk).seq

    Event.objects.create(desk=desk, type="desk.changed", seq=9_999)
    Event.objects.create(desk=desk, type="desk.changed", seq=1)

    seqs = Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, before + 3))


def test_events_of_two_desks_in_one_statement_are_numbered_each_on_its_own() -> None:
    desks = [make_desk(), make_desk()]
    before = [Ledger.objects.get(desk=desk).seq for desk in desks]

    Event.objects.bulk_create(Event(desk=desks[n % 2], type="desk.changed") for n in range(6))

    for desk, count in zip(desks, before, strict=True):
        seqs = Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, count + 4))
        assert Ledger.objects.get(desk=desk).seq == count + 3


def test_an_event_is_about_a_source_and_an_annotation_of_its_desk() -> None:
    annotation, elsewhere = a_draft(), a_draft()

    with refused("event_is_on_its_desk"):
        Event.objects.create(desk=annotation.desk, type="x", source=elsewhere.source)
    with refused("event_is_on_its_desk"):
        Event.objects.create(desk=annotation.desk, type="x", annotation=elsewhere)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE annotations_ledger SET seq = 0",
        "UPDATE annotations_ledger SET seq = seq + 1",
        "UPDATE annotations_ledger SET seq = seq - 1",
        "DELETE FROM annotations_ledger",
    ],
)
def test_the_ledger_counts_its_events_and_nothing_else(attack: str) -> None:
    make_desk()

    with refused("ledger_only_counts_events"):
        execute(attack)
