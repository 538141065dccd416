"""Every format of whole documents gives back the same spans to a reader that is not ours.

Where there is no such reader for Python, the reader here is written from the format's
documentation.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import cassis
import pytest
import spacy
from hypothesis import given, settings
from lxml import etree
from spacy.tokens import DocBin

from annotations.exporters import DOCUMENT_FORMATS, Archive, Document
from annotations.exporters.corpora import brat, conll, spacy_docs, tei, uima
from annotations.exporters.corpora.webanno_tsv import members as webanno_members
from tests.exporters.corpora.sample_documents import a_document, documents, the_article, the_odd_one

Spans = list[tuple[str, str, str, int, int]]  # annotation, kind, label, start, end

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
hard = pytest.mark.parametrize("document", [the_article(), the_odd_one()], ids=["article", "odd"])
many = settings(max_examples=150, deadline=None)


def spans_of(document: Document) -> Spans:
    return sorted(
        (record.id, record.kind, record.label, passage.start, passage.end)
        for record, _, passage in document.passages()
    )


def from_utf16(text: str, offset: int) -> int:
    return len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le"))


# brat, by its documented standoff grammar


def read_brat(text: str, annotations: str) -> Spans:
    lines = re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", annotations)
    notes, places = {}, {}
    for line in filter(None, lines):
        id, what, words = line.split("\t", 2) if line[0] in "T#" else (line, "", "")
        if id.startswith("T"):
            type, _, where = what.partition(" ")
            fragments = [tuple(map(int, each.split(" "))) for each in where.split(";")]
            said = " ".join(text[start:end] for start, end in fragments)
            assert words == re.sub(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", said)
            places[id] = (type, fragments)
        elif id.startswith("#"):
            notes[what.split(" ")[1]] = json.loads(words)
    found = []
    for id, (type, fragments) in places.items():
        note = notes[id]
        assert type == f"{note['kind']}_{note['label']}"
        for start, end in note["spans"]:
            covered = {at for a, b in fragments for at in range(a, b)}
            left = [text[at] for at in range(start, end) if at not in covered]
            assert all(re.fullmatch(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", each) for each in left)
            found.append((note["id"], note["kind"], note["label"], start, end))
    return sorted(found)


@hard
def test_brat_reads_the_same_spans(document: Document) -> None:
    text, annotations = brat.members(document)

    assert text.content.decode() == document.text
    assert read_brat(document.text, annotations.content.decode()) == spans_of(document)


def test_brat_says_a_split_annotation_with_semicolons() -> None:
    document = a_document("one two\nthree", [("quote", "direct", [(0, 3), (4, 13)])])

    lines = brat.members(document)[1].content.decode().splitlines()

    assert lines[0] == "T1\tquote_direct 0 3;4 7;8 13\tone two three"


@given(documents())
@many
def test_brat_keeps_any_offsets(document: Document) -> None:
    annotations = brat.members(document)[1].content.decode()

    assert read_brat(document.text, annotations) == spans_of(document)


# WebAnno TSV 3


def unescaped(words: str) -> str:
    spaces = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b"}
    return re.sub(r"\\(.)", lambda match: spaces.get(match[1], match[1]), words)


def read_webanno(text: str, said: str) -> Spans:
    lines = said.split("\n")
    assert lines[0] == "#FORMAT=WebAnno TSV 3.3"
    assert lines[1] == "#T_SP=imprimatur.Passage|kind|label|annotation|part"
    units: dict[str, list[tuple[int, int, tuple[str, ...]]]] = defaultdict(list)
    sentence, begin, in_head = "", 0, False
    for line in lines[2:]:
        if line.startswith("#Text="):
            words = unescaped(line[6:])
            sentence = f"{sentence}\n{words}" if in_head else words
            begin, in_head = -1, True
        elif line:
            in_head = False
            name, where, token, *columns, last = line.split("\t")
            assert re.fullmatch(r"\d+-\d+", name)
            assert last == ""
            start, end = (from_utf16(text, int(each)) for each in where.split("-"))
            begin = start if begin < 0 else begin
            assert unescaped(token) == text[start:end] == sentence[start - begin : end - begin]
            if columns[0] == "_":
                continue
            stacked = [re.split(r"(?<!\\)\|", column) for column in columns]
            for values in zip(*stacked, strict=True):
                taken = [re.fullmatch(r"(.*)\[(\d+)\]", value, re.S) for value in values]
                ids = {match[2] for match in taken if match}
                assert len(ids) == 1
                words = tuple(unescaped(match[1]) for match in taken if match)
                units[ids.pop()].append((start, end, words))
    found = []
    for parts in units.values():
        kind, label, annotation, _ = parts[0][2]
        assert {each[2] for each in parts} == {parts[0][2]}
        found.append((annotation, kind, label, parts[0][0], parts[-1][1]))
    return sorted(found)


@hard
def test_webanno_reads_the_same_spans(document: Document) -> None:
    (file,) = webanno_members(document)

    assert read_webanno(document.text, file.content.decode()) == spans_of(document)


def test_webanno_says_a_sentence_of_several_lines_in_lines_of_their_own() -> None:
    document = a_document("one\ntwo\r\nthree\nfour", [("claim", "checkable", [(0, 14)])])

    (file,) = webanno_members(document)

    said = [line for line in file.content.decode().split("\n") if line.startswith("#Text=")]
    assert said == ["#Text=one", "#Text=two\\r", "#Text=three", "#Text=four"]


@given(documents())
@many
def test_webanno_keeps_any_offsets(document: Document) -> None:
    (file,) = webanno_members(document)

    assert read_webanno(document.text, file.content.decode()) == spans_of(document)


# CoNLL


def read_conll(text: str, said: str) -> list[tuple[str, str, int, int]]:
    open_spans: dict[str, tuple[str, int, int]] = {}
    found = []
    kinds: list[str] = []
    number = 0
    for line in said.splitlines():
        if line.startswith("# columns = id token start end "):
            kinds = line.split(" ")[7:]
        if line.startswith("#"):
            continue
        number = number + 1 if line else 0
        if not line:
            continue
        id, token, start, end, *tags = line.split("\t")
        assert id == str(number)
        assert re.sub(r"\s", "\u2423", text[int(start) : int(end)]) == token
        for kind, tag in zip(kinds, tags, strict=True):
            if tag.startswith("I-"):
                label, first, _ = open_spans[kind]
                assert label == tag[2:]
                open_spans[kind] = (label, first, int(end))
                continue
            if kind in open_spans:
                label, first, last = open_spans.pop(kind)
                found.append((kind, label, first, last))
            if tag != "O":
                open_spans[kind] = (tag[2:], int(start), int(end))
    found += [(kind, label, first, last) for kind, (label, first, last) in open_spans.items()]
    return sorted(found)


def longest_of_each_kind(document: Document) -> tuple[list[tuple[str, str, int, int]], int]:
    """The documented rule, done by hand."""
    taken: set[tuple[str, int]] = set()
    kept, dropped = [], 0
    ranked = sorted(
        document.records,
        key=lambda r: (-sum(s.end - s.start for s in r.spans), r.spans[0].start, r.id),
    )
    for record in ranked:
        places = {(record.kind, at) for span in record.spans for at in range(span.start, span.end)}
        if places & taken:
            dropped += 1
            continue
        taken |= places
        kept += [(record.kind, record.label, span.start, span.end) for span in record.spans]
    return sorted(kept), dropped


@hard
def test_conll_has_the_longest_of_each_kind_and_counts_the_others(document: Document) -> None:
    (file,) = conll.members(document)

    kept, dropped = longest_of_each_kind(document)

    assert bool(dropped) == (document == the_odd_one())
    assert read_conll(document.text, file.content.decode()) == kept
    assert dict(file.left_out) == {"annotations": dropped}


@given(documents())
@many
def test_conll_keeps_any_offsets(document: Document) -> None:
    (file,) = conll.members(document)

    kept, dropped = longest_of_each_kind(document)

    assert read_conll(document.text, file.content.decode()) == kept
    assert dict(file.left_out) == {"annotations": dropped}


# TEI, by lxml


def read_tei(text: str, said: bytes) -> Spans:
    root = etree.fromstring(said)
    words = root.find(f".//{TEI}ab").text or ""
    assert len(words) == len(text)
    assert all(a in (b, "\ufffd") for a, b in zip(words, text, strict=True))
    found = []
    for each in root.iter(f"{TEI}annotation"):
        note = {child.get("type"): child.text for child in each.iter(f"{TEI}note")}
        for target in each.get("target").split(" "):
            match = re.fullmatch(r"#string-range\(t,(\d+),(\d+)\)", target)
            assert match
            start, length = int(match[1]), int(match[2])
            found.append((each.get(ID)[2:], note["kind"], note["label"], start, start + length))
    return sorted(found)


@cache
def tei_schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "vocabularies" / "tei.rng"))


def assert_is_tei(said: bytes) -> None:
    tei_schema().assertValid(etree.fromstring(said))


@hard
def test_tei_is_what_its_specification_allows(document: Document) -> None:
    (file,) = tei.members(document)

    assert_is_tei(file.content)


@given(documents())
@many
def test_tei_is_so_for_any_text(document: Document) -> None:
    (file,) = tei.members(document)

    assert_is_tei(file.content)


@hard
def test_tei_reads_the_same_spans(document: Document) -> None:
    (file,) = tei.members(document)

    assert read_tei(document.text, file.content) == spans_of(document)
    assert dict(file.left_out) == {"characters": 0}


@given(documents())
@many
def test_tei_keeps_any_offsets(document: Document) -> None:
    (file,) = tei.members(document)

    assert read_tei(document.text, file.content) == spans_of(document)


# UIMA, by dkpro-cassis (which counts code points and converts)


def read_uima(document: Document) -> Spans:
    (file,) = uima.members(document)
    (types,) = uima.shared([])
    typesystem = cassis.load_typesystem(io.BytesIO(types.content))
    cas = cassis.load_cas_from_xmi(io.BytesIO(file.content), typesystem=typesystem)
    assert len(cas.sofa_string) == len(document.text)
    for passage in cas.select("imprimatur.Passage"):
        assert passage.get_covered_text() == cas.sofa_string[passage.begin : passage.end]
    return sorted(
        (each.annotation, each.kind, each.label, each.begin, each.end)
        for each in cas.select("imprimatur.Passage")
    )


@hard
def test_uima_reads_the_same_spans(document: Document) -> None:
    assert read_uima(document) == spans_of(document)


@hard
def test_uima_counts_utf16_units(document: Document) -> None:
    root = etree.fromstring(uima.members(document)[0].content)

    found = [
        (
            each.get("annotation"), each.get("kind"), each.get("label"),
            from_utf16(document.text, int(each.get("begin"))),
            from_utf16(document.text, int(each.get("end"))),
        )
        for each in root.iter("{http:///imprimatur.ecore}Passage")
    ]  # fmt: skip

    assert sorted(found) == spans_of(document)


@given(documents())
@many
def test_uima_keeps_any_offsets(document: Document) -> None:
    assert read_uima(document) == spans_of(document)


# spaCy


def read_spacy(content: bytes, text: str) -> Spans:
    (doc,) = DocBin().from_bytes(content).get_docs(spacy.blank("xx").vocab)
    assert doc.text == text
    return sorted(
        (each.id_, kind, each.label_, each.start_char, each.end_char)
        for kind, group in doc.spans.items()
        for each in group
    )


@hard
def test_spacy_reads_the_same_spans(document: Document) -> None:
    (file,) = spacy_docs.members(document)

    assert read_spacy(file.content, document.text) == spans_of(document)


@given(documents())
@settings(max_examples=50, deadline=None)
def test_spacy_keeps_any_offsets(document: Document) -> None:
    (file,) = spacy_docs.members(document)

    assert read_spacy(file.content, document.text) == spans_of(document)


# The archives


def archived(name: str, *all_documents: Document) -> tuple[bytes, Archive]:
    file = io.BytesIO()
    with Archive(DOCUMENT_FORMATS[name], file) as archive:
        for document in all_documents:
            archive.add(document)
    return file.getvalue(), archive


@pytest.mark.parametrize("name", DOCUMENT_FORMATS)
def test_an_archive_is_the_same_each_time_and_sound(name: str) -> None:
    content, _ = archived(name, the_article(), the_odd_one())

    again, _ = archived(name, the_article(), the_odd_one())

    assert content == again
    assert ZipFile(io.BytesIO(content)).testzip() is None


def test_an_archive_counts_what_its_format_cannot_say() -> None:
    _, archive = archived("conll", the_odd_one())

    assert archive.left_out["annotations"] > 0


def test_brats_configuration_names_every_type_and_relation() -> None:
    content, _ = archived("brat", the_article())

    with ZipFile(io.BytesIO(content)) as zip:
        configuration = zip.read("annotation.conf").decode()
        lines = zip.read(f"{the_article().name}.ann").decode().splitlines()

    def named(lines: list[str]) -> Iterator[str]:
        yield from (re.split(r"\t| ", line)[1] for line in lines if line[0] in "TR")

    assert all(f"\n{name}" in configuration for name in named(lines))
