"""The statement that writes annotations."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from annotations.models import Kind, RelationType, Role, Source
from annotations.queries.annotations import work_texts
from annotations.services import writing
from annotations.services.annotations import Written, write_annotations
from annotations.services.drafts import Draft, Link, Part
from tests.factories import make_desk, make_source, member

pytestmark = pytest.mark.django_db

VALUES = ("desk", "source", "revision", "person", "now", "event")


def written(source: Source, *drafts: Draft) -> list[Written]:
    by = member(source.desk, Role.EDITOR)
    return write_annotations(desk=source.desk_id, source=source.id, by=by, drafts=drafts)


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_what_a_writer_is_answered_is_what_readers_get(
    monkeypatch: pytest.MonkeyPatch, microsecond: int
) -> None:
    now = datetime(2026, 3, 1, 23, 59, 59, microsecond, tzinfo=UTC)
    monkeypatch.setattr(writing.timezone, "now", lambda: now)
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


def test_a_batch_is_not_compared_with_itself_row_by_row() -> None:
    """As it is planned for good: without joins by hash, see queries/statements.py."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(f"EXPLAIN {writing._WRITE}", dict.fromkeys(VALUES) | {"drafts": "[]"})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "hashed SubPlan" in plan
    assert "Join Filter" not in plan
