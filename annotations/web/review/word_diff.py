"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 4_000  # beyond, the comparison would take longer than a page may


@dataclass(frozen=True)
class Stretch:
    """`change` is "same", "gone" or "new"."""

    change: str
    text: str


def words_changed(before: str, after: str) -> list[Stretch]:
    """The stretches that lead from one text to the other; very long texts count as replaced.

    >>> [(each.change, each.text) for each in words_changed("a red cat", "a blue cat")]
    [('same', 'a '), ('gone', 'red'), ('new', 'blue'), ('same', ' cat')]
    """
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return list(_stretches([("gone", before), ("new", after)]))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pairs: list[tuple[str, str]] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pairs.append(("same", "".join(old[i:j])))
        else:
            pairs += [("gone", "".join(old[i:j])), ("new", "".join(new[k:m]))]
    return list(_stretches(pairs))


def _stretches(pairs: list[tuple[str, str]]) -> Iterator[Stretch]:
    return (Stretch(change, text) for change, text in pairs if text)
