"""The statement that writes annotations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import Annotation, Event, Kind, RelationType, Role, Source
from annotations.models.identity import new_id
from annotations.queries.annotations.work import work_texts
from annotations.queries.desks import vocabulary
from annotations.services.tagging import annotations as service
from annotations.services.tagging import bulk_insert
from annotations.services.tagging.annotations import Written, write_annotation, write_annotations
from annotations.services.tagging.drafts import Draft, Link, Part
from tests.factories import add_member, make_desk, make_source, member

pytestmark = pytest.mark.django_db

VALUES = ("desk", "now", "event")


def written(source: Source, *drafts: Draft) -> list[Written]:
    by = member(source.desk, Role.EDITOR)
    return write_annotations(desk=source.desk_id, source=source.id, by=by, drafts=drafts)


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_what_a_writer_is_answered_is_what_readers_get(
    monkeypatch: pytest.MonkeyPatch, microsecond: int
) -> None:
    now = datetime(2026, 3, 1, 23, 59, 59, microsecond, tzinfo=UTC)
    monkeypatch.setattr(bulk_insert.timezone, "now", lambda: now)
    source = make_source(
        make_desk(), text='„Wir — sagte er —\u2028 kommen“ 😀\t"\\ \u202eabc\r\nEnde'
    )
    speaker = Draft(Kind.ENTITY, "person", [Part(6, 10)], {}, origin="occurrences")
    links = [Link(RelationType.SAID_BY, speaker.id)]
    quote = Draft(Kind.QUOTE, "direct", [Part(17, 36), Part(1, 4)], {"cue": "„\u2028<"}, links)
    claim = Draft(
        Kind.CLAIM,
        "checkable",
        [Part(26, 34)],
        {"normalized": " Er kommt. ", "evidence": "https://a.example https://b.example/?q=ä"},
        [Link(RelationType.STATED_IN, quote.id), Link(RelationType.ABOUT, speaker.id)],
    )

    answers = written(source, claim, quote, speaker)

    read = work_texts([each.id for each in answers])
    assert [json.loads(each.text.json) for each in answers] == [
        json.loads(each.json) for each in read
    ]
    assert [each.text.version for each in answers] == [1, 1, 1]


def test_what_was_there_already_is_answered_as_it_is_now() -> None:
    source = make_source(make_desk())
    there = Draft(Kind.ENTITY, "place", [Part(0, 6)], {})
    written(source, there)

    again, new = written(source, there, Draft(Kind.ENTITY, "place", [Part(0, 6)], {}))

    assert (again.is_new, new.is_new) == (False, True)
    assert again.text == work_texts([again.id])[0]


def test_requests_of_many_people_on_many_sources_are_two_statements_and_fail_alone(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    desk, elsewhere = make_desk(), make_source(make_desk("other"))
    people = [add_member(desk, Role.EDITOR) for _ in range(4)]
    sources = [make_source(desk, text=f"Text {n} of the desk.") for n in range(4)]
    stranger = member(elsewhere.desk, Role.EDITOR)
    removed = add_member(desk, Role.READER)
    taken = write_annotation(desk=desk.id, source=sources[0].id, by=people[0], draft=place(0, 4)).id
    unread = Source.objects.create(desk=desk, title="Without a text", created_by=people[0])
    good = [
        service._Request(source.id, by, [place(0, 6)])
        for source, by in zip(sources, people, strict=True)
    ]
    bad = [
        service._Request(sources[0].id, people[1], [place(0, 4, id=taken)]),
        service._Request(sources[1].id, people[1], [place(0, 600)]),
        service._Request(sources[1].id, people[1], [place(0, 4, label="nonsense")]),
        service._Request(elsewhere.id, people[2], [place(0, 4)]),
        service._Request(new_id(), people[2], [place(0, 4)]),
        service._Request(sources[2].id, stranger, [place(0, 4)]),
        service._Request(sources[2].id, removed, [place(0, 4)]),
        service._Request(unread.id, people[3], [place(0, 4)]),
    ]
    requests = [each for pair in zip(bad, good, strict=False) for each in pair] + bad[4:]
    before = Event.objects.filter(desk=desk).count()
    vocabulary(desk.codebooks.get().id)  # read once in a process

    with django_assert_num_queries(2):
        outcomes = service._beside_each_other(desk.id, requests)

    kinds = [type(each) for each in outcomes]
    assert [each is list for each in kinds] == [each in good for each in requests]
    assert [each for each in kinds if each is not list] == [
        Conflict, Invalid, Invalid, NotFound, NotFound, NotFound, Refused, Conflict
    ]  # fmt: skip
    written = [each[0] for each in outcomes if isinstance(each, list)]
    owners = Annotation.objects.values_list(
        "id", "source_id", "created_by_id", "head__author_id", "head__revision__source_id"
    ).filter(id__in=[each.id for each in written])
    assert sorted(owners) == sorted(
        (each.id, r.source, r.by.id, r.by.id, r.source)
        for each, r in zip(written, good, strict=True)
    )
    events = Event.objects.filter(desk=desk, seq__gt=before).order_by("seq")
    assert [(e.annotation_id, e.source_id, e.actor_id) for e in events] == [
        (each.id, r.source, r.by.id) for each, r in zip(written, good, strict=True)
    ]
    assert [json.loads(each.text.json) for each in written] == [
        json.loads(each.json) for each in work_texts([each.id for each in written])
    ]


def place(start: int, end: int, *, label: str = "place", id: UUID | None = None) -> Draft:
    return Draft(Kind.ENTITY, label, [Part(start, end)], {}, id=id or new_id())


def test_a_batch_is_not_compared_with_itself_row_by_row() -> None:
    """As it is planned for good: without joins by hash, see queries/prepared_statements.py."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(f"EXPLAIN {bulk_insert._WRITE}", dict.fromkeys(VALUES) | {"drafts": "[]"})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "hashed SubPlan" in plan
    assert "Join Filter" not in plan
