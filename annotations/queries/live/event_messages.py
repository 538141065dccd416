"""The ledger's events as messages of the live stream, each with what it is about as that is now.

A message (WHATWG HTML, §9.2) is made once, as bytes, for all who read it. `BUILDERS` says for
which events there is one; an event whose row is gone has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from annotations.queries import annotation_json
from annotations.queries.comments import talk_news
from annotations.queries.prepared_statements import rows_of


@dataclass(frozen=True)
class Happening:
    """A row of the ledger."""

    seq: int
    type: str
    by: UUID | None
    source: UUID | None
    annotation: UUID | None
    comment: UUID | None

    @property
    def topic(self) -> str:
        """What it is about: the first word of its type."""
        return self.type.partition(".")[0]


@dataclass(frozen=True)
class News:
    """One message to those who watch the source."""

    source: UUID
    seq: int
    message: bytes


_HAPPENED = """
    SELECT seq, type, actor_id, source_id, annotation_id, comment_id FROM annotations_event
    WHERE {place} = %(place)s AND seq > %(after)s ORDER BY seq LIMIT %(limit)s
"""
_ON_DESK: Final = _HAPPENED.format(place="desk_id")
_ON_SOURCE: Final = _HAPPENED.format(place="source_id")
_ANNOTATIONS: Final = f"""
    SELECT annotations_annotation.id, {annotation_json.WORK}
    FROM annotations_annotation WHERE annotations_annotation.id = ANY(%(ids)s::uuid[])
"""  # noqa: S608 - no value is put in


def happened_on_desk(desk_id: UUID, after: int, limit: int) -> list[Happening]:
    """The desk's events after that number, the oldest first."""
    return _happened(_ON_DESK, desk_id, after, limit)


def happened_on_source(source_id: UUID, after: int, limit: int) -> list[Happening]:
    """The source's events after that number, the oldest first."""
    return _happened(_ON_SOURCE, source_id, after, limit)


def news_of(happenings: Iterable[Happening]) -> list[News]:
    """Their messages, in order; one statement for each topic that occurs."""
    telling = [each for each in happenings if each.topic in BUILDERS]
    said = {
        topic: build([each for each in telling if each.topic == topic])
        for topic, build in BUILDERS.items()
    }
    return [
        News(each.source, each.seq, _message(each, said[each.topic][each.seq]))
        for each in telling
        if each.source is not None and each.seq in said[each.topic]
    ]


def _annotations(happenings: list[Happening]) -> dict[int, str]:
    ids = {each.annotation for each in happenings}
    texts = dict(rows_of(_ANNOTATIONS, {"ids": list(ids)})) if ids else {}
    return {
        each.seq: f'"annotation":{texts[each.annotation]}'
        for each in happenings
        if each.annotation in texts
    }


def _comments(happenings: list[Happening]) -> dict[int, str]:
    """Also how much is said about the annotation now."""
    told = talk_news({each.comment for each in happenings if each.comment})
    return {
        each.seq: f'"annotation":"{each.annotation}",{_json(told[each.comment])[1:-1]}'
        for each in happenings
        if each.comment in told
    }


# By topic: the members of the message's data beside those that all have, by number of the event.
BUILDERS: Final[Mapping[str, Callable[[list[Happening]], dict[int, str]]]] = {
    "annotation": _annotations,
    "comment": _comments,
}


def _happened(sql: str, place: UUID, after: int, limit: int) -> list[Happening]:
    values = {"place": place, "after": after, "limit": limit}
    return [Happening(*row) for row in rows_of(sql, values)]


def _message(happening: Happening, said: str) -> bytes:
    about = {
        "seq": happening.seq,
        "type": happening.type,
        "by": happening.by,
        "source": happening.source,
    }
    data = f"{_json(about)[:-1]},{said}}}"
    return f"id: {happening.seq}\nevent: {happening.topic}\ndata: {data}\n\n".encode()


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
