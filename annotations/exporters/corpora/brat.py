"""brat standoff (brat.nlplab.org/standoff.html): a `.txt` and an `.ann` a document.

Offsets count code points, as brat does. An annotation on several spans, or on one that goes over
the end of a line, is discontinuous (`start end;start end`), because brat has no annotation over the
end of a line. The spans as we have them, the id and the fields are JSON in the annotation's note.
Relations to annotations of other documents cannot be said and are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.records import Passage, Record

LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # what brat reads lines by
NO_NAME = re.compile(r"[^\w-]+")


def members(document: Document) -> list[Member]:
    numbers = {record.id: number for number, record in enumerate(document.records, start=1)}
    lines = [line for record in document.records for line in _lines(record, numbers[record.id])]
    links = [(record.id, link) for record in document.records for link in record.relations]
    inside = [(start, link) for start, link in links if link.to in numbers]
    lines += [
        f"R{number}\t{link.type} Arg1:T{numbers[start]} Arg2:T{numbers[link.to]}"
        for number, (start, link) in enumerate(inside, start=1)
    ]
    annotations = "".join(f"{line}\n" for line in lines).encode()
    left_out = (("relations", len(links) - len(inside)),)
    return [
        Member(f"{document.name}.txt", document.text.encode()),
        Member(f"{document.name}.ann", annotations, left_out),
    ]


def shared(labels: Iterable[tuple[str, str]]) -> list[Member]:
    """annotation.conf, without which brat shows no types."""
    types = "".join(f"{_type(kind, label)}\n" for kind, label in labels)
    relations = "".join(
        f"{name}\tArg1:<ENTITY>, Arg2:<ENTITY>\n"
        for name in (
            "said_by",
            "about",
            "supports",
            "contradicts",
            "repeats",
            "stated_in",
            "same_as",
        )
    )
    content = f"[entities]\n{types}\n[relations]\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, "
    content += f"<OVL-TYPE>:<ANY>\n{relations}\n[events]\n\n[attributes]\n"
    return [Member("annotation.conf", content.encode())]


def _lines(record: Record, number: int) -> Iterator[str]:
    fragments = [each for passage in record.spans for each in _fragments(passage)]
    places = ";".join(f"{each.start} {each.end}" for each in fragments)
    words = " ".join(each.exact for each in fragments)
    yield f"T{number}\t{_type(record.kind, record.label)} {places}\t{words}"
    note = {
        "id": record.id,
        "kind": record.kind,
        "label": record.label,
        "spans": [[passage.start, passage.end] for passage in record.spans],
        "fields": dict(record.fields),
    }
    # ASCII, since brat would end the line at some characters that JSON leaves as they are.
    yield f"#{number}\tAnnotatorNotes T{number}\t{json.dumps(note, sort_keys=True)}"


def _fragments(passage: Passage) -> list[Passage]:
    """The passage without the ends of lines; one of nothing else becomes spaces."""
    found = [
        Passage(passage.start + match.start(), passage.start + match.end(), match[0])
        for match in LINE.finditer(passage.exact)
    ]
    return found or [Passage(passage.start, passage.end, " " * len(passage.exact))]


def _type(kind: str, label: str) -> str:
    return NO_NAME.sub("_", f"{kind}_{label}")
