"""Finding annotations of the desk by the beginnings of words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from annotations.models import Desk, Kind
from annotations.models.identity import new_id
from annotations.queries import finding
from annotations.queries.finding import Wanted, found, named
from annotations.services.annotations import delete_annotation, edit_annotation
from tests.factories import make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def ids(documents: list[dict[str, Any]]) -> list[str]:
    return [document["id"] for document in documents]


def test_words_fields_and_labels_are_found_by_their_beginnings(desk: Desk) -> None:
    source = make_source(desk, title="The talks")
    place = make_annotation(source)  # Ankara
    claim = make_annotation(
        source,
        kind=Kind.CLAIM,
        spans=[(29, 33)],
        fields={"normalized": "The envoys met."},
    )

    assert ids(found(desk, Wanted("ank"))) == [str(place.id)]
    assert ids(found(desk, Wanted("ANKARA"))) == [str(place.id)]
    assert ids(found(desk, Wanted("envo"))) == [str(claim.id)]
    assert ids(found(desk, Wanted("checka"))) == [str(claim.id)]
    assert ids(found(desk, Wanted("baku met"))) == [str(claim.id)]
    assert found(desk, Wanted("baku ankara")) == []
    assert found(desk, Wanted("kara")) == []
    assert found(desk, Wanted("ank"))[0]["source_title"] == "The talks"


@pytest.mark.parametrize("q", ["", " ", "&", "!|()", "'", "\\", "':*", "a & !b", "<->", "𝔠ount'"])
def test_signs_of_the_query_language_are_letters(desk: Desk, q: str) -> None:
    make_annotation(make_source(desk))

    found(desk, Wanted(q))


def test_signs_in_words_are_found(desk: Desk) -> None:
    source = make_source(desk, text="Aux O'Brien's \\paths, e-mail")
    annotation = make_annotation(source, spans=[(4, 28)])

    for q in ("o'bri", "e-ma", "\\pat", "paths"):
        assert ids(found(desk, Wanted(q))) == [str(annotation.id)]


def test_kinds_and_sources_narrow_it_down(desk: Desk) -> None:
    here, there = make_source(desk), make_source(desk)
    first, second = make_annotation(here), make_annotation(there)
    claim = make_annotation(here, kind=Kind.CLAIM)

    assert ids(found(desk, Wanted("ankara"))) == [str(claim.id), str(second.id), str(first.id)]
    assert ids(found(desk, Wanted("ankara", kinds=["claim"]))) == [str(claim.id)]
    assert ids(found(desk, Wanted("ankara", exclude=here.id))) == [str(second.id)]
    assert ids(found(desk, Wanted("ankara", ["entity"], source=here.id))) == [str(first.id)]


def test_only_the_newest_version_of_what_is_there_counts(desk: Desk) -> None:
    source = make_source(desk)
    changed = make_annotation(source, kind=Kind.CLAIM, fields={"normalized": "Before."})
    edit_annotation(
        annotation=changed,
        by=changed.created_by,
        expected_version=1,
        fields={"normalized": "Afterwards."},
    )
    gone = make_annotation(source, kind=Kind.CLAIM, fields={"normalized": "Before."})
    delete_annotation(annotation=gone, by=gone.created_by, expected_version=1)

    assert found(desk, Wanted("before")) == []
    assert ids(found(desk, Wanted("afterw"))) == [str(changed.id)]


def test_other_desks_are_not_looked_through(desk: Desk) -> None:
    elsewhere = make_annotation(make_source(make_desk()))

    assert found(desk, Wanted("ankara")) == []
    assert found(desk, Wanted("place")) == []
    assert named(desk, [elsewhere.id]) == []


def test_only_so_many_are_found_by_three_statements(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(finding, "MOST_FOUND", 3)
    for _ in range(5):
        make_annotation(make_source(desk))

    with django_assert_num_queries(3):
        assert len(found(desk, Wanted("ank"))) == 3


def test_what_is_named_comes_in_the_same_shape(desk: Desk) -> None:
    annotation = make_annotation(make_source(desk))
    gone = make_annotation(annotation.source)
    delete_annotation(annotation=gone, by=gone.created_by, expected_version=1)

    assert named(desk, [annotation.id, gone.id, new_id()]) == found(desk, Wanted("ankara"))


def test_the_words_are_looked_up_in_indexes(desk: Desk) -> None:
    make_annotation(make_source(desk))
    sql, values = finding._versions_with(desk, "ank").query.sql_with_params()

    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # on few rows each may look cheaper
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "words_of_spans" in plan
    assert "words_of_fields" in plan


def test_a_span_of_a_whole_book_can_be_tagged(desk: Desk) -> None:
    text = " ".join(f"word{number}" for number in range(150_000))
    annotation = make_annotation(make_source(desk, text=text), spans=[(0, len(text))])

    assert ids(found(desk, Wanted("word7"))) == [str(annotation.id)]
