"""What two connections do at the same time, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from annotations import models
from annotations.errors import Conflict, Invalid, Outdated
from annotations.models import Annotation, EventType, Role, State, Version
from annotations.models.identity import new_id
from annotations.services.ledger import record
from annotations.services.review import decide
from annotations.services.tagging.annotations import edit_annotation, write_annotation
from annotations.services.tagging.drafts import Draft, Part
from tests.factories import (
    add_member,
    make_annotation,
    make_desk,
    make_source,
    member,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, all started at the same moment in connections of their own."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_same_id_sent_twice_at_once_makes_one_annotation() -> None:
    source, id = make_source(make_desk()), new_id()

    results = at_once(*[lambda: make_annotation(source, id=id)] * 4)

    assert [each.id for each in results] == [id] * 4
    assert Version.objects.count() == 1
    assert models.Event.objects.filter(annotation_id=id).count() == 1


def test_what_one_person_tags_at_once_is_written_whatever_else_they_get_wrong() -> None:
    source = make_source(make_desk())
    by, id = member(source.desk, Role.EDITOR), new_id()
    spans = [(0, 4), (5, 9), (10, 10), (0, 4), (29, 33), (0, 4_000_000)]
    ids = [new_id(), new_id(), new_id(), id, id, new_id()]
    drafts = [
        Draft("entity", "place", [Part(*span)], {}, id=each)
        for span, each in zip(spans, ids, strict=True)
    ]

    results = at_once(
        *[
            lambda draft=draft: write_annotation(
                desk=source.desk_id, source=source.id, by=by, draft=draft
            )
            for draft in drafts
        ]
    )

    wrong = [position for position, each in enumerate(results) if isinstance(each, Invalid)]
    assert wrong == [2, 5]
    assert [each.id for each in results if not isinstance(each, Invalid)] == [
        *ids[:2],
        *ids[3:5],
    ]
    assert sum(each.is_new for each in results[3:5]) == 1
    assert Annotation.objects.count() == Version.objects.count() == 3


def test_what_many_people_tag_at_once_on_many_sources_is_written_once_each() -> None:
    desk = make_desk()
    people = [add_member(desk, Role.EDITOR) for _ in range(4)]
    sources = [make_source(desk) for _ in range(3)]
    before = models.Event.objects.filter(desk=desk).count()
    tags = [
        (by, source, Draft("entity", "place", [Part(0, end)], {}, id=new_id()))
        for by in people
        for source in sources
        for end in (6, 10, 4_000)  # the last is outside the text
    ]

    def write_each_twice(some: list[Any]) -> None:
        for by, source, draft in some + some[::-1]:
            with suppress(Invalid):
                write_annotation(desk=desk.id, source=source.id, by=by, draft=draft)

    results = at_once(*[lambda part=part: write_each_twice(tags[part::6]) for part in range(6)] * 2)

    assert not any(results)
    rows = Annotation.objects.values_list("id", "source_id", "created_by_id", "head__author_id")
    assert sorted(rows) == sorted(
        (draft.id, source.id, by.id, by.id)
        for by, source, draft in tags
        if draft.parts[0].end < 4_000
    )
    seqs = models.Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, before + 1 + Annotation.objects.count()))


def test_of_two_edits_of_one_version_the_second_is_outdated() -> None:
    annotation = make_annotation(make_source(make_desk()))
    editors = [annotation.created_by, add_member(annotation.desk, Role.EDITOR)]

    results = at_once(
        *[
            lambda by=by: edit_annotation(
                annotation=annotation, by=by, expected_version=1, parts=[Part(29, 33)]
            )
            for by in editors
        ]
    )

    outdated = [each for each in results if isinstance(each, Outdated)]
    assert len(outdated) == 1
    assert outdated[0].current.head.number == 2
    assert annotation.versions.count() == 2


def test_of_two_decisions_on_one_version_one_counts() -> None:
    annotation = submitted(make_annotation(make_source(make_desk())))
    reviewers = [
        member(annotation.desk, Role.REVIEWER),
        add_member(annotation.desk, Role.REVIEWER),
    ]

    results = at_once(
        *[
            lambda by=by, verdict=verdict: decide(
                annotation=annotation, by=by, expected_version=1, verdict=verdict, note="Because."
            )
            for by, verdict in zip(reviewers, ["approve", "reject"], strict=True)
        ]
    )

    assert sum(isinstance(each, Conflict) for each in results) == 1
    version = annotation.versions.get()
    assert version.decisions.count() == 1
    assert (version.state == State.APPROVED) == (
        Annotation.objects.get(id=annotation.id).published_id == version.id
    )


def test_events_of_many_writers_are_numbered_without_gaps() -> None:
    source = make_source(make_desk())
    before = models.Event.objects.filter(desk=source.desk).count()

    results = at_once(*[lambda: [make_annotation(source) for _ in range(5)]] * 4)

    assert not [each for each in results if isinstance(each, Exception)]
    seqs = (
        models.Event.objects.filter(desk=source.desk).order_by("seq").values_list("seq", flat=True)
    )
    assert list(seqs) == list(range(1, before + 21))


def test_a_later_number_is_never_seen_before_an_earlier_one() -> None:
    """The second writer waits for the first to commit, so readers cannot skip its event."""
    desk = make_desk()
    first_has_written, second_is_done = Event(), Event()

    def second() -> None:
        first_has_written.wait(timeout=10)
        try:
            record(desk=desk, type=EventType.DESK_CHANGED, actor=None, note="second")
        finally:
            connection.close()
        second_is_done.set()

    thread = Thread(target=second)
    thread.start()
    with transaction.atomic():
        record(desk=desk, type=EventType.DESK_CHANGED, actor=None, note="first")
        first_has_written.set()
        overtaken = second_is_done.wait(timeout=0.5)
    thread.join(timeout=10)

    assert not overtaken
    notes = models.Event.objects.filter(desk=desk).order_by("seq").values_list("note", flat=True)
    assert list(notes)[-2:] == ["first", "second"]


def test_a_writer_that_fails_leaves_no_gap() -> None:
    desk = make_desk()
    before = models.Event.objects.filter(desk=desk).count()

    with transaction.atomic():
        record(desk=desk, type=EventType.DESK_CHANGED, actor=None)
        transaction.set_rollback(True)

    event = record(desk=desk, type=EventType.DESK_CHANGED, actor=None)
    event.refresh_from_db()
    assert event.seq == before + 1
