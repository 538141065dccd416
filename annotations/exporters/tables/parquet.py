"""Apache Parquet, where PyArrow is installed: a row an annotation, its spans a list of structs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any

from annotations.exporters.records import Publisher, Record
from annotations.exporters.tables.lines import json_words

AVAILABLE = find_spec("pyarrow") is not None
MEDIA_TYPE = "application/vnd.apache.parquet"
ROWS = 5_000  # in a row group, which is what is held in memory


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:  # noqa: ARG001
    """Row groups in the order of the records; fields are JSON, because desks define them."""
    pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    sink, schema = _Sink(), _schema(pyarrow)
    rows = map(_row, records)
    with parquet.ParquetWriter(pyarrow.PythonFile(sink, mode="w"), schema) as writer:
        while group := list(islice(rows, ROWS)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        said = b"".join(self._pieces)
        self._pieces.clear()
        return said


def _schema(pyarrow: Any) -> Any:
    text, number = pyarrow.string(), pyarrow.int32()
    span = pyarrow.struct([("start", number), ("end", number), ("exact", text)])
    link = pyarrow.struct([("id", text), ("type", text), ("to", text)])
    return pyarrow.schema(
        [
            ("id", text), ("kind", text), ("label", text), ("spans", pyarrow.list_(span)),
            ("prefix", text), ("suffix", text), ("fields", text),
            ("relations", pyarrow.list_(link)), ("source", text), ("title", text), ("url", text),
            ("revision", number), ("version", number), ("author", text), ("created_at", text),
            ("updated_at", text),
        ]
    )  # fmt: skip


def _row(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "label": record.label,
        "spans": [vars(passage) for passage in record.spans],
        "prefix": record.prefix,
        "suffix": record.suffix,
        "fields": json_words(record.fields),
        "relations": [vars(link) for link in record.relations],
        "source": record.source.id,
        "title": record.source.title,
        "url": record.source.url,
        "revision": record.revision,
        "version": record.version,
        "author": record.author.name,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
