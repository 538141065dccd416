"""What a writer of annotations has to know before it writes: one statement, however many."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from annotations.errors import Conflict, NotFound
from annotations.models import Role
from annotations.queries.statements import rows_of, sql_beside
from annotations.text.spans import CONTEXT

_KNOWN = sql_beside(__file__)


@dataclass(frozen=True)
class Question:
    """What is to be written: ids, spans (code points), targets of links, records of the register.

    `revision` is the row that the spans count in; None means the newest.
    """

    ids: Sequence[UUID]
    spans: Sequence[tuple[int, int]]
    targets: Sequence[UUID]
    records: Sequence[UUID]
    revision: int | None = None


@dataclass(frozen=True)
class Wording:
    """A revision without its text: its row, its number on the source, its length in code points."""

    row: int
    number: int
    sha256: str
    length: int


@dataclass(frozen=True)
class Known:
    """`words` are those of each span with up to 32 code points on either side; the last may be cut.

    `owners` has source and creator of the ids that are in use, `kinds` those of the targets that
    are there, `records` those of the register.
    """

    role: Role | None
    codebook: int
    revision: Wording
    words: Sequence[str]
    owners: Mapping[str, tuple[str, str]]
    kinds: Mapping[str, str]
    records: frozenset[UUID]


def known(*, desk: UUID, source: UUID, person: UUID, question: Question) -> Known:
    """Raises NotFound when there is no such source on the desk, Conflict when it has no text."""
    rows = rows_of(
        _KNOWN,
        {
            "desk": desk,
            "source": source,
            "person": person,
            "ids": _array(question.ids),
            "firsts": _array(max(0, start - CONTEXT) for start, _ in question.spans),
            "lasts": _array(end + CONTEXT for _, end in question.spans),
            "targets": _array(question.targets),
            "records": _array(question.records),
            "revision": question.revision,
        },
    )
    if not rows:
        raise NotFound("There is no such source on this desk.")
    role, codebook, *revision, words, owners, kinds, records = rows[0]
    if revision[0] is None:
        raise Conflict("This source has no text yet.")
    return Known(
        role=Role(role) if role else None,
        codebook=codebook,
        revision=Wording(*revision),
        words=words,
        owners={id: (own[0], own[1]) for id, own in json.loads(owners or "{}").items()},
        kinds=json.loads(kinds or "{}"),
        records=frozenset(records),
    )


def _array(items: Iterable[UUID | int]) -> str:
    """As PostgreSQL writes an array; the driver takes several times as long for a thousand."""
    return f"{{{','.join(map(str, items))}}}"
