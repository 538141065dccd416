"""What the database itself promises about suggestions, attacked past every service."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from annotations.models import Annotation, Kind, Label, Role, Suggestion
from tests.factories import make_annotation, make_desk, make_source, member
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def mention() -> Annotation:
    return make_annotation(make_source(make_desk(), text="Baku 🙂 Baku."), spans=[(0, 4)])


def insert(mention: Annotation, **changes: Any) -> Suggestion:
    """A suggestion as the service writes it, save what is changed."""
    head = mention.versions.get()
    values = {
        "desk": mention.desk,
        "source": mention.source,
        "revision": head.revision,
        "kind": mention.kind,
        "label": head.label,
        "start": 7,
        "end": 11,
        "exact": "Baku",
        "origin": "occurrences/1",
        "prompted_by": mention,
        "proposed_by": mention.created_by,
    }
    return Suggestion.objects.bulk_create([Suggestion(**(values | changes))])[0]


def decision(mention: Annotation, state: str, annotation: Annotation | None) -> dict[str, Any]:
    by = member(mention.desk, Role.EDITOR)
    at = timezone.now()
    return {"state": state, "annotation": annotation, "decided_by": by, "decided_at": at}


def change(suggestion: Suggestion, **values: Any) -> None:
    Suggestion.objects.filter(id=suggestion.id).update(**values)


@pytest.mark.parametrize(
    "changes",
    [{"exact": "baku"}, {"start": 6}, {"end": 10}, {"end": 99, "exact": "Baku."}, {"start": 0}],
    ids=repr,
)
def test_its_words_are_those_of_the_text(mention: Annotation, changes: dict[str, Any]) -> None:
    with refused("suggestion_is_exact"):
        insert(mention, **changes)


def test_many_at_once_are_each_held_to_the_text(mention: Annotation) -> None:
    good = insert(mention)
    rows = [
        Suggestion(
            desk=good.desk, source=good.source, revision=good.revision, kind=good.kind,
            label=good.label, start=start, end=end, exact=exact, origin="x",
            proposed_by=good.proposed_by,
        )
        for start, end, exact in ((7, 9, "Ba"), (0, 4, "Baku"), (5, 6, "🙂"), (5, 7, "🙂!"))
    ]  # fmt: skip

    Suggestion.objects.bulk_create(rows[:3])
    with refused("suggestion_is_exact"):
        Suggestion.objects.bulk_create(rows[3:])


def test_it_does_not_leave_the_list_of_its_desk(mention: Annotation) -> None:
    suggestion = insert(mention, is_listed=False)
    change(suggestion, is_listed=True)

    with refused("listed_suggestion_stays_listed"):
        change(suggestion, is_listed=False)


def test_it_is_not_empty(mention: Annotation) -> None:
    with refused("suggestion_is_not_empty"):
        insert(mention, start=7, end=7, exact="")


def test_it_names_the_program(mention: Annotation) -> None:
    with refused("suggestion_names_its_origin"):
        insert(mention, origin="")


def test_it_stays_on_one_desk_one_source_and_one_kind(mention: Annotation) -> None:
    other = make_annotation(make_source(make_desk(), text="Baku 🙂 Baku."), spans=[(0, 4)])
    claim = Label.objects.filter(codebook__desk=mention.desk, kind=Kind.CLAIM)[0]

    for changes in (
        {"desk": other.desk},
        {"source": other.source},
        {"revision": other.versions.get().revision},
        {"label": other.versions.get().label},
        {"label": claim},
        {"kind": Kind.CLAIM},
        {"prompted_by": other},
    ):
        with refused("suggestion_is_on_its_desk"):
            insert(mention, **changes)


def test_it_starts_open(mention: Annotation) -> None:
    with refused("suggestion_starts_open"):
        insert(mention, **decision(mention, "dismissed", None))


def test_it_is_open_accepted_or_dismissed_and_nothing_between(mention: Annotation) -> None:
    suggestion = insert(mention)
    rule = "suggestion_is_open_accepted_or_dismissed"

    for values in (
        decision(mention, "accepted", None),
        decision(mention, "dismissed", mention),
        decision(mention, "open", None),
        decision(mention, "lost", None),
        {"state": "dismissed"},
    ):
        with refused(rule):
            change(suggestion, **values)


def test_it_becomes_an_annotation_of_its_own_source_and_kind(mention: Annotation) -> None:
    suggestion = insert(mention)
    claim = make_annotation(mention.source, kind=Kind.CLAIM, spans=[(0, 4)])
    elsewhere = make_annotation(make_source(mention.desk))

    for annotation in (claim, elsewhere):
        with refused("suggestion_becomes_what_it_proposed"):
            change(suggestion, **decision(mention, "accepted", annotation))


def test_one_decision_does_not_overwrite_another(mention: Annotation) -> None:
    suggestion = insert(mention)
    change(suggestion, **decision(mention, "dismissed", None))

    with refused("only_open_suggestions_are_decided"):
        change(suggestion, **decision(mention, "accepted", mention))


def test_what_it_says_never_changes(mention: Annotation) -> None:
    suggestion = insert(mention)

    for values in ({"exact": "baku"}, {"start": 6}, {"fields": {"a": "b"}}, {"origin": "y"}):
        with refused("suggestion_is_immutable"):
            change(suggestion, **values)


def test_the_same_tag_is_open_once(mention: Annotation) -> None:
    first = insert(mention)

    with refused("one_open_suggestion_of_a_tag"):
        insert(mention)
    insert(mention, fields={"wikidata": "Q9248"})
    change(first, **decision(mention, "dismissed", None))
    insert(mention)


def test_where_an_annotation_came_from_never_changes(mention: Annotation) -> None:
    with refused("origin_is_kept"):
        execute("UPDATE annotations_annotation SET origin = 'x' WHERE id = %s", mention.id)
