"""The quick way into the API takes nothing that the serializers would refuse or read otherwise."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from annotations.api.serializers.fields import LAST_OFFSET, LONGEST_LABEL, MOST_VALUES
from annotations.api.serializers.requests import AnnotationInput, BatchInput, draft
from annotations.api.work.fast_parsing import quick_draft, quick_drafts
from annotations.models import Kind, RelationType
from annotations.models.identity import new_id
from annotations.services.tagging.drafts import Draft

UUIDS = st.uuids().flatmap(
    lambda id: st.sampled_from([str(id), str(id).upper(), id.hex, f"{{{id}}}", id.urn, str(id)[1:]])
)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just([]), st.just({})
)
WORDS = st.text() | st.sampled_from(["", " ", "\x00", "\ud800", "😀", "x" * 61, "\u2028", "a\x85"])
OFFSETS = st.integers(-2, 100) | st.sampled_from(
    [0.0, 1.0, 2.5, 1e2, 2**31, LAST_OFFSET, True, "1"]
)
VALUES = WORDS | st.lists(WORDS | ODD, max_size=3) | ODD


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 19).flatmap(lambda n: ODD if n == 0 else usual)


SPANS = st.fixed_dictionaries(
    {"start": mostly(OFFSETS), "end": mostly(OFFSETS)},
    optional={"exact": mostly(WORDS)},
)
LINKS = st.fixed_dictionaries(
    {"type": mostly(st.sampled_from(RelationType.values)), "to": mostly(UUIDS)},
)
BODIES = st.fixed_dictionaries(
    {
        "kind": mostly(st.sampled_from(Kind.values)),
        "label": mostly(WORDS),
        "spans": mostly(st.lists(mostly(SPANS), max_size=3)),
    },
    optional={
        "id": mostly(UUIDS),
        "fields": mostly(st.dictionaries(WORDS, mostly(VALUES), max_size=3)),
        "relations": mostly(st.lists(mostly(LINKS), max_size=2)),
    },
)


def request(body: Any, *, ascii: bool = True) -> HttpRequest:
    content = json.dumps(body, ensure_ascii=ascii).encode(errors="surrogatepass")
    return posted(content)


def posted(content: bytes, media_type: str = "application/json") -> HttpRequest:
    return RequestFactory().generic("POST", "/", content, media_type)


def said(draft: Draft) -> dict[str, Any]:
    """What the draft says; ids that were made here are not what anybody said."""
    links = [(link.type, link.to) for link in draft.links]
    return {**asdict(draft), "links": links}


@given(body=BODIES, ascii=st.booleans())
def test_what_is_read_quickly_is_what_the_serializer_reads(body: Any, ascii: bool) -> None:
    quick = quick_draft(request(body, ascii=ascii))

    if quick is not None:
        serializer = AnnotationInput(data=body)
        assert serializer.is_valid(), serializer.errors
        slow = said(draft(serializer.validated_data))
        assert said(quick) == (slow if "id" in body else {**slow, "id": quick.id})


@given(bodies=st.lists(BODIES, max_size=3), ascii=st.booleans())
def test_a_batch_is_read_quickly_as_the_serializer_reads_it(bodies: Any, ascii: bool) -> None:
    body = {"annotations": bodies}

    quick = quick_drafts(request(body, ascii=ascii))

    if quick is not None:
        serializer = BatchInput(data=body)
        assert serializer.is_valid(), serializer.errors
        slow = [draft(each) for each in serializer.validated_data["annotations"]]
        assert [said(each) for each in quick] == [said(each) for each in slow]


def tag(**more: Any) -> dict[str, Any]:
    spans = [{"start": 0, "end": 6, "exact": "Ankara"}]
    return {"id": str(new_id()), "kind": "entity", "label": "place", "spans": spans, **more}


def test_what_clients_usually_send_is_read_quickly() -> None:
    link = {"type": "same_as", "to": str(new_id())}
    full = tag(fields={"wikidata": "Q1", "more": ["a", "ı"], "none": None}, relations=[link])

    assert quick_draft(request(tag())) is not None
    assert quick_draft(request(full)) is not None
    assert quick_draft(posted(json.dumps(tag()).encode(), "application/json; charset=utf-8"))
    drafts = quick_drafts(request({"annotations": [tag(), full]}))
    assert drafts is not None
    assert len(drafts) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"id": 7},
        {"kind": "rumour"},
        {"label": " "},
        {"label": "x" * (LONGEST_LABEL + 1)},
        {"label": "a\x00"},
        {"spans": [{"start": 0.0, "end": 6}]},
        {"spans": [{"start": True, "end": 6}]},
        {"spans": [{"start": 0, "end": 6, "exact": None}]},
        {"spans": [{"start": 0, "end": 6, "exact": "\ud800"}]},
        {"spans": [{"start": 0, "end": 6}] * 21},
        {"fields": {str(n): "" for n in range(MOST_VALUES + 1)}},
        {"fields": None},
        {"relations": None},
        {"colour": "red"},
    ],
    ids=ascii,
)
def test_what_is_doubtful_is_left_to_the_serializer(more: dict[str, Any]) -> None:
    assert quick_draft(request(tag(**more))) is None
    assert quick_drafts(request({"annotations": [tag(), tag(**more)]})) is None


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"annotations": []}', "application/json"),
        (json.dumps(tag()).encode(), "text/plain"),
    ],
)
def test_what_cannot_be_read_is_left_to_the_serializer(content: bytes, media_type: str) -> None:
    assert quick_draft(posted(content, media_type)) is None
    assert quick_drafts(posted(content, media_type)) is None


def test_a_body_over_the_limit_is_left_to_the_parser(settings: Settings) -> None:
    sent = request(tag())
    assert len(sent.body) > 100

    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert quick_draft(sent) is None
