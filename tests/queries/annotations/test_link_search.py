"""Finding annotations of the desk by the beginnings of words."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from annotations.models import Desk, Kind
from annotations.models.identity import new_id
from annotations.queries import full_text
from annotations.queries.annotations import link_search
from annotations.queries.annotations.link_search import Wanted, found, named
from annotations.services.tagging.annotations import delete_annotation, edit_annotation
from tests.factories import make_annotation, make_desk, make_source
from tests.models.attacks import execute

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


def test_only_so_many_are_found_by_four_statements(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(link_search, "MOST_FOUND", 3)
    for _ in range(5):
        make_annotation(make_source(desk))

    with django_assert_num_queries(4):
        assert len(found(desk, Wanted("ank"))) == 3


def test_what_is_named_comes_in_the_same_shape(desk: Desk) -> None:
    annotation = make_annotation(make_source(desk))
    gone = make_annotation(annotation.source)
    delete_annotation(annotation=gone, by=gone.created_by, expected_version=1)

    assert named(desk, [annotation.id, gone.id, new_id()]) == found(desk, Wanted("ankara"))


@pytest.mark.parametrize("near", [1, 2_000])
def test_the_newest_are_found_however_they_are_looked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    monkeypatch.setattr(full_text, "NEAR", near)
    here, there = make_source(desk), make_source(desk)
    places = [make_annotation(each) for each in (here, there, here)]
    claim = make_annotation(there, kind=Kind.CLAIM, fields={"normalized": "Ankara met Baku."})
    delete_annotation(annotation=places[0], by=places[0].created_by, expected_version=1)

    assert ids(found(desk, Wanted("ank"))) == [str(each.id) for each in (claim, *places[:0:-1])]
    assert ids(found(desk, Wanted("place", exclude=there.id))) == [str(places[2].id)]
    assert ids(found(desk, Wanted("ankara checka"))) == [str(claim.id)]
    assert found(desk, Wanted("met ankara place")) == []


def test_what_is_found_cannot_be_made_untrue(desk: Desk) -> None:
    annotation = make_annotation(make_source(desk))

    execute("UPDATE annotations_newestwords SET words = 'untrue'")

    assert ids(found(desk, Wanted("ankara"))) == [str(annotation.id)]


def test_a_span_of_a_whole_book_can_be_tagged(desk: Desk) -> None:
    text = " ".join(f"word{number}" for number in range(150_000))
    annotation = make_annotation(make_source(desk, text=text), spans=[(0, len(text))])

    assert ids(found(desk, Wanted("word7"))) == [str(annotation.id)]
