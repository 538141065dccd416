"""Keyset pagination of lists in pages: a page begins after the last row of the one before.

No page counts rows or skips them, so that the last is as quick as the first. `?after=` and
`?before=` hold a cursor, which is opaque; an empty `before` asks for the last page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable, Expression

from annotations.errors import NotFound

Row = TypeVar("Row", bound=Model)

_READ: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "number": int,
    "flag": bool,
    "time": lambda written: datetime.fromisoformat(str(written)),
    "id": lambda written: UUID(str(written)),
}


@dataclass(frozen=True)
class Key:
    """A sort key: an expression or the name of a field, and the type of its values."""

    type: str  # one of _READ
    by: Combinable | str

    @property
    def expression(self) -> Any:
        return F(self.by) if isinstance(self.by, str) else self.by


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order, with the cursors of the pages beside; None where there is none."""

    object_list: list[Row]
    previous: str | None
    next: str | None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.object_list)

    @property
    def has_other_pages(self) -> bool:
        return self.previous is not None or self.next is not None


class _RowComparison(Func):
    """`(a, b) > (x, y)`, which one index on a and b answers."""

    output_field = BooleanField()

    def __init__(self, left: Sequence[Any], sign: str, right: Sequence[Any]) -> None:
        super().__init__(*left, *right)
        self.sign = sign

    def as_sql(self, compiler: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        parts: list[str] = []
        values: list[Any] = []
        for each in self.source_expressions:
            sql, said = compiler.compile(each)
            parts.append(sql)
            values.extend(said)
        half = len(parts) // 2
        left, right = ", ".join(parts[:half]), ", ".join(parts[half:])
        return f"({left}) {self.sign} ({right})", tuple(values)


def page_of(
    rows: QuerySet[Row],
    keys: Sequence[Key],
    query: Mapping[str, str],
    size: int,
    *,
    descending: bool = False,
) -> Page[Row]:
    """The page that `after` or `before` in the query asks for; one statement.

    `keys` name one row among all. Where nothing is left behind a cursor, it is the last page, or
    the first. Raises NotFound for a cursor that is none.
    """
    before, after = query.get("before"), query.get("after")
    backwards = before is not None
    cursor = before if backwards else after
    ordered = rows.annotate(**{f"key_{place}": key.expression for place, key in enumerate(keys)})
    if cursor:
        sign = ">" if descending == backwards else "<"
        by, values = [key.expression for key in keys], _values(keys, cursor)
        # The first key is compared twice: by itself it narrows an index where others are elsewhere.
        ordered = ordered.filter(
            _RowComparison(by[:1], f"{sign}=", values[:1]), _RowComparison(by, sign, values)
        )
    ends_first = descending != backwards
    ordering = [_ordering(key, descending=ends_first) for key in keys]
    found = list(ordered.order_by(*ordering)[: size + 1])
    if cursor and not found:
        nearest = {} if backwards else {"before": ""}
        return page_of(rows, keys, nearest, size, descending=descending)
    shown, has_more = found[:size], len(found) > size
    if backwards:
        shown.reverse()
    first, last = (_cursor(shown[0], keys), _cursor(shown[-1], keys)) if shown else (None, None)
    return Page(
        object_list=shown,
        previous=first if (has_more if backwards else bool(cursor)) else None,
        next=last if (bool(cursor) if backwards else has_more) else None,
    )


def _ordering(key: Key, *, descending: bool) -> Expression:
    return key.expression.desc() if descending else key.expression.asc()


def _cursor(row: Model, keys: Sequence[Key]) -> str:
    values = [getattr(row, f"key_{place}") for place in range(len(keys))]
    written = json.dumps(
        [each if isinstance(each, bool | int | str) else _text(each) for each in values],
        separators=(",", ":"),
    )
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _values(keys: Sequence[Key], cursor: str) -> list[Value]:
    try:
        written = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(written, list) or len(written) != len(keys) or "\0" in str(written):
            raise ValueError(cursor)
        return [Value(_READ[key.type](each)) for key, each in zip(keys, written, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        raise NotFound("There is no such page.") from error
