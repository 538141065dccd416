"""JSON that is small to send and large to read, and answers that stay small."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.api.http.json_parser import _TEXTS, DEEPEST, MOST_MEMBERS, excess
from annotations.models import Desk, Role
from tests import factories
from tests.api.client import as_role, work

BODIES: dict[str, bytes] = {
    "unknown keys": json.dumps({f"key{n}": n for n in range(90_000)}).encode(),
    "keys of keys": json.dumps({"fields": {f"k{n}": {"a": n} for n in range(90_000)}}).encode(),
    "empty objects": b'{"spans": [' + b",".join([b"{}"] * 90_000) + b"]}",
    "empty lists": b'{"spans": [' + b",".join([b"[]"] * 90_000) + b"]}",
    "numbers": b'{"spans": [' + b",".join([b"1"] * 900_000) + b"]}",
    "one long key": json.dumps({"k" * 1_900_000: 1}).encode(),
    "one long value": json.dumps({"kind": "k" * 1_900_000}).encode(),
    "long labels": json.dumps(
        {"annotations": [{"kind": "x" * 1_800, "label": 1} for _ in range(1_000)]}
    ).encode(),
    "wrong items": json.dumps(
        {"annotations": [{f"k{n}": 1 for n in range(90)} for _ in range(1_000)]}
    ).encode(),
    "deep lists": b"[" * 500_000,
    "deep objects": b'{"a":' * 300_000,
    "deep and closed": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a long number": b'{"spans": ' + b"9" * 1_900_000 + b"}",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["annotations", "annotations/batch"])
def test_an_excessive_body_takes_little_and_is_answered_briefly(
    desk: Desk, name: str, path: str
) -> None:
    editor, source = as_role(desk, Role.EDITOR), factories.make_source(desk)
    address = work(desk, f"sources/{source.id}/{path}")
    editor.post(address, {})  # what is loaded with the first request is no memory of this one
    tracemalloc.start()

    response = editor.generic("POST", address, BODIES[name], "application/json")

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code in {400, 413, 422}
    assert len(response.content) < 50_000
    assert len(response.json().get("errors", {})) <= 50
    assert most < 100_000_000


@pytest.mark.django_db
def test_more_than_fits_is_refused_before_it_is_parsed(desk: Desk) -> None:
    body = json.dumps({f"key{n}": n for n in range(2_000_000)}).encode()
    assert len(body) > 30_000_000
    tracemalloc.start()

    response = as_role(desk, Role.EDITOR).generic(
        "POST", work(desk, "entities"), body, "application/json"
    )

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 413
    assert most < 100_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["annotations/x", "entities", "suggestions/accept", "releases"])
def test_wherever_json_is_taken_at_most_fifty_errors_are_named(desk: Desk, path: str) -> None:
    manager = as_role(desk, Role.MANAGER)

    response = manager.post(work(desk, path), {f"k{n}": n for n in range(1_000)})

    assert response.status_code in {404, 422}
    assert len(response.json().get("errors", {})) <= 50


@pytest.mark.django_db
def test_a_query_with_many_parameters_is_answered_briefly(desk: Desk) -> None:
    query = "&".join(f"{'p' * 300}{n}=1" for n in range(500))

    response = as_role(desk, Role.EDITOR).get(f"{work(desk, 'annotations')}?{query}")

    assert response.status_code == 400
    assert len(response.content) < 50_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{},:"\\ab\n'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='[]{},"\\a'), inner),
)


@given(VALUES)
def test_what_is_within_the_limits_is_not_excessive(value: Any) -> None:
    assert excess(json.dumps({"a": value, "b": "[{," * 2 * DEEPEST}).encode()) == ""


@given(st.lists(st.sampled_from("[{"), min_size=1, max_size=2 * DEEPEST), st.text())
def test_depth_is_counted_outside_texts(opened: list[str], text: str) -> None:
    closing = {"[": "]", "{": "}"}
    middle = json.dumps(text + "[" * 2 * DEEPEST)
    written = middle
    for bracket in opened:
        inner = written if bracket == "[" else f'"k": {written}'
        written = f"{bracket}{inner}{closing[bracket]}"

    assert bool(excess(written.encode())) == (len(opened) > DEEPEST)


def test_members_are_counted_outside_texts() -> None:
    assert excess(json.dumps([","] * (MOST_MEMBERS - 1)).encode()) == ""
    assert excess(json.dumps(["[,]" * MOST_MEMBERS] * 3).encode()) == ""
    assert "members" in excess(json.dumps([1] * (MOST_MEMBERS + 2)).encode())
    assert "members" in excess(json.dumps({str(n): [] for n in range(MOST_MEMBERS)}).encode())


def bare(data: bytes) -> bytes:
    """JSON without its texts, byte by byte."""
    kept, inside, position = bytearray(), False, 0
    while position < len(data):
        sign = data[position]
        if inside and sign == ord("\\"):
            position += 1
        elif sign == ord('"'):
            inside = not inside
        elif not inside:
            kept.append(sign)
        position += 1
    return bytes(kept)


@given(st.text(alphabet='["]{},\\a').map(str.encode))
def test_texts_are_taken_out_whatever_is_wrong_with_them(data: bytes) -> None:
    assert _TEXTS.sub(b"", data) == bare(data)


@pytest.mark.parametrize("end", [b"", b"\\", b'"'])
def test_a_text_without_an_end_is_read_once(end: bytes) -> None:
    """Read again from each quotation mark, this would take hours."""
    data = b"[" * (DEEPEST + 1) + b'"' + b'\\"' * 900_000 + end

    assert excess(data) == "The JSON is nested too deeply."
