"""Running text put together from the pieces of a page: white space folded, blocks set apart."""

from __future__ import annotations

import re

NOTHING, SPACE, TAB, LINE, PARAGRAPH = "", " ", "\t", "\n", "\n\n"
STRENGTH = {NOTHING: 0, SPACE: 1, TAB: 2, LINE: 3, PARAGRAPH: 4}
MOST_PIECES = 10_000  # held one by one
WHITE_SPACE = re.compile(r"[ \t\n\f\r]+")  # as HTML folds it; a no-break space stays


class Flow:
    """Collects pieces of text and joins neighbours by the strongest separator between them.

    >>> flow = Flow()
    >>> flow.add("One\\n  line.")
    >>> flow.separate(PARAGRAPH)
    >>> flow.add("Another.")
    >>> flow.text()
    'One line.\\n\\nAnother.'
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._blocks: list[str] = []  # pieces put together: millions of small ones take memory
        self._separator = NOTHING

    def add(self, text: str) -> None:
        """Add text in which each run of white space counts as one space."""
        folded = WHITE_SPACE.sub(SPACE, text)
        if folded.startswith(SPACE):
            self.separate(SPACE)
        if core := folded.strip(SPACE):
            self._append(core)
            if folded.endswith(SPACE):
                self.separate(SPACE)

    def add_verbatim(self, text: str) -> None:
        """Add text as it is, but for the line breaks around it."""
        if text.strip():
            self._append(text.strip("\n"))

    def separate(self, separator: str) -> None:
        """What comes next stands apart by this separator at least."""
        if STRENGTH[separator] > STRENGTH[self._separator]:
            self._separator = separator

    def break_line(self) -> None:
        """A line break that somebody set: the second of two makes a paragraph."""
        self.separate(PARAGRAPH if self._separator == LINE else LINE)

    def text(self) -> str:
        return "".join((*self._blocks, *self._pieces))

    def _append(self, piece: str) -> None:
        if self._pieces or self._blocks:
            self._pieces.append(self._separator)
        self._pieces.append(piece)
        self._separator = NOTHING
        if len(self._pieces) >= MOST_PIECES:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()
