"""All published annotations in one answer, by HTTP."""

from __future__ import annotations

import json
import re

import pytest

from annotations.models import Annotation, Desk, Role
from annotations.queries.published.export import MOST_AT_ONCE, Export
from annotations.services.review import withdraw
from tests import factories
from tests.api.client import anonymous, published, read

pytestmark = pytest.mark.django_db(transaction=True)

LINK = re.compile(r'<http://testserver(?P<path>[^>]+)>; rel="next"')


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


@pytest.fixture
def rows(desk: Desk) -> list[Annotation]:
    source = factories.make_source(desk)
    return [
        factories.approved(factories.make_annotation(source, spans=[(start, start + 4)]))
        for start in (0, 8, 16)
    ]


def test_it_is_the_list_in_lines(desk: Desk, rows: list[Annotation]) -> None:
    response = anonymous().get(published(desk, "annotations/export"))

    lines = b"".join(response.streaming_content).splitlines()
    assert response["Content-Type"] == "application/jsonl"
    assert [json.loads(line) for line in lines] == read(
        anonymous(), published(desk, "annotations")
    )["results"]
    assert len(lines) == len(rows)


def test_the_link_goes_on_where_it_ends(desk: Desk, rows: list[Annotation]) -> None:
    response = anonymous().get(published(desk, "annotations/export"))
    list(response)
    match = LINK.fullmatch(response["Link"])
    assert match
    assert read(anonymous(), match["path"])["changes"] == []

    withdraw(annotation=rows[1], by=factories.member(desk, Role.REVIEWER), reason="Misread.")

    assert [each["id"] for each in read(anonymous(), match["path"])["changes"]] == [str(rows[1].id)]


def test_one_that_is_known_is_not_read(desk: Desk, rows: list[Annotation]) -> None:
    address = published(desk, "annotations/export")
    first = anonymous().get(address)
    list(first)

    again = anonymous().get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again["ETag"]) == (304, first["ETag"])


def test_head_says_where_it_would_end_and_holds_no_place(desk: Desk) -> None:
    for _ in range(MOST_AT_ONCE + 1):
        response = anonymous().head(published(desk, "annotations/export"))

        assert response.status_code == 200
        assert LINK.fullmatch(response["Link"])
        assert response["Content-Type"] == "application/jsonl"


def test_too_many_at_once_are_asked_to_wait(desk: Desk) -> None:
    begun = [Export(desk) for _ in range(MOST_AT_ONCE)]
    address = published(desk, "annotations/export")

    refused = anonymous().get(address)
    for each in begun:
        each.close()

    assert refused.status_code == 503
    assert refused["Retry-After"] == "30"
    assert refused["Content-Type"] == "application/problem+json"
    assert b"".join(anonymous().get(address).streaming_content) == b""


def test_it_takes_no_parameters_and_other_media_types_are_refused(desk: Desk) -> None:
    address = published(desk, "annotations/export")

    assert anonymous().get(address, {"kind": "claim"}).status_code == 400
    assert anonymous().get(address, headers={"Accept": "text/csv"}).status_code == 406
