"""Whatever can be stored goes out, and comes back from a reader that is not ours.

What can be stored is every code point but NUL and the surrogates, which PostgreSQL refuses. Two
planes and the ends of the others are tried each time; `EVERY_CODE_POINT=1` tries all 1,112,063.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pandas
import pyarrow.parquet
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from annotations.exporters import FORMATS, Document, Publisher, sources
from annotations.exporters.corpora import brat, conll, spacy_docs, tei, uima, webanno_tsv
from annotations.exporters.corpora.xml_words import UNSAYABLE, attribute, element_text, sayable
from annotations.exporters.package import citation
from annotations.exporters.package.citation import Work
from annotations.exporters.records import Author, Record
from annotations.exporters.tables import retractions
from annotations.text.normalisation import sha256
from tests.exporters.corpora.sample_documents import a_document
from tests.exporters.corpora.test_documents import (
    TEI,
    read_brat,
    read_conll,
    read_spacy,
    read_tei,
    read_uima,
    read_webanno,
    spans_of,
)
from tests.exporters.sample_records import BASE, PUBLISHER

HUGE = etree.XMLParser(huge_tree=True)
EVERY = [chr(at) for at in range(1, 0x110000) if not 0xD800 <= at <= 0xDFFF]
ASSIGNED = [
    each
    for each in EVERY
    if os.environ.get("EVERY_CODE_POINT") or ord(each) < 0x20000 or ord(each) & 0xFFFE == 0xFFFE
]
PIECE = 1 << 14  # of the planes that hold letters and signs, and the last two of each plane
PIECES = ["".join(ASSIGNED[at : at + PIECE]) for at in range(0, len(ASSIGNED), PIECE)]
TRICKY = "".join(
    character
    for character in EVERY
    if ord(character) < 0x100
    or ord(character) & 0xFFFE == 0xFFFE
    or re.fullmatch(
        "[\\s\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufe00-\ufeff]", character
    )
)
SIGNS = [
    "#", "##", "#1", "#Text=", "#FORMAT=WebAnno TSV 3.3", "# columns = x", "-DOCSTART-", "T1", "R1",
    "E1", "A1", "*", "_", "O", "B-direct", "I-direct", "->", "[1]", "|", ";", "\\", "\\t", "\\n",
    '"', '""', "'", ",", "=1+1", "{", "}", "</ab>", "]]>", "&#11;", "<!--", "%", "1-1", "1\t2",
    "\t", " ", "\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\ufeff", "no",
]  # fmt: skip


def holding(words: str) -> Document:
    """A text of these words, each half of which is a tag that says all of them in its fields."""
    size = -(-len(words) // 2)
    places = [
        ("quote", "direct", [(at, min(at + size, len(words)))]) for at in range(0, len(words), size)
    ]
    document = a_document(words, places)
    source = replace(document.source, title=f"t{words}", author=f"a{words}", publisher=f"p{words}")
    records = tuple(
        replace(each, source=source, fields={"note": words}, author=Author("1", f"n{words}"))
        for each in document.records
    )
    return replace(document, source=source, records=records)


def written(name: str, records: tuple[Record, ...]) -> bytes:
    publisher = Publisher(PUBLISHER.name, BASE)
    return b"".join(FORMATS[name].export(records, publisher=publisher))


pieces = pytest.mark.parametrize("words", [TRICKY, *PIECES], ids=lambda words: f"{ord(words[0]):x}")


def test_xml_takes_every_character_as_it_goes_out() -> None:
    words = "".join(EVERY)

    root = etree.fromstring(f"<a b={attribute(words)}>{element_text(words)}</a>", HUGE)

    assert root.text == root.get("b") == sayable(words)
    assert len(sayable(words)) == len(words)


@pieces
def test_lines_of_json_are_one_line_each_to_any_reader(words: str) -> None:
    document = holding(words)

    lines = written("jsonl", document.records).decode().splitlines()
    [text] = sources.line(document).decode().splitlines()
    [retraction] = (
        retractions.line(id="1", version=1, reason=words, at="", releases=[], published_again=False)
        .decode()
        .splitlines()
    )

    assert [json.loads(line)["fields"]["note"] for line in lines] == [words] * len(lines)
    assert "".join(json.loads(line)["spans"][0]["exact"] for line in lines) == words
    assert json.loads(text)["text"] == words
    assert json.loads(retraction)["reason"] == words


@pieces
@pytest.mark.parametrize("name", ["jsonld", "claim-review"])
def test_json_says_every_character(name: str, words: str) -> None:
    document = holding(words)
    claims = tuple(
        replace(each, kind="claim", fields={"normalized": words, "verdict": "refuted"})
        for each in document.records[:1]
    )

    said = json.loads(written(name, claims))

    found = said["first"]["items"][0]["body"][1]["value"] if name == "jsonld" else (
        said["@graph"][0]["claimReviewed"]
    )  # fmt: skip
    assert found == words


@pieces
def test_cells_of_a_table_say_every_character(words: str) -> None:
    document = holding(words)

    content = written("csv", document.records).decode()

    by_python = list(csv.DictReader(io.StringIO(content, newline="")))
    by_pandas = pandas.read_csv(
        io.StringIO(content, newline=""), dtype=str, keep_default_na=False, engine="c"
    ).to_dict("records")
    for rows in (by_python, by_pandas):
        assert "".join(row["exact"].removeprefix("'") for row in rows) == words
        assert {row["author"] for row in rows} == {f"n{words}"}
        assert {json.loads(row["fields"])["note"] for row in rows} == {words}


@pieces
def test_parquet_says_every_character(words: str) -> None:
    document = holding(words)

    table = pyarrow.parquet.read_table(io.BytesIO(written("parquet", document.records)))

    assert "".join(row["spans"][0]["exact"] for row in table.to_pylist()) == words
    assert set(table["title"].to_pylist()) == {f"t{words}"}


@pieces
def test_tei_says_every_character_that_xml_has(words: str) -> None:
    document = holding(words)

    (file,) = tei.members(document)

    root = etree.fromstring(file.content, HUGE)
    assert root.findtext(f".//{TEI}ab") == sayable(words)
    assert root.findtext(f".//{TEI}bibl/{TEI}title") == sayable(f"t{words}")
    assert root.findtext(f".//{TEI}respStmt/{TEI}name") == sayable(f"n{words}")
    assert json.loads(root.findtext(f".//{TEI}note[@type='fields']") or "") == {"note": words}
    assert read_tei(words, file.content) == spans_of(document)
    assert dict(file.left_out) == {"characters": len(UNSAYABLE.findall(words))}


@pieces
def test_uima_says_every_character_that_xml_has(words: str) -> None:
    document = holding(words)

    (file,) = uima.members(document)

    root = etree.fromstring(file.content, HUGE)
    [sofa] = root.iter("{http:///uima/cas.ecore}Sofa")
    assert sofa.get("sofaString") == sayable(words)
    for passage in root.iter("{http:///imprimatur.ecore}Passage"):
        assert json.loads(passage.get("fields")) == {"note": words}
    assert read_uima(document) == spans_of(document)


@pieces
def test_formats_of_lines_keep_every_offset(words: str) -> None:
    document = replace(holding(words), sha256=sha256(words))

    text, annotations = brat.members(document)
    (tsv,) = webanno_tsv.members(document)
    (columns,) = conll.members(document)
    (doc,) = spacy_docs.members(document)

    assert text.content.decode() == words
    assert read_brat(words, annotations.content.decode()) == spans_of(document)
    assert read_webanno(words, tsv.content.decode()) == spans_of(document)
    assert sorted(each[1:] for each in spans_of(document)) == read_conll(
        words, columns.content.decode()
    )
    assert read_spacy(doc.content, words) == spans_of(document)


@pieces
def test_citations_are_read_whatever_the_desk_is_called(words: str) -> None:
    work = Work("desk", words, 3, "2026-03-01T12:00:00Z", "https://desk.example.org/3", 60)

    said = yaml.safe_load(citation.cff(work))
    entry = citation.bibtex(work).decode()

    assert said["authors"] == [{"name": words}]
    assert said["title"] == work.title
    assert len(entry.splitlines()) == 9
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")


# Tokens made of what a format itself is written with


@st.composite
def signs(draw: st.DrawFn) -> Document:
    """A text of such tokens, each of them tagged or not."""
    tokens = draw(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12))
    between = draw(st.sampled_from(["", " ", "\n"]))
    text = between.join(tokens)
    places, start = [], 0
    for token in tokens:
        if draw(st.booleans()):
            places.append(("quote", "direct", [(start, start + len(token))]))
        start += len(token) + len(between)
    return a_document(text, places)


def tagged_alone(document: Document) -> Iterator[tuple[str, str, int, int]]:
    for _, kind, label, start, end in spans_of(document):
        yield kind, label, start, end


@given(signs())
@settings(max_examples=100, deadline=None)
def test_tokens_made_of_a_formats_own_signs_keep_their_tags(document: Document) -> None:
    (columns,) = conll.members(document)
    (tsv,) = webanno_tsv.members(document)
    annotations = brat.members(document)[1]

    assert read_conll(document.text, columns.content.decode()) == sorted(tagged_alone(document))
    assert read_webanno(document.text, tsv.content.decode()) == spans_of(document)
    assert read_brat(document.text, annotations.content.decode()) == spans_of(document)


def test_a_hashtag_is_no_comment() -> None:
    document = a_document("#Baku won.", [("entity", "topic", [(0, 5)])])

    (file,) = conll.members(document)

    rows = [line for line in file.content.decode().splitlines() if line and line[0] != "#"]
    assert [row.split("\t")[:6] for row in rows[:2]] == [
        ["1", "#", "0", "1", "O", "B-topic"],
        ["2", "Baku", "1", "5", "O", "I-topic"],
    ]


def test_a_label_of_odd_signs_is_read_back_from_webanno() -> None:
    document = a_document("Baku won.", [("entity", "a\tb\n[c]|_;*->\\", [(0, 4)])])

    (file,) = webanno_tsv.members(document)

    assert read_webanno(document.text, file.content.decode()) == spans_of(document)
