"""CoNLL columns with BIO tags: one file a document, a column a kind.

The columns are the token's number in its sentence, the token, its offsets in code points
(half-open), and the tags of claims, entities, quotes and flags. The number comes first, as in
CoNLL-U, so that no token (`#`, `-DOCSTART-`) is read as a comment or a mark. White space in a token
is written as U+2423.

A column holds no two annotations on one token: the longest wins (by all its spans together; of
equal ones the first in the text, then the one with the smaller id), and what overlaps it is left
out as a whole and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.corpora.tokens import Token, sentences
from annotations.exporters.records import Record

KINDS = ("claim", "entity", "quote", "flag")
SPACE = re.compile(r"\s")
OUTSIDE = "O"


def members(document: Document) -> list[Member]:
    lines = sentences(document)
    tokens = [token for sentence in lines for token in sentence]
    columns, dropped = [], 0
    for kind in KINDS:
        records = [record for record in document.records if record.kind == kind]
        tags, left_out = _tags(tokens, records)
        columns.append(tags)
        dropped += left_out
    content = [f"# source = {document.source.id}\n# revision = {document.revision}\n"]
    content.append(f"# columns = id token start end {' '.join(KINDS)}\n")
    for sentence in lines:
        for number, token in enumerate(sentence, start=1):
            said = [column.get(token.start, OUTSIDE) for column in columns]
            words = SPACE.sub("\u2423", token.text)
            where = [str(number), words, str(token.start), str(token.end)]
            content.append("\t".join([*where, *said]) + "\n")
        content.append("\n")
    file = "".join(content).encode()
    return [Member(f"{document.name}.conll", file, (("annotations", dropped),))]


def _tags(tokens: list[Token], records: Iterable[Record]) -> tuple[dict[int, str], int]:
    """The tags by the starts of their tokens, and how many annotations had no room."""
    place = {token.start: number for number, token in enumerate(tokens)}
    tags: dict[int, str] = {}
    dropped = 0
    for record in sorted(records, key=_longest_first):
        label = SPACE.sub("_", record.label)
        own: dict[int, str] = {}
        for passage in record.spans:
            number = place[passage.start]
            tag = f"B-{label}"
            while number < len(tokens) and tokens[number].start < passage.end:
                own[tokens[number].start] = tag
                tag = f"I-{label}"
                number += 1
        if own.keys() & tags.keys():
            dropped += 1
        else:
            tags |= own
    return tags, dropped


def _longest_first(record: Record) -> tuple[int, int, str]:
    length = sum(passage.end - passage.start for passage in record.spans)
    return -length, record.spans[0].start, record.id
