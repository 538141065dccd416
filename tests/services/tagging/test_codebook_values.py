"""A codebook's fields: whatever comes in, only what can be stored and read again goes on."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import Invalid
from annotations.models import FieldDefinition, FieldType
from annotations.models.identity import new_id
from annotations.services.tagging.codebook_values import LONGEST, MOST_URLS, clean_fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NO_RECORDS: frozenset[UUID] = frozenset()


def define(type: FieldType, *, required: bool = False) -> FieldDefinition:
    return FieldDefinition(
        name="it", title="It", type=type, required=required, choices=["yes", "no"]
    )


def clean(type: FieldType, value: object, records: frozenset[UUID] = NO_RECORDS) -> object:
    return clean_fields(definitions=[define(type)], values={"it": value}, records=records).get("it")


def refusal(type: FieldType, value: object, records: frozenset[UUID] = NO_RECORDS) -> str:
    with pytest.raises(Invalid) as caught:
        clean(type, value, records)
    assert list(caught.value.errors) == ["fields.it"]
    return caught.value.sentence


@pytest.mark.parametrize("type", [type for type in FieldType if type != FieldType.ENTITY])
@given(value=JSON)
def test_any_json_is_either_refused_or_kept_so_that_it_is_accepted_again(
    type: FieldType, value: object
) -> None:
    try:
        kept = clean(type, value)
    except Invalid:
        return

    assert kept is None or clean(type, kept) == kept
    stored = json.dumps(kept, ensure_ascii=False)
    stored.encode()
    assert "\\u0000" not in stored


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_text_is_kept_but_for_the_space_around_it(text: str) -> None:
    storable = not {c for c in text if c == "\x00" or "\ud800" <= c <= "\udfff"}

    if storable:
        assert clean(FieldType.LONGTEXT, text) == text.strip()
    else:
        refusal(FieldType.LONGTEXT, text)


@given(st.dates())
def test_a_date_is_kept_as_it_is_written(day: date) -> None:
    assert clean(FieldType.DATE, day.isoformat()) == day.isoformat()


@pytest.mark.parametrize("value", ["2020-02-30", "9 May", "2020-9-15", "0000-01-01", 20200915])
def test_what_is_no_date_is_refused(value: object) -> None:
    assert "2020-09-15" in refusal(FieldType.DATE, value)


def test_web_addresses_may_come_as_lines() -> None:
    kept = clean(FieldType.URLS, "https://example.org/a\n http://example.org/b ")

    assert kept == ["https://example.org/a", "http://example.org/b"]


@pytest.mark.parametrize(
    "value",
    ["ftp://example.org", "javascript:alert(1)", ["//example.org"], [7], {"a": 1}, 7,
     ["https://example.org/\x00"], ["https://example.org/\ud800"]],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(value: object) -> None:
    refusal(FieldType.URLS, value)


@given(JSON)
def test_every_kept_web_address_leads_to_the_web(value: object) -> None:
    try:
        kept = clean(FieldType.URLS, value)
    except Invalid:
        return

    assert kept is None or {urlsplit(url).scheme for url in kept} <= {"http", "https"}  # type: ignore[attr-defined]


def test_there_are_bounds() -> None:
    assert str(LONGEST) in refusal(FieldType.LONGTEXT, "a" * (LONGEST + 1))
    assert str(MOST_URLS) in refusal(FieldType.URLS, ["https://example.org"] * (MOST_URLS + 1))
    assert clean(FieldType.LONGTEXT, "a" * LONGEST) == "a" * LONGEST


def test_a_line_is_one_line() -> None:
    assert "one line" in refusal(FieldType.TEXT, "two\nlines")


def test_a_choice_is_one_of_the_list() -> None:
    assert clean(FieldType.CHOICE, "yes") == "yes"
    assert "yes, no" in refusal(FieldType.CHOICE, "perhaps")
    refusal(FieldType.CHOICE, ["yes"])


@pytest.mark.parametrize("value", ["Q0", "39259", "q5", "Q-1", "Q5 or so", 5])
def test_what_is_no_wikidata_id_is_refused(value: object) -> None:
    refusal(FieldType.WIKIDATA, value)


@pytest.mark.parametrize("empty", [None, "", "  ", []])
def test_a_required_field_may_not_be_empty(empty: object) -> None:
    with pytest.raises(Invalid, match="“It” is required"):
        clean_fields(
            definitions=[define(FieldType.LONGTEXT, required=True)],
            values={"it": empty},
            records=NO_RECORDS,
        )


def test_a_field_that_the_codebook_does_not_have_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        clean_fields(definitions=[], values={"mood": "sad"}, records=NO_RECORDS)

    assert list(caught.value.errors) == ["fields.mood"]


def test_a_record_must_be_of_those_that_are_known() -> None:
    own = new_id()
    records = frozenset({own})

    assert clean(FieldType.ENTITY, str(own), records) == str(own)
    assert clean(FieldType.ENTITY, own.hex, records) == str(own)
    for value in (str(new_id()), "Baku", 7, ["a"]):
        assert "no record" in refusal(FieldType.ENTITY, value, records)


@given(value=JSON)
def test_any_json_for_a_record_is_refused_in_words(value: object) -> None:
    if value in (None, []) or (isinstance(value, str) and not value.strip()):
        assert clean(FieldType.ENTITY, value) is None
    else:
        assert "no record" in refusal(FieldType.ENTITY, value)
