"""JSON Lines (jsonlines.org): one annotation a line, with all that is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from annotations.exporters.records import Publisher, Record


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:  # noqa: ARG001
    """One line a record, in their order, as UTF-8; the same records give the same bytes.

    The lines have ids, not addresses, so `publisher` changes nothing here.
    """
    for record in records:
        line = json.dumps(
            asdict(record),
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        yield f"{line}\n".encode()
