"""Tag all: what is proposed from one mention, in its source and on the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from annotations.errors import Conflict, NotFound, Refused
from annotations.models import Annotation, Event, EventType, Job, Kind, Role, Source, Suggestion
from annotations.queries.suggestions import open_by_source, open_in_order, suggestions_on
from annotations.services import jobs
from annotations.services.suggestions import propose as proposing
from annotations.services.suggestions.decide import (
    accept_suggestions,
    dismiss_suggestions,
    reopen_suggestions,
)
from annotations.services.suggestions.propose import (
    run_search,
    suggest_occurrences,
    suggest_on_desk,
)
from annotations.services.tagging.annotations import delete_annotation
from annotations.suggesters.occurrences import ORIGIN
from annotations.text.spans import Span
from tests.factories import make_annotation, make_desk, make_entity, make_source, member

pytestmark = pytest.mark.django_db

TEXT = "Baku said no. Baku`s answer 🙂 was Baku. The Baku Post and Bakuvians wrote of baku."


@pytest.fixture
def source() -> Source:
    return make_source(make_desk(), text=TEXT)


@pytest.fixture
def mention(source: Source) -> Annotation:
    return make_annotation(source, spans=[(0, 4)])


def propose(mention: Annotation) -> list[Suggestion]:
    found = suggest_occurrences(annotation=mention, by=member(mention.desk, Role.EDITOR))
    return [Suggestion.objects.get(id=id) for id in found.ids]


def spans(suggestions: list[Suggestion]) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in suggestions]


def test_every_other_place_of_the_words_is_proposed_with_the_mentions_tag(
    mention: Annotation,
) -> None:
    suggestions = propose(mention)

    assert spans(suggestions) == [(14, 18), (34, 38), (44, 48)]
    assert {each.exact for each in suggestions} == {"Baku"}
    first = suggestions[0]
    assert (first.prefix, first.suffix) == ("Baku said no. ", TEXT[18:50])
    assert first.label.name == "place"
    assert (first.origin, first.prompted_by, first.state) == (ORIGIN, mention, "open")
    assert first.proposed_by == member(mention.desk, Role.EDITOR)


def test_the_names_of_the_register_are_looked_for_too(source: Source) -> None:
    record = make_entity(source.desk, "Baku", aliases=["The Baku Post", "baku"])
    mention = make_annotation(source, spans=[(0, 4)], fields={"entity": str(record.id)})

    suggestions = propose(mention)

    assert [each.exact for each in suggestions] == ["Baku", "Baku", "The Baku Post", "baku"]
    assert {each.fields["entity"] for each in suggestions} == {str(record.id)}


def test_what_is_tagged_with_the_label_is_left_out(source: Source, mention: Annotation) -> None:
    make_annotation(source, spans=[(9, 20)])
    make_annotation(source, spans=[(29, 38)], label="organization")

    assert spans(propose(mention)) == [(34, 38), (44, 48)]


def test_what_is_tagged_with_the_same_record_is_left_out_whatever_its_label(
    source: Source,
) -> None:
    record = {"entity": str(make_entity(source.desk).id)}
    make_annotation(source, spans=[(14, 18)], label="organization", fields=record)
    mention = make_annotation(source, spans=[(0, 4)], fields=record)

    assert spans(propose(mention)) == [(34, 38), (44, 48)]


def test_a_deleted_tag_leaves_its_place_free(source: Source, mention: Annotation) -> None:
    editor = member(source.desk, Role.EDITOR)
    other = make_annotation(source, spans=[(14, 18)])
    delete_annotation(annotation=other, by=editor, expected_version=1)

    assert (14, 18) in spans(propose(mention))


def test_asking_again_answers_with_the_same(mention: Annotation) -> None:
    first, again = propose(mention), propose(mention)

    assert first == again
    assert Suggestion.objects.count() == 3


def test_what_somebody_dismissed_is_not_proposed_again(mention: Annotation) -> None:
    first = propose(mention)[0]
    dismiss_suggestions(desk=mention.desk, by=member(mention.desk, Role.REVIEWER), ids=[first.id])

    assert first not in propose(mention)


def test_the_same_words_for_another_record_are_proposed_all_the_same(source: Source) -> None:
    """Two people of one name: who is not the father may be the son."""
    father, son = (
        make_annotation(
            source, spans=[span], label="person", fields={"entity": str(record.id)}
        )
        for span, record in (
            ((0, 4), make_entity(source.desk, "Baku the father", "person")),
            ((14, 18), make_entity(source.desk, "Baku the son", "person")),
        )
    )  # fmt: skip
    suggestions = propose(father)
    dismiss_suggestions(
        desk=source.desk,
        by=member(source.desk, Role.EDITOR),
        ids=[each.id for each in suggestions],
    )

    assert spans(propose(son)) == spans(suggestions) == [(34, 38), (44, 48)]


def test_a_split_mention_is_looked_for_as_one(source: Source) -> None:
    mention = make_annotation(source, spans=[(40, 44), (49, 54)], label="organization")

    assert propose(mention) == []


def test_at_most_a_thousand_are_proposed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "MOST_AT_ONCE", 2)
    source = make_source(make_desk(), text=TEXT)
    mention = make_annotation(source, spans=[(0, 4)])
    editor = member(source.desk, Role.EDITOR)

    first = propose(mention)
    again = suggest_occurrences(annotation=mention, by=editor)
    assert (again.ids, again.new, again.more) == ([each.id for each in first], 0, 1)
    accept_suggestions(desk=source.desk, by=editor, ids=again.ids)

    assert spans(first) == [(14, 18), (34, 38)]
    assert spans(propose(mention)) == [(44, 48)]


def test_one_event_says_how_many_were_proposed(mention: Annotation) -> None:
    propose(mention)
    propose(mention)

    event = Event.objects.get(type=EventType.SUGGESTIONS_PROPOSED)
    assert (event.source, event.annotation, event.note) == (mention.source, None, "3 × “Baku”")


def choose(mention: Annotation, *spans: Span) -> list[UUID]:
    """Record places as Tag all does, right before they are accepted or dismissed."""
    editor = member(mention.desk, Role.EDITOR)
    return suggest_occurrences(annotation=mention, by=editor, spans=spans).ids


def listed(mention: Annotation) -> list[tuple[int, int]]:
    """What the lists and counts of all members show."""
    shown = spans(list(open_in_order(mention.desk)))
    assert suggestions_on(mention.desk).count() == len(shown)
    assert open_by_source([mention.source_id], most=9) == {mention.source_id: len(shown)}
    return shown


@pytest.mark.parametrize("decide", [accept_suggestions, dismiss_suggestions])
def test_a_place_chosen_in_tag_all_is_listed_for_nobody_before_and_after_the_undo(
    mention: Annotation, decide: Any
) -> None:
    editor = member(mention.desk, Role.EDITOR)
    ids = choose(mention, Span(14, 18), Span(34, 38))
    assert listed(mention) == []

    decide(desk=mention.desk, by=editor, ids=ids)
    reopen_suggestions(desk=mention.desk, by=editor, ids=ids)

    assert listed(mention) == []
    assert not Event.objects.filter(type=EventType.SUGGESTIONS_PROPOSED).exists()
    assert choose(mention, Span(14, 18), Span(34, 38)) == ids
    decide(desk=mention.desk, by=editor, ids=ids)
    assert Suggestion.objects.count() == 2


def test_a_listed_suggestion_is_listed_again_after_the_undo(mention: Annotation) -> None:
    editor = member(mention.desk, Role.EDITOR)
    propose(mention)
    ids = choose(mention, Span(14, 18))

    accept_suggestions(desk=mention.desk, by=editor, ids=ids)
    assert listed(mention) == [(34, 38), (44, 48)]
    reopen_suggestions(desk=mention.desk, by=editor, ids=ids)

    assert listed(mention) == [(14, 18), (34, 38), (44, 48)]


def test_a_search_lists_what_an_undone_tag_all_left(mention: Annotation) -> None:
    ids = choose(mention, Span(14, 18))

    job = search(mention)

    assert listed(mention) == [(14, 18), (34, 38), (44, 48)]
    assert Suggestion.objects.filter(job=job, id__in=ids).count() == 1
    assert Event.objects.get(type=EventType.SUGGESTIONS_PROPOSED).note == "3 × “Baku”"
    found = suggest_occurrences(annotation=mention, by=member(mention.desk, Role.EDITOR))
    assert found.new == 0


def test_only_mentions_of_entities_are_looked_for(source: Source) -> None:
    claim = make_annotation(source, kind=Kind.CLAIM)

    with pytest.raises(Conflict, match="Only mentions"):
        propose(claim)
    with pytest.raises(Conflict, match="Only mentions"):
        suggest_on_desk(annotation=claim, by=member(source.desk, Role.EDITOR))


def test_readers_and_strangers_propose_nothing(mention: Annotation) -> None:
    with pytest.raises(Refused):
        suggest_occurrences(annotation=mention, by=member(mention.desk, Role.READER))
    with pytest.raises(NotFound):
        suggest_occurrences(annotation=mention, by=member(make_desk(), Role.MANAGER))


def search(mention: Annotation) -> Job:
    job = suggest_on_desk(annotation=mention, by=member(mention.desk, Role.EDITOR))
    jobs.run(job.id, {Job.Type.SUGGEST: run_search})
    job.refresh_from_db()
    return job


def test_the_job_searches_all_sources_of_the_desk_and_no_other(mention: Annotation) -> None:
    near = make_source(mention.desk, text="From Baku with love.")
    make_source(mention.desk, text="Nothing here.")
    make_source(make_desk(), text="Baku of another desk.")

    job = search(mention)

    assert (job.state, job.progress, job.error) == (Job.State.DONE, 100, "")
    found = Suggestion.objects.filter(job=job)
    assert found.filter(source=near).count() == 1
    assert found.filter(source=mention.source).count() == 3
    assert found.count() == Suggestion.objects.count() == 4
    event = Event.objects.get(type=EventType.SUGGESTIONS_PROPOSED)
    assert (event.source, event.note) == (None, "4 × “Baku”")


def test_a_search_that_is_under_way_is_not_begun_twice(mention: Annotation) -> None:
    editor = member(mention.desk, Role.EDITOR)

    first = suggest_on_desk(annotation=mention, by=editor)
    again = suggest_on_desk(annotation=mention, by=editor)

    assert first == again


def test_an_attempt_goes_on_where_another_died(
    mention: Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_source(mention.desk, text="From Baku with love.")
    job = suggest_on_desk(annotation=mention, by=member(mention.desk, Role.EDITOR))
    propose_in = proposing._propose

    def dying(*args: object) -> object:
        monkeypatch.setattr(proposing, "_propose", failing)
        return propose_in(*args)  # type: ignore[arg-type]

    def failing(*args: object) -> object:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(proposing, "_propose", dying)
    jobs.run(job.id, {Job.Type.SUGGEST: run_search})
    assert Suggestion.objects.count() == 3
    monkeypatch.setattr(proposing, "_propose", propose_in)
    jobs.run(job.id, {Job.Type.SUGGEST: run_search})

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    assert Suggestion.objects.count() == 4


def test_an_attempt_whose_lease_is_lost_writes_nothing(mention: Annotation) -> None:
    job = suggest_on_desk(annotation=mention, by=member(mention.desk, Role.EDITOR))

    with pytest.raises(Conflict):
        run_search(job, job.id)

    assert not Suggestion.objects.exists()


def test_the_search_fails_with_a_sentence_when_the_mention_is_gone(mention: Annotation) -> None:
    editor = member(mention.desk, Role.EDITOR)
    job = suggest_on_desk(annotation=mention, by=editor)
    delete_annotation(annotation=mention, by=editor, expected_version=1)

    jobs.run(job.id, {Job.Type.SUGGEST: run_search})

    job.refresh_from_db()
    assert (job.state, job.error) == (
        Job.State.FAILED,
        "There is no such annotation on this desk.",
    )
