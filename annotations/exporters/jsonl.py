"""JSON Lines (jsonlines.org): one annotation a line, with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations.exporters.lines import json_line
from annotations.exporters.records import Publisher, Record


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:  # noqa: ARG001
    """One line a record, in their order, as UTF-8; the same records give the same bytes.

    The lines have ids, not addresses, so `publisher` changes nothing here.
    """
    for record in records:
        yield json_line(_members(record))


def _members(record: Record) -> dict[str, object]:
    """As dataclasses.asdict, which copies all values and takes most of the time."""
    return vars(record) | {
        "spans": [vars(passage) for passage in record.spans],
        "relations": [vars(link) for link in record.relations],
        "source": vars(record.source),
        "author": vars(record.author),
    }
