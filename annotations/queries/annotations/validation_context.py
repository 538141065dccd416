"""What writers of annotations have to know before they write: one statement, however many."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotations.errors import Conflict, DomainError, NotFound
from annotations.models import Role
from annotations.queries.prepared_statements import rows_of, sql_beside
from annotations.text.spans import CONTEXT

_KNOWN = sql_beside(__file__)


@dataclass(frozen=True)
class Question:
    """What a person is to write on a source: ids, spans (code points), targets of links, records of
    the register.

    `revision` is the row that the spans count in; None means the newest.
    """

    source: UUID
    person: UUID
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


def known(*, desk: UUID, question: Question) -> Known:
    """Raises NotFound when there is no such source on the desk, Conflict when it has no text."""
    [answer] = known_of_all(desk=desk, questions=[question])
    if isinstance(answer, DomainError):
        raise answer
    return answer


def known_of_all(*, desk: UUID, questions: Sequence[Question]) -> list[Known | DomainError]:
    """The answer to each question, or what `known` raises of it; one statement."""
    rows = rows_of(
        _KNOWN,
        {
            "desk": desk,
            "sources": _array(each.source for each in questions),
            "people": _array(each.person for each in questions),
            "revisions": _array(each.revision or "NULL" for each in questions),
            "ids": _arrays(each.ids for each in questions),
            "firsts": _arrays(
                [max(0, start - CONTEXT) for start, _ in each.spans] for each in questions
            ),
            "lasts": _arrays([end + CONTEXT for _, end in each.spans] for each in questions),
            "targets": _arrays(each.targets for each in questions),
            "records": _arrays(each.records for each in questions),
        },
    )
    return [_answer(row) for row in rows]


def _answer(row: Sequence[Any]) -> Known | DomainError:
    is_there, role, codebook, *revision, words, owners, kinds, records = row
    if not is_there:
        return NotFound("There is no such source on this desk.")
    if revision[0] is None:
        return Conflict("This source has no text yet.")
    return Known(
        role=Role(role) if role else None,
        codebook=codebook,
        revision=Wording(*revision),
        words=words,
        owners={id: (own[0], own[1]) for id, own in json.loads(owners or "{}").items()},
        kinds=json.loads(kinds or "{}"),
        records=frozenset(records),
    )


def _array(items: Iterable[UUID | int | str]) -> str:
    """As PostgreSQL writes an array; the driver takes several times as long for a thousand."""
    return f"{{{','.join(map(str, items))}}}"


def _arrays(all_items: Iterable[Iterable[UUID | int]]) -> str:
    """An array of arrays, as text each, since those of one array would have to be of one length."""
    return _array(f'"{_array(items)}"' for items in all_items)
