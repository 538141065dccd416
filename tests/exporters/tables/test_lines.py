"""JSON as the standard library writes it, in lines and in words."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.corpora.xml_words import json_text
from annotations.exporters.tables.lines import json_line, json_words
from tests.exporters.sample_records import record

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
EVERY = "".join(chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
LINE_ENDS = "\x85\u2028\u2029"


def words_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)


def line_of(value: object) -> bytes:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for end in LINE_ENDS:
        line = line.replace(end, f"\\u{ord(end):04x}")
    return f"{line}\n".encode()


@given(VALUES)
def test_json_is_that_of_the_standard_library(value: object) -> None:
    assert json_words(value) == words_of(value)
    assert json_line(value) == line_of(value)


def test_every_character_is_written_as_by_the_standard_library() -> None:
    assert json_words({EVERY: [EVERY]}) == words_of({EVERY: [EVERY]})
    assert json_line({EVERY: [EVERY]}) == line_of({EVERY: [EVERY]})


def test_names_are_in_the_order_of_code_points() -> None:
    names = ["\ufffd", "\U00010000", "z", "ä", "A", "\x85"]

    assert list(json.loads(json_words(dict.fromkeys(names)))) == sorted(names)


def test_a_record_is_an_object_of_what_it_holds() -> None:
    said = json.loads(json_line(record()))

    assert list(said) == sorted(vars(record()))
    assert said["spans"] == [vars(span) for span in record().spans]
    assert said["source"] == vars(record().source)


def test_json_in_xml_has_escapes_for_what_xml_cannot_say() -> None:
    value = {"note": "a\x01b\ufffe"}

    assert json_text(value) == '{"note": "a\\u0001b\\ufffe"}'
