from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exporters import FORMATS
from annotations.exporters.records import Passage, Record
from annotations.exporters.tables import jsonl
from tests.exporters.sample_records import PUBLISHER, SOURCE, document, record


def test_a_line_says_all_that_the_api_says_and_where_the_text_comes_from() -> None:
    [line] = jsonl.export([record()], publisher=PUBLISHER)

    said = json.loads(line)

    assert said.pop("source")["title"] == SOURCE.title
    assert said.pop("revision_sha256") == ""
    assert said == {name: value for name, value in document().items() if name != "source"}


def test_there_is_one_line_for_each_record_in_their_order() -> None:
    records = [record(label="direct"), record(label="indirect\nor\u2028not"), record(label="mixed")]

    lines = b"".join(jsonl.export(records, publisher=PUBLISHER)).decode().split("\n")

    assert lines.pop() == ""
    assert [json.loads(line)["label"] for line in lines] == [each.label for each in records]


def test_the_same_records_give_the_same_bytes_whatever_the_order_of_their_fields() -> None:
    one = record(fields={"a": 1, "ü": ["x", None], "b": {"d": 1, "c": 2}})
    other = record(fields={"b": {"c": 2, "d": 1}, "ü": ["x", None], "a": 1})

    assert list(jsonl.export([one], publisher=PUBLISHER)) == list(
        jsonl.export([other], publisher=PUBLISHER)
    )


def test_letters_are_written_as_themselves_in_utf_8() -> None:
    [line] = jsonl.export([record()], publisher=PUBLISHER)

    assert "Recep Tayyip Erdoğan".encode() in line


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 10**9))
def test_spans_are_read_back_as_they_were(exact: str, start: int) -> None:
    span = {"start": start, "end": start + len(exact), "exact": exact}

    [line] = jsonl.export([record(spans=[span])], publisher=PUBLISHER)

    assert line.count(b"\n") == 1
    assert json.loads(line)["spans"] == [span]


def test_every_format_writes_each_record_before_it_asks_for_the_next() -> None:
    for format in (FORMATS["jsonl"], FORMATS["csv"], FORMATS["jsonld"]):
        taken: list[int] = []

        def records(taken: list[int] = taken) -> Iterator[Record]:
            for number in range(1_000):
                taken.append(number)
                yield record(version=number, spans=document()["spans"][:1])

        written = 0
        for piece in format.export(records(), publisher=PUBLISHER):
            written += piece.count(b"E. Ditor")
            assert len(taken) - written in (0, 1)
            if written == 10:
                break

        assert len(taken) == 10


def test_each_format_has_its_file_name_and_media_type() -> None:
    built_in = {name: each for name, each in FORMATS.items() if name != "parquet"}

    assert {each.name: each.media_type for each in built_in.values()} == {
        "annotations.csv": "text/csv; charset=utf-8",
        "claim-reviews.jsonld": "application/ld+json",
        "annotations.jsonl": "application/jsonl",
        "annotations.jsonld": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    }


def test_a_record_keeps_what_the_document_says() -> None:
    made = record(revision_sha256="ab" * 32)

    assert made.spans[1] == Passage(634, 654, "Recep Tayyip Erdoğan")
    assert made.relations[0].to == "0199a000-0000-7000-8000-000000000004"
    assert (made.author.name, made.version, made.revision) == ("E. Ditor", 2, 1)
    assert made.revision_sha256 == "ab" * 32
    assert made.source is SOURCE
