"""What people do with suggestions: accept, dismiss, put back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Refused
from annotations.models import Annotation, Desk, Event, EventType, Role, State, Suggestion
from annotations.models.identity import new_id
from annotations.services.suggestions.decide import (
    accept_suggestions,
    dismiss_suggestions,
    reopen_suggestions,
)
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.services.tagging.annotations import delete_annotation, edit_annotation
from annotations.suggesters.occurrences import ORIGIN
from tests.factories import (
    add_member,
    approved,
    make_annotation,
    make_desk,
    make_entity,
    make_source,
    member,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db

TEXT = "Baku said no. Baku`s answer 🙂 was Baku."


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def suggestions(desk: Desk) -> list[Suggestion]:
    record = make_entity(desk)
    mention = make_annotation(
        make_source(desk, text=TEXT), spans=[(0, 4)], fields={"entity": str(record.id)}
    )
    found = suggest_occurrences(annotation=mention, by=member(desk, Role.REVIEWER))
    return list(Suggestion.objects.filter(id__in=found.ids).order_by("start"))


def accept(desk: Desk, suggestions: list[Suggestion], role: Role = Role.EDITOR) -> list[Annotation]:
    became = accept_suggestions(
        desk=desk, by=member(desk, role), ids=[each.id for each in suggestions]
    )
    return [Annotation.objects.get(id=became[each.id]) for each in suggestions]


def dismiss(desk: Desk, suggestions: list[Suggestion]) -> None:
    ids = [each.id for each in suggestions]
    dismiss_suggestions(desk=desk, by=member(desk, Role.EDITOR), ids=ids)


def reopen(desk: Desk, suggestions: list[Suggestion], role: Role = Role.EDITOR) -> None:
    ids = [each.id for each in suggestions]
    reopen_suggestions(desk=desk, by=member(desk, role), ids=ids)


def states(suggestions: list[Suggestion]) -> list[str]:
    return [Suggestion.objects.get(id=each.id).state for each in suggestions]


def types(desk: Desk) -> list[str]:
    events = Event.objects.filter(desk=desk).order_by("-seq")
    return list(events.values_list("type", flat=True))


def test_accepted_ones_are_drafts_of_who_accepted_them(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    annotations = accept(desk, suggestions)

    assert [each.origin for each in annotations] == [ORIGIN, ORIGIN]
    for annotation, suggestion in zip(annotations, suggestions, strict=True):
        head = annotation.head
        assert head is not None
        span = head.spans.get()
        assert (span.start, span.end) == (suggestion.start, suggestion.end)
        assert (head.state, head.number, head.fields) == (State.DRAFT, 1, suggestion.fields)
        assert head.author == annotation.created_by == member(desk, Role.EDITOR)
        suggestion.refresh_from_db()
        assert (suggestion.state, suggestion.annotation) == ("accepted", annotation)
        assert suggestion.decided_by == member(desk, Role.EDITOR)
    assert types(desk)[:2] == [EventType.ANNOTATION_CREATED] * 2


def test_accepting_again_changes_nothing_whoever_does(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    first = accept(desk, suggestions)
    before = types(desk)

    again = accept(desk, suggestions)
    by_another = accept(desk, suggestions, Role.REVIEWER)

    assert first == again == by_another
    assert types(desk) == before


def test_those_of_several_sources_are_accepted_in_one_stroke(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    other = make_annotation(make_source(desk, text="Baku, Baku"), spans=[(0, 4)])
    found = suggest_occurrences(annotation=other, by=member(desk, Role.EDITOR))
    both = [*suggestions, Suggestion.objects.get(id=found.ids[0])]

    annotations = accept(desk, both)

    assert [each.source_id for each in annotations] == [each.source_id for each in both]


def test_where_the_very_tag_stands_already_no_second_one_is_made(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    first = suggestions[0]
    there = make_annotation(
        first.source,
        spans=[(first.start, first.end)],
        fields=first.fields,
        by=add_member(desk, Role.EDITOR),
    )

    annotations = accept(desk, suggestions)

    assert annotations[0] == there
    assert annotations[1].origin == ORIGIN
    reopen(desk, suggestions)
    there.refresh_from_db()
    assert there.deleted_at is None


def test_undoing_an_acceptance_deletes_the_drafts_and_opens_the_suggestions(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    annotations = accept(desk, suggestions)

    reopen(desk, suggestions)

    assert states(suggestions) == ["open", "open"]
    assert not Annotation.objects.present().filter(id__in=[a.id for a in annotations]).exists()


def test_accepting_after_the_undo_brings_the_same_annotations_back(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    first = accept(desk, suggestions)
    reopen(desk, suggestions)

    again = accept(desk, suggestions)

    assert first == again
    assert all(each.deleted_at is None for each in again)
    assert states(suggestions) == ["accepted", "accepted"]


def test_after_an_undo_somebody_else_may_accept(desk: Desk, suggestions: list[Suggestion]) -> None:
    accept(desk, suggestions)
    reopen(desk, suggestions)

    annotations = accept(desk, suggestions, Role.REVIEWER)

    assert {each.created_by for each in annotations} == {member(desk, Role.REVIEWER)}


def test_an_undo_never_takes_what_somebody_else_wrote_meanwhile(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    annotations = accept(desk, suggestions)
    edit_annotation(
        annotation=annotations[1],
        by=member(desk, Role.REVIEWER),
        expected_version=1,
        label="organization",
    )

    with pytest.raises(Conflict, match="edited “Baku” meanwhile"):
        reopen(desk, suggestions)

    assert states(suggestions) == ["accepted", "accepted"]
    assert Annotation.objects.present().filter(origin=ORIGIN).count() == 2


def test_what_is_published_is_not_undone(desk: Desk, suggestions: list[Suggestion]) -> None:
    approved(accept(desk, suggestions)[0])

    with pytest.raises(Conflict, match="withdraw"):
        reopen(desk, suggestions)

    assert states(suggestions) == ["accepted", "accepted"]


@pytest.mark.parametrize("step", [submitted, returned, rejected])
def test_what_is_in_review_or_decided_on_is_not_undone(
    desk: Desk, suggestions: list[Suggestion], step: Callable[[Annotation], Annotation]
) -> None:
    step(accept(desk, suggestions)[0])

    with pytest.raises(Conflict, match="One of these"):
        reopen(desk, suggestions)

    assert states(suggestions) == ["accepted", "accepted"]
    assert Annotation.objects.present().filter(origin=ORIGIN).count() == 2


def test_others_do_not_undo_an_editors_acceptance(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    accept(desk, suggestions)

    with pytest.raises(DomainError):
        reopen_suggestions(desk=desk, by=add_member(desk, Role.EDITOR), ids=[suggestions[0].id])

    assert states(suggestions) == ["accepted", "accepted"]


def test_deleting_an_accepted_tag_does_not_propose_it_by_itself(
    desk: Desk, suggestions: list[Suggestion]
) -> None:
    annotation = accept(desk, suggestions)[0]

    delete_annotation(annotation=annotation, by=member(desk, Role.EDITOR), expected_version=1)

    assert states(suggestions) == ["accepted", "accepted"]


def test_dismissing_is_remembered_with_one_event(desk: Desk, suggestions: list[Suggestion]) -> None:
    dismiss(desk, suggestions)
    dismiss(desk, suggestions)

    assert states(suggestions) == ["dismissed", "dismissed"]
    event = Event.objects.get(desk=desk, type=EventType.SUGGESTIONS_DISMISSED)
    assert event.note == "2 × “Baku”"
    assert event.source == suggestions[0].source


def test_what_was_dismissed_can_be_put_back(desk: Desk, suggestions: list[Suggestion]) -> None:
    dismiss(desk, suggestions)

    reopen(desk, suggestions)

    assert states(suggestions) == ["open", "open"]
    assert types(desk)[0] == EventType.SUGGESTIONS_REOPENED


def test_nobody_overrules_a_colleague_unawares(desk: Desk, suggestions: list[Suggestion]) -> None:
    dismiss(desk, suggestions[:1])

    with pytest.raises(Conflict, match="dismissed in the meantime"):
        accept(desk, suggestions)
    accept(desk, suggestions[1:])
    with pytest.raises(Conflict, match="accepted in the meantime"):
        dismiss(desk, suggestions)

    assert states(suggestions) == ["dismissed", "accepted"]


@pytest.mark.parametrize("service", [accept_suggestions, dismiss_suggestions, reopen_suggestions])
def test_only_editors_of_the_desk_decide(
    desk: Desk, suggestions: list[Suggestion], service: object
) -> None:
    ids = [each.id for each in suggestions]

    with pytest.raises(Refused):
        service(desk=desk, by=member(desk, Role.READER), ids=ids)  # type: ignore[operator]
    with pytest.raises(NotFound):
        service(desk=desk, by=member(make_desk(), Role.EDITOR), ids=ids)  # type: ignore[operator]
    other = make_desk()
    with pytest.raises(NotFound):
        service(desk=other, by=member(other, Role.EDITOR), ids=ids)  # type: ignore[operator]
    with pytest.raises(NotFound):
        service(desk=desk, by=member(desk, Role.EDITOR), ids=[*ids, new_id()])  # type: ignore[operator]
    with pytest.raises(Invalid):
        service(desk=desk, by=member(desk, Role.EDITOR), ids=[])  # type: ignore[operator]

    assert states(suggestions) == ["open", "open"]
