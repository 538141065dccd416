"""PresenceBatch of who reads a source, put together for the stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from annotations.queries.live.presence import Person


@dataclass
class PresenceBatch:
    """Who is there, by id, and who left."""

    source: UUID
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, payload: str) -> PresenceBatch:
        """As `services/presence.py` wrote them."""
        said = json.loads(payload)
        people = {person["id"]: person for person in said["people"]}
        return cls(UUID(said["source"]), people, set(said["gone"]))

    @classmethod
    def of(cls, source: UUID, people: Iterable[Person]) -> PresenceBatch:
        return cls(source, {str(person.id): person.document() for person in people})

    def add(self, later: PresenceBatch) -> None:
        for person in later.gone:
            self.people.pop(person, None)
        self.gone = (self.gone | later.gone) - later.people.keys()
        self.people.update(later.people)

    def message(self) -> bytes:
        data = {
            "source": str(self.source),
            "people": list(self.people.values()),
            "gone": sorted(self.gone),
        }
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f"event: presence\ndata: {body}\n\n".encode()
