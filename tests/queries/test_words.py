"""One definition of a word: the same inputs through Python, the database and the page's find."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.models import Desk, Kind, RelationType, Source
from annotations.models.tags import Annotation
from annotations.queries import full_text
from annotations.queries.full_text import first_with_words, kind_sign, label_signs
from annotations.queries.published.annotations import published
from annotations.queries.published.filters import concerning, sources_with
from annotations.services.tagging.drafts import Link
from annotations.suggesters.boundaries import is_boundary
from annotations.suggesters.occurrences import occurrences
from annotations.text.words import fold, is_separator, words_of
from tests.factories import approved, make_annotation, make_desk, make_entity, make_source

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
AT_ONCE = 5_000
# Of Unicode 14, the oldest that a supported Python knows; later letters differ by version.
KNOWN = [
    chr(at)
    for at in range(1, 0x110000)
    if unicodedata.category(chr(at)) not in ("Cn", "Cs") and not 0x20000 < at < 0xE0000
]
WORDS = [
    "Baku", "talks", "Erdoğan", "Erdog\u0306an", "İstanbul", "ISTANBUL", "ısparta", "Straße",
    "STRAẞE", "S-300", "S-400/S-300", "1990-1994", "27/09/2020", "27.09.2020", "15,000",
    "3.5", "O'Brien", "O’Brien", "OʼBrien", "d'Ankara", "ascensore", "talks.Baku",
    "snake_case", "№5", "m²", "20℃", "x½", "Google™", "Ναγκόρνο", "ΟΔΟΣ", "Карабах", "йод",
    "мир", "קרבּ", "كاراباخ", "می‌خواهم", "तुर्की", "ตุรกี", "กำ", "土耳其总统", "トルコ",
    "がく", "か\u3099く", "터키", "ﬁn", "ﷺ", "👩🏽‍🚀", "🇦🇿", "#Baku", "@user", "a_b",
    "soft\u00adhyphen", "zero\u200bwidth", "\u200fשלום", "co\u00b7l", "…", "-", "–", "´", "`",
]  # fmt: skip
texts = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from([" ", "\n", "-", "/", ".", ",", "'", "’", "\u0301", "\u200d", "\u00ad"]),
        st.sampled_from(KNOWN),
    ),
    max_size=12,
).map("".join)


def by_the_database(function: str, all_texts: list[str]) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for at in range(0, len(all_texts), AT_ONCE):
            cursor.execute(
                f"SELECT {function}(said) FROM unnest(%s::text[]) WITH ORDINALITY t (said, place)"
                " ORDER BY place",
                [all_texts[at : at + AT_ONCE]],
            )
            found += [row[0] for row in cursor]
    return found


def by_the_page(program: str, given_texts: Any) -> Any:
    """What the page's own find says of them; `program` has them as `given`."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    module = (ROOT / "annotations/static/annotations/surface/text/search-folding.js").as_uri()
    script = (
        f'import {{ FoldedText, foldAll }} from "{module}";'
        'import { readFileSync } from "node:fs";'
        'const given = JSON.parse(readFileSync(0, "utf8"));'
        f"process.stdout.write(JSON.stringify({program}));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=json.dumps(given_texts),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_database_cuts_and_folds_every_character_as_python_does() -> None:
    said = [f"a{character}b" for character in KNOWN]

    for text, found in zip(said, by_the_database("imprimatur_spaced", said), strict=True):
        assert found.split() == words_of(text), ascii(text)
    for character, found in zip(KNOWN, by_the_database("imprimatur_folded", KNOWN), strict=True):
        assert found == fold(character), ascii(character)


def test_the_page_folds_every_letter_as_python_does() -> None:
    letters = [each for each in KNOWN if not is_separator(each)]

    for letter, found in zip(letters, by_the_page("given.map(foldAll)", letters), strict=True):
        assert found == fold(letter), ascii(letter)


@given(st.lists(texts, min_size=1, max_size=50))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_database_cuts_any_text_as_python_does(some: list[str]) -> None:
    spaced = by_the_database("imprimatur_spaced", some)
    indexed = by_the_database("imprimatur_words", some)

    assert [each.split() for each in spaced] == [words_of(text) for text in some]
    with connection.cursor() as cursor:
        for text, vector in zip(some, indexed, strict=True):
            cursor.execute("SELECT coalesce(tsvector_to_array(%s::tsvector), '{}')", [vector])
            assert set(cursor.fetchone()[0]) == set(words_of(text))


def test_the_page_finds_every_word_of_a_text() -> None:
    said = [*WORDS, *(f"{a}{between}{b}" for a in WORDS for b in WORDS for between in (" ", "/"))]
    asked = [[text, words_of(text)] for text in said]

    found = by_the_page(
        "given.map(([text, words]) => words.map((word) => new FoldedText(text).all(word).length))",
        asked,
    )

    for (text, words), counts in zip(asked, found, strict=True):
        assert all(counts), (text, words, counts)


@given(texts, st.sampled_from(WORDS))
@settings(max_examples=400, deadline=None)
def test_a_search_finds_whatever_tag_all_proposes(text: str, name: str) -> None:
    wanted = words_of(name)
    said = f"{text} {name}/{text}"

    found = list(occurrences(said, [name]))

    if wanted and found:
        words = words_of(said)
        assert any(words[at : at + len(wanted)] == wanted for at in range(len(words)))
    for span in found:
        assert words_of(said[span.slice]) == wanted


@given(texts)
@settings(max_examples=400, deadline=None)
def test_tag_all_begins_words_where_a_search_does(text: str) -> None:
    """But inside a number with a point or comma, and inside what people see as one character."""
    for place in range(1, len(text)):
        if not is_boundary(text, place):
            continue
        before, after = words_of(text[:place]), words_of(text[place:])
        assert before + after == words_of(text), (text, place)


# What is found, by the database's own indexes


FOUND = [
    ("S-400/S-300 systems", ["S-300", "s-400", "300", "S–300", "systems s-400/s-300"]),
    ("Armenia/Azerbaijan", ["Azerbaijan", "Armenia - Azerbaijan", "armenia / azerbaijan"]),
    ("1990-1994", ["1994", "1990", "1990–1994"]),
    ("on 27/09/2020, or 27.09.2020", ["2020", "27/09/2020", "27.09.2020", "on 27"]),
    ("15,000 or 3.5", ["15,000", "3.5"]),
    ("the talks.Baku said", ["Baku", "talks", "talks.Baku"]),
    ("Erdog\u0306an's party", ["Erdoğan", "ERDOĞAN", "Erdogan", "Erdoğan’s"]),
    ("Erdoğan", ["Erdog\u0306an"]),
    ("İSTANBUL", ["istanbul", "İstanbul", "ISTANBUL", "ıstanbul"]),
    ("ISPARTA, Diyarbakır", ["ısparta", "Isparta", "diyarbakir", "DİYARBAKIR"]),
    ("die Straße", ["STRASSE", "straße", "STRAẞE", "strasse"]),
    ("STRAẞE", ["straße", "strasse"]),
    ("ΟΔΟΣ", ["οδός", "οδοσ"]),
    ("#Baku @user", ["Baku", "#Baku", "user"]),
    ("土耳其总统", ["总统", "土耳其"]),
    ("soft\u00adhyphen", ["softhyphen"]),
    ("a“quoted”word", ["quoted"]),
    ("x" * 3000 + " end", ["end"]),
]
NOT_FOUND = [
    ("S-400/S-300", ["S-30", "00", "S-400 500", "400/300", "-", "#", "…"]),
    ("Bakuvian", ["Baku"]),
    ("27/09/2020", ["09/27", "202"]),
]


@pytest.fixture
def desk() -> Desk:
    return make_desk(is_public=True)


def tagged(desk: Desk, words: str) -> Annotation:
    source: Source = make_source(desk, text=f"{words}\n", title="Text")
    return approved(make_annotation(source, spans=[(0, len(words))]))


def found(
    rows: QuerySet[Annotation], q: str, *, begins: bool = False, order: str = "id"
) -> list[UUID]:
    """By the index, and by going through the rows in order, which must find the same."""
    ways = []
    for near in (0, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(full_text, "NEAR", near)
            ways.append(first_with_words(rows.order_by(order), q, 99, begins=begins))
    by_index, in_order = ways
    assert by_index == in_order, q
    return by_index


def test_whole_words_are_found_in_passages_and_in_fields(desk: Desk) -> None:
    for text, searches in FOUND:
        passage = tagged(desk, text)
        claim = approved(
            make_annotation(
                passage.source, kind=Kind.CLAIM, spans=[(0, 1)], fields={"normalized": text}
            )
        )
        for q in searches:
            assert {passage.id, claim.id} <= set(found(published(desk), q)), (text, q)


def test_parts_of_words_and_words_in_another_order_are_not_found(desk: Desk) -> None:
    for text, searches in NOT_FOUND:
        passage = tagged(desk, text)
        for q in searches:
            assert passage.id not in found(published(desk), q), (text, q)


def test_beginnings_of_words_are_found_when_asked_for(desk: Desk) -> None:
    passage = tagged(desk, "Azerbaijan's S-300 systems")

    for q in ("azer", "S-30", "sys azerb", "Azerbaijan’", "AZERBAİ"):
        assert found(published(desk), q, begins=True) == [passage.id], q
    for q in ("baijan", "300-t", "azer talks"):
        assert found(published(desk), q, begins=True) == [], q


def test_a_search_without_words_finds_nothing_and_an_empty_one_everything(desk: Desk) -> None:
    tagged(desk, "Baku")

    assert len(found(published(desk), " ")) == 1
    assert found(published(desk), "- / …") == []


def test_sources_are_found_by_the_beginnings_of_their_words(desk: Desk) -> None:
    source = make_source(
        desk, title="S-400/S-300", publisher="İstanbul Post", author="Erdog\u0306an"
    )

    for q in ("S-300", "istan post", "erdoğan", "400 - POST"):
        assert sources_with(Source.objects.filter(desk=desk), q).get() == source, q
    assert not sources_with(Source.objects.filter(desk=desk), "tanbul").exists()


@pytest.mark.parametrize(("near", "far"), [(1, 1), (1, 99), (3, 30), (50, 50)])
def test_the_first_with_words_are_the_same_however_they_are_looked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, near: int, far: int
) -> None:
    monkeypatch.setattr(full_text, "NEAR", near)
    monkeypatch.setattr(full_text, "FAR", far)
    for text in ("Baku talks", "S-300 of Baku", "talks", "S-400/S-300", "300 S", "Bakus"):
        tagged(desk, text)
    rows = published(desk).filter(publication__kind=Kind.ENTITY)
    signs = [kind_sign(Kind.ENTITY), label_signs(desk, "place")]

    for order, begins in product(("id", "-id"), (False, True)):
        for q in ("baku", "S-300", "baku talks", "s 300", "bak", "-", " "):
            wanted = found(rows, q, begins=begins, order=order)
            for most in (1, 50):
                first = first_with_words(rows.order_by(order), q, most, begins=begins, signs=signs)
                assert first == wanted[:most], (q, most)


def test_the_index_has_kinds_and_labels(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "NEAR", 1)
    monkeypatch.setattr(full_text, "FAR", 0)
    tagged(desk, "Ankara")
    tagged(desk, "Baku")
    rows = published(desk).order_by("id")

    assert len(first_with_words(rows, "baku", 9, signs=[kind_sign(Kind.ENTITY)])) == 1
    assert first_with_words(rows, "baku", 9, signs=[kind_sign(Kind.CLAIM)]) == []
    assert first_with_words(rows, "baku", 9, signs=[label_signs(desk, "person")]) == []
    assert first_with_words(rows, "entity", 9) == []
    assert first_with_words(rows.filter(id__in=[]), "baku", 9) == []


@pytest.mark.parametrize(("near", "far"), [(1, 0), (1, 99), (50, 50)])
def test_words_of_what_concerns_a_record_are_found_however_they_are_looked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, near: int, far: int
) -> None:
    monkeypatch.setattr(full_text, "NEAR", near)
    monkeypatch.setattr(full_text, "FAR", far)
    source = make_source(desk, text="Baku talks in Baku")
    records = [make_entity(desk, name) for name in ("Baku", "Ankara")]
    for record in records:
        mention = make_annotation(source, spans=[(0, 4)], fields={"entity": str(record.id)})
        claim = make_annotation(
            source, kind=Kind.CLAIM, spans=[(5, 10)], links=[Link(RelationType.ABOUT, mention.id)]
        )
        approved(claim)  # before what it is about
        approved(mention)
    rows = published(desk).order_by("id")

    for record, q in product(records, ("baku", "talks", "baku talks", f"@{records[0].id}", " ")):
        wanted = found(concerning(rows, record.id), q)
        assert first_with_words(rows, q, 9, record=record.id) == wanted, q
    claims = first_with_words(rows, "talks", 9, signs=[kind_sign(Kind.CLAIM)], record=records[0].id)
    assert len(claims) == 1


def test_any_words_of_a_tag_are_written_and_found(desk: Desk) -> None:
    """The longest that a tag and its fields may have, of the longest letters."""
    text = "𐐨" * 9_000 + " Baku"
    source = make_source(desk, text=text)
    many = "ﷺ" * 4_000 + " Ganja"
    claim = make_annotation(
        source, kind=Kind.CLAIM, spans=[(0, len(text))], fields={"normalized": many}
    )
    approved(claim)

    assert found(published(desk), "baku ganja") == [claim.id]
