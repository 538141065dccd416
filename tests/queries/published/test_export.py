"""All that a desk published, read at one moment."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import connection

from annotations.models import Annotation, Role, Source
from annotations.queries.live.activity import newest_event
from annotations.queries.published import export
from annotations.queries.published.annotations import published, published_documents
from annotations.queries.published.changes import changes_after
from annotations.queries.published.export import MOST_AT_ONCE, Export, TooManyExports
from annotations.services.review import withdraw
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source() -> Source:
    return factories.make_source(factories.make_desk())


def shown(source: Source, start: int = 0) -> Annotation:
    return factories.approved(factories.make_annotation(source, spans=[(start, start + 4)]))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is a block."""
    monkeypatch.setattr(export, "BLOCK", 1)


def documents(blocks: Iterator[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in b"".join(blocks).splitlines()]


def test_each_line_is_what_the_list_says_of_it(source: Source) -> None:
    odd = 'A “quoted" \\n \\. word,\u2028 \t and\n "more" 𝔠'
    other = factories.make_source(source.desk, text=odd)
    for length in (3, len(odd)):
        factories.approved(factories.make_annotation(other, spans=[(0, length)]))
    shown(source)
    elsewhere = factories.make_source(factories.make_desk())
    shown(elsewhere)
    factories.make_annotation(source, spans=[(8, 10)])
    whole = Export(source.desk)

    lines = b"".join(whole).split(b"\n")
    whole.close()

    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == published_documents(
        published(source.desk).order_by("id")
    )
    assert len(lines) == 3


@pytest.mark.usefixtures("small_blocks")
def test_what_happens_while_it_is_read_comes_by_the_feed_after_its_cursor(source: Source) -> None:
    first, second = shown(source), shown(source, 8)
    whole = Export(source.desk)
    said = [next(whole)]

    reviewer = factories.member(source.desk, Role.REVIEWER)
    withdraw(annotation=second, by=reviewer, reason="Misread.")
    third = shown(source, 16)
    said += whole
    whole.close()

    found = documents(iter(said))
    assert [each["id"] for each in found] == [str(first.id), str(second.id)]
    newest = newest_event(source.desk)
    told = changes_after(source.desk, whole.cursor, 10, newest).documents
    assert [each["id"] for each in told] == [str(second.id), str(third.id)]


@pytest.mark.usefixtures("small_blocks")
def test_one_that_is_left_off_gives_its_place_and_its_connection_back(source: Source) -> None:
    shown(source)
    shown(source, 8)
    begun = [Export(source.desk) for _ in range(MOST_AT_ONCE)]
    assert next(begun[0])
    with pytest.raises(TooManyExports):
        Export(source.desk)

    for each in begun:
        each.close()
        each.close()

    assert list(begun[0]) == []
    again = Export(source.desk)
    again.close()
    assert others() == 0


def test_one_that_could_not_begin_gives_its_place_back(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(export, "_CURSOR", "SELECT 1 / 0, %s")
        for _ in range(MOST_AT_ONCE + 1):
            with pytest.raises(Exception, match="division by zero"):
                Export(source.desk)

    Export(source.desk).close()
    assert others() == 0


def test_none_lasts_for_ever(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "LONGEST", 0)
    monkeypatch.setattr(export, "BLOCK", 1)
    shown(source)
    shown(source, 8)
    whole = Export(source.desk)
    next(whole)

    with pytest.raises(Exception, match="too long"):
        next(whole)

    whole.close()


def others() -> int:
    """Connections that read for an export."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE 'COPY%%'"
        )
        return int(cursor.fetchone()[0])


def test_rows_are_sorted_if_need_be_but_not_lines(source: Source) -> None:
    for start in range(12):
        shown(source, start)
    whole = Export(source.desk)
    raw = whole._raw
    assert raw is not None

    query = export.lines_of(source.desk).as_string(raw).split("COPY (")[1].rpartition(") TO")[0]
    plan = [line for (line,) in raw.execute(f"EXPLAIN {query}")]
    whole.close()

    assert plan[0].startswith("Subquery Scan on annotations_annotation")
