"""CSV (RFC 4180): one row a span, for spreadsheets and data frames.

Lines end with CRLF, every text stands in quotation marks, which are doubled inside; UTF-8 without a
byte order mark. A cell that a spreadsheet could take for a formula begins with an apostrophe
(OWASP, "CSV Injection"): so do cells that begin with an apostrophe themselves, so that whoever
takes away one leading apostrophe from each text has what was said. `fields` and `relations` are
JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from annotations.exporters.records import Publisher, Record
from annotations.exporters.tables.lines import json_words

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = {
    "id": "string", "part": "integer", "kind": "string", "label": "string", "start": "integer",
    "end": "integer", "exact": "string", "prefix": "string", "suffix": "string",
    "fields": "string", "relations": "string", "source": "string", "title": "string",
    "publisher": "string", "url": "string", "revision": "integer", "version": "integer",
    "author": "string", "created_at": "string", "updated_at": "string",
}  # fmt: skip
# What begins a formula in some spreadsheet, also in the wide forms of East Asian keyboards.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:  # noqa: ARG001
    """The rows in the order of the records, and of the spans of each."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield _taken(page)
    for row in _rows(records):
        writer.writerow([harmless(cell) for cell in row])
        yield _taken(page)


def harmless(cell: Any) -> Any:
    """The cell as a spreadsheet shows it and does not run it.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def _rows(records: Iterable[Record]) -> Iterator[list[Any]]:
    for record in records:
        source = record.source
        relations = [{"type": link.type, "to": link.to} for link in record.relations]
        for part, passage in enumerate(record.spans, start=1):
            yield [
                record.id, part, record.kind, record.label, passage.start, passage.end,
                passage.exact, record.prefix, record.suffix, json_words(record.fields),
                json_words(relations), source.id, source.title, source.publisher, source.url,
                record.revision, record.version, record.author.name, record.created_at,
                record.updated_at,
            ]  # fmt: skip


def _taken(page: io.StringIO) -> bytes:
    said = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return said
