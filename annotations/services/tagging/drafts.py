"""What somebody wants to be written, before it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from annotations.models import RelationType
from annotations.models.identity import new_id
from annotations.queries.annotations.validation_context import Question

LAST_OFFSET = 2**31 - 64  # the database counts in 32 bits, and looks a little beyond a span
NO_WORDS = (0, 1)
LENGTHS_OF_IDS = range(32, 46)  # a UUID as text, in any of the ways it is written


@dataclass(frozen=True)
class Part:
    """A span as a client names it; `exact`, if given, must equal the text there."""

    start: int
    end: int
    exact: str | None = None

    @property
    def is_span(self) -> bool:
        return 0 <= self.start < self.end < LAST_OFFSET


@dataclass(frozen=True)
class Link:
    """A relation to another annotation."""

    type: RelationType
    to: UUID
    uid: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Draft:
    """An annotation, or its next version, that is to be written."""

    kind: str
    label: str
    parts: Sequence[Part]
    fields: Mapping[str, object]
    links: Sequence[Link] = ()
    id: UUID = field(default_factory=new_id)
    origin: str = ""  # the program that proposed it, see Suggestion


def question_about(
    drafts: Sequence[Draft], *, source: UUID, person: UUID, revision: int | None = None
) -> Question:
    """What has to be known before they can be checked; of spans in the order of the drafts."""
    return Question(
        source=source,
        person=person,
        ids=[draft.id for draft in drafts],
        spans=[
            (part.start, part.end) if part.is_span else NO_WORDS
            for draft in drafts
            for part in draft.parts
        ],
        targets=[link.to for draft in drafts for link in draft.links],
        records=[id for draft in drafts for id in _possible_ids(draft.fields)],
        revision=revision,
    )


def _possible_ids(fields: Mapping[str, object]) -> Iterator[UUID]:
    """Values that may name a record of the register; which fields do is the codebook's matter."""
    for value in fields.values():
        if isinstance(value, str) and len(value.strip()) in LENGTHS_OF_IDS:
            try:
                yield UUID(value.strip())
            except ValueError:
                continue
