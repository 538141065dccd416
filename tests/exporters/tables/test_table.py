"""CSV that spreadsheets cannot run, read back by Python's own reader."""

from __future__ import annotations

import csv
import io

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as reader

from annotations.exporters import Document
from annotations.exporters.tables import parquet, table
from tests.exporters.corpora.sample_documents import a_document, the_article, the_odd_one
from tests.exporters.sample_records import PUBLISHER


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def meant(cell: str) -> str:
    return cell.removeprefix("'")


@pytest.mark.parametrize("document", [the_article(), the_odd_one()], ids=["article", "odd"])
def test_rows_are_read_back_with_the_same_spans(document: Document) -> None:
    content = b"".join(table.export(document.records, publisher=PUBLISHER))

    rows = read(content)

    assert [(row["id"], int(row["part"]), int(row["start"]), int(row["end"])) for row in rows] == [
        (record.id, part, passage.start, passage.end)
        for record, part, passage in document.passages()
    ]
    for row in rows:
        assert meant(row["exact"]) == document.text[int(row["start"]) : int(row["end"])]
    assert list(rows[0]) == list(table.COLUMNS)


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "＠x"]
)
def test_no_cell_begins_like_a_formula(words: str) -> None:
    document = a_document(words, [("claim", "one", [(0, len(words))])])

    [row] = read(b"".join(table.export(document.records, publisher=PUBLISHER)))

    assert row["exact"] == f"'{words}"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
@settings(max_examples=150, deadline=None)
def test_any_words_are_read_back(words: str) -> None:
    document = a_document(words, [("claim", "one", [(0, len(words))])])
    content = b"".join(table.export(document.records, publisher=PUBLISHER))

    [row] = read(content)

    assert meant(row["exact"]) == words
    assert content.endswith(b"\r\n")


def test_pandas_reads_the_same_spans() -> None:
    document = the_odd_one()
    content = b"".join(table.export(document.records, publisher=PUBLISHER))

    frame = pandas.read_csv(io.BytesIO(content), keep_default_na=False)

    assert [meant(exact) for exact in frame["exact"]] == [
        passage.exact for _, _, passage in document.passages()
    ]


def test_pyarrow_reads_the_same_spans_from_parquet() -> None:
    document = the_odd_one()
    content = b"".join(parquet.export(document.records, publisher=PUBLISHER))

    rows = reader.read_table(io.BytesIO(content)).to_pylist()

    assert [(row["id"], [tuple(span.values()) for span in row["spans"]]) for row in rows] == [
        (record.id, [(each.start, each.end, each.exact) for each in record.spans])
        for record in document.records
    ]
