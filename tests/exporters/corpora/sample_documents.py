"""Documents that are hard to export: odd quotes, emoji, marks, both directions, line ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from annotations.exporters import Document, Record
from annotations.text.normalisation import sha256
from tests.exporters.sample_records import SOURCE, document

SEEDS = Path(__file__).parents[3] / "seeds" / "turkey-azerbaijan"
ODD = (
    "=1+1 „Ça va?“ 👩‍👩‍👧 said\tshe.\r\nشمشیر و قلم 𝔠ombining e\u0301 a_b [x|y] * c;d -> e\\n\n\n"
    "#Text=\u2028 \u0085 end \u00ad\ufeff🇦🇿\n"
)

Place = tuple[str, str, Sequence[tuple[int, int]]]  # kind, label, spans


def a_record(number: int, text: str, place: Place, **changes: Any) -> Record:
    kind, label, spans = place
    said = {
        "id": str(UUID(int=number)),
        "kind": kind,
        "label": label,
        "spans": [{"start": a, "end": b, "exact": text[a:b]} for a, b in spans],
        "prefix": "",
        "suffix": "",
        "relations": [],
        "fields": {"note": "=cmd\t\n|'“", "n": 1},
    }
    return Record.from_document(document(**said | changes), SOURCE)


def a_document(text: str, places: Sequence[Place]) -> Document:
    records = (a_record(number, text, place) for number, place in enumerate(places, start=1))
    return Document(SOURCE, 1, sha256(text), text, tuple(records))


def the_article() -> Document:
    """The seed article with its sixty annotations and the relations among them."""
    text = (SEEDS / "article.txt").read_text(encoding="utf-8")
    rows = [
        json.loads(line)
        for line in (SEEDS / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    numbers = {row["ref"]: number for number, row in enumerate(rows, start=1)}
    records = []
    for row in rows:
        spans = [(span["start"], span["end"]) for span in row["spans"]]
        links = [
            {"id": str(UUID(int=9)), "type": each["type"], "to": str(UUID(int=numbers[each["to"]]))}
            for each in row["relations"]
        ]
        record = a_record(numbers[row["ref"]], text, (row["kind"], row["label"], spans))
        said = document(relations=links, fields=row["fields"])
        records.append(
            replace(
                record,
                relations=Record.from_document(said, SOURCE).relations,
                fields=row["fields"],
            )
        )
    return Document(SOURCE, 1, sha256(text), text, tuple(records))


def the_odd_one() -> Document:
    """Overlapping, touching, split, over line ends, and beginning and ending with white space."""
    end = len(ODD)
    document = a_document(
        ODD,
        [
            ("quote", "direct", [(5, 13), (20, 24)]),
            ("claim", "checkable", [(0, end)]),
            ("entity", "place", [(14, 19)]),
            ("entity", "person", [(15, 16)]),
            ("flag", "factual-slip", [(24, 31)]),
            ("flag", "garbled", [(31, 33), (34, 35), (40, 47)]),
            ("entity", "other", [(end - 3, end - 1)]),
            ("entity", "other", [(end - 3, end - 2)]),
        ],
    )
    return replace(document, revision=2)


CHARACTERS = st.one_of(
    st.sampled_from("ab1 ._|;*[]\\\t\n\r'\"<&>=\u0301\u200d\u2028\x85\x0b\x1cשع👩🏽𝔠\ufeff"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any text with any spans, as the database would take them."""
    text = draw(st.text(CHARACTERS, min_size=2, max_size=40))
    places = []
    for _ in range(draw(st.integers(0, 5))):
        edges = draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6))
        cut = sorted(edges)
        spans = list(zip(cut[::2], cut[1::2], strict=False))
        kind = draw(st.sampled_from(["claim", "entity", "quote", "flag"]))
        places.append((kind, draw(st.sampled_from(["one", "two-three"])), spans))
    return a_document(text, places)
