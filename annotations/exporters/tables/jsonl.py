"""JSON Lines (jsonlines.org): one annotation a line, with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations.exporters.records import Publisher, Record
from annotations.exporters.tables.lines import json_line


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:  # noqa: ARG001
    """One line a record, in their order, as UTF-8; the same records give the same bytes.

    The lines have ids, not addresses, so `publisher` changes nothing here.
    """
    return map(json_line, records)
