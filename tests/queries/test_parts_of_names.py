"""Names are found by parts of them, however both are spelled: as words are (text/words.py)."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.models import Desk, Entity, Kind, Publication, Source
from annotations.models.words import Names
from annotations.queries.accounts.site import people
from annotations.queries.annotations.link_search import Wanted, found
from annotations.queries.published.entities import entities_of
from annotations.queries.published.filters import with_part
from annotations.text.words import spaced
from tests import factories
from tests.api.client import anonymous, published, read

pytestmark = pytest.mark.django_db

NAMES = {
    "Erdoğan": ["erdogan", "ERDOĞAN", "Erdog\u0306an", "rdoğ"],
    "İSTANBUL": ["istanbul", "ıstanbul", "İstanbul", "ISTANBUL", "stan"],
    "Straße, STRAẞE": ["strasse", "straße strasse", "STRAẞE"],
    "Sinéad O’Brien-Müller": ["o'brien", "sinead o", "brien mull", "O\u02bcBRIEN", "Mu\u0308ller"],
    "Jose\u0301 Núñez": ["José", "jose nunez", "NUN\u0303EZ"],
    "土耳其总统": ["耳其", "总统"],
    "100%_sure": ["100%", "_sure", "100 _"],
}
ABSENT = ["%", "_s_", "nunez jose", "…", "\u0301", "Erdoğan İSTANBUL"]


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


def test_records_are_found_by_name_and_by_alias(desk: Desk) -> None:
    by_name = {name: factories.make_entity(desk, name) for name in NAMES}
    aliased = {name: factories.make_entity(desk, f"R{place}", aliases=["One", name, "Two"])
               for place, name in enumerate(NAMES)}  # fmt: skip

    for name, parts in NAMES.items():
        for part in [name, *parts]:
            listed = set(entities_of(desk, part))
            assert listed == {by_name[name], aliased[name]}, (name, part)
    for part in [*ABSENT, "one two", "r0 one"]:
        assert not entities_of(desk, part), part
    assert entities_of(desk, " ").count() == 2 * len(NAMES)


def test_published_passages_are_found_by_speaker_claimant_and_affiliation(desk: Desk) -> None:
    source = factories.make_source(desk, publisher="Çalışma İstanbul")
    wanted = {}
    for name in NAMES:
        said = {"speaker": name, "affiliation": name}
        claimed = {"normalized": "Baku agreed.", "claimant": name}
        quote = factories.approved(factories.make_annotation(source, kind=Kind.QUOTE, fields=said))
        claim = factories.approved(
            factories.make_annotation(source, kind=Kind.CLAIM, fields=claimed)
        )
        wanted[name] = (quote, claim)

    def ids(path: str, **query: str) -> list[str]:
        return [each["id"] for each in read(anonymous(), published(desk, path), **query)["results"]]

    for name, parts in NAMES.items():
        quote, claim = wanted[name]
        for part in parts:
            assert ids("quotes", speaker=part) == [str(quote.id)], part
            assert ids("annotations", speaker=part) == [str(quote.id)], part
            assert ids("quotes", affiliation=part, speaker=name) == [str(quote.id)], part
            assert ids("claims", claimant=part) == [str(claim.id)], part
    for part in ABSENT:
        assert ids("quotes", speaker=part) == ids("claims", claimant=part) == [], part
    for part in ("calisma", "ISTANBUL", "ÇALIŞMA i"):
        assert ids("sources", publisher=part) == [str(source.id)]
    assert ids("sources", publisher="ankara") == []


def test_people_and_labels_are_found_so(desk: Desk) -> None:
    person = factories.make_user("Şükrü İnönü", email="si@example.org")
    made = factories.make_annotation(factories.make_source(desk))
    title = made.head.label.title

    for part in ("sukru", "ŞÜKRÜ ı", "nonu", "SI@example"):
        assert list(people(part)) == [person], part
    assert list(people("%")) == []
    assert [each["id"] for each in found(desk, Wanted(f"\u200b{title[:3].upper()}"))] == [
        str(made.id)
    ]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
       st.integers(0, 30), st.integers(0, 30))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_every_part_of_a_name_finds_it(name: str, start: int, end: int) -> None:
    """Cut between words, for what a character is may depend on the marks after it."""
    words = spaced(name).split()
    part = " ".join(words[start : start + end])

    with connection.cursor() as cursor:
        cursor.execute("SELECT position(%s IN imprimatur_spaced(%s)) > 0", [part, name])
        assert cursor.fetchone() == (True,)


def test_parts_are_found_by_indexes() -> None:
    lists = {
        "parts_of_speakers": with_part(Publication.objects.all(), "speaker", part="Erdoğan"),
        "parts_of_claimants": with_part(Publication.objects.all(), "claimant", part="Erdoğan"),
        "parts_of_affiliations": with_part(
            Publication.objects.all(), "affiliation", part="Erdoğan"
        ),
        "parts_of_publishers": with_part(Source.objects.all(), "publisher", part="Erdoğan"),
        "parts_of_records": Entity.objects.alias(names=Names("name", "aliases")).filter(
            names__contains="erdogan"
        ),
    }

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        for index, rows in lists.items():
            assert f"Bitmap Index Scan on {index}" in rows.explain(), index
