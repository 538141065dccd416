"""WebAnno TSV 3.3 (INCEpTION's user guide, appendix "WebAnno TSV"): one file a document.

Offsets count UTF-16 code units, as Java does. A sentence of several lines has a `#Text` for each.

The format has no annotation with gaps: the tokens that share a disambiguation id are one span, from
the first of them to the last (section "Disambiguation IDs"). So each span has an id of its own; the
spans of one annotation share its id in the column `annotation` and are numbered in `part`. Tokens
are cut at the edges of spans, so that none is a part of a token. Relations are not said and are
counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.corpora.tokens import Token, sentences
from annotations.exporters.corpora.utf16 import in_utf16

HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=imprimatur.Passage|kind|label|annotation|part\n\n"
RESERVED = re.compile(r"\\|\[|\]|\||_|->|;|\*|[\t\n\r\f\b]")
SPACES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\f": r"\f", "\b": r"\b"}
SPACE = re.compile(r"[\\\t\n\r\f\b]")

Values = tuple[str, ...]  # of the four columns
NOTHING = ["_"] * 4


def members(document: Document) -> list[Member]:
    content = HEAD + "".join(_sentences(document))
    relations = sum(len(record.relations) for record in document.records)
    return [Member(f"{document.name}.tsv", content.encode(), (("relations", relations),))]


def _sentences(document: Document) -> Iterator[str]:
    offset = in_utf16(document.text)
    cells = _cells(document)
    for number, sentence in enumerate(sentences(document), start=1):
        words = document.text[sentence[0].start : sentence[-1].end]
        yield "\n" + "".join(f"#Text={_escaped_text(line)}\n" for line in words.split("\n"))
        for place, token in enumerate(sentence, start=1):
            yield _row(f"{number}-{place}", token, offset, cells(token))


def _cells(document: Document) -> Callable[[Token], list[Values]]:
    """What stands on a token, as it is written; asked for the tokens in their order."""
    beginning: dict[int, list[tuple[int, Values]]] = defaultdict(list)
    for id, (record, part, passage) in enumerate(document.passages(), start=1):
        written = (record.kind, record.label, record.id, str(part))
        values = tuple(f"{_escaped_value(each)}[{id}]" for each in written)
        beginning[passage.start].append((passage.end, values))
    standing: list[tuple[int, Values]] = []

    def on(token: Token) -> list[Values]:
        nonlocal standing
        standing = [each for each in standing if each[0] > token.start]
        standing += beginning.get(token.start, [])
        return [values for _, values in standing]

    return on


def _row(name: str, token: Token, offset: Callable[[int], int], cells: list[Values]) -> str:
    place = f"{offset(token.start)}-{offset(token.end)}"
    columns = ["|".join(column) for column in zip(*cells, strict=True)] if cells else NOTHING
    return "\t".join([name, place, _escaped_text(token.text), *columns]) + "\t\n"


def _escaped_text(words: str) -> str:
    return SPACE.sub(lambda match: SPACES[match[0]], words)


def _escaped_value(words: str) -> str:
    return RESERVED.sub(lambda match: SPACES.get(match[0], f"\\{match[0]}"), words)
