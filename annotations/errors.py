"""What services refuse, in a small tree; translated once for the API and once for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class DomainError(Exception):
    """`sentence` is for people: what is wrong and, where it helps, what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(DomainError):
    """There is no such row, or none this person may know of."""


class Refused(DomainError):
    """The person may not do this."""


class Conflict(DomainError):
    """The state of things does not allow it."""


class Outdated(Conflict):
    """The write named a version that is no longer the newest. `current` is the row as it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__("This was changed in the meantime. Look at the newest version first.")
        self.current = current


class Invalid(DomainError):
    """The input is wrong. `errors` names each field and what is wrong with it."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(sentence for each in errors.values() for sentence in each))
        self.errors = {name: list(each) for name, each in errors.items()}
