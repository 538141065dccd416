"""What an importer gives back, or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field


class Unreadable(ValueError):
    """The input cannot become a text. Its message tells an editor why and what to do."""


@dataclass(frozen=True)
class ImportedText:
    """A text as it will be kept, with what its file says about itself.

    `metadata` has the names of a source's provenance (title, author, published_on, …) and only
    values that were found. `warnings` are sentences for editors. `version` grows whenever the same
    bytes would give another text.
    """

    text: str
    importer: str
    version: str
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def quoted(name: str) -> str:
    """A name that somebody gave, in quotation marks, cut and made fit to be shown and stored."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:100])
    return f"“{shown}”"
