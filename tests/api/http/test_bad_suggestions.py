"""Bad input about suggestions gets its clear error and changes nothing."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from annotations.models import Desk, Kind, Source
from annotations.models.identity import new_id
from tests import factories
from tests.api.client import work
from tests.api.http.refused import problem, rows

pytestmark = pytest.mark.django_db


def test_a_search_for_proposals_that_cannot_be_made(source: Source, editor: APIClient) -> None:
    mention = factories.make_annotation(source)
    claim = factories.make_annotation(source, kind=Kind.CLAIM)
    before = rows()

    for body, field in (
        ({"scope": "world"}, "scope"),
        ({"scope": None}, "scope"),
        ({"where": "desk"}, "where"),
    ):
        address = work(source.desk, f"annotations/{mention.id}/suggestions")
        assert list(problem(editor.post(address, body), 422)["errors"]) == [field]
    for scope in ("source", "desk"):
        address = work(source.desk, f"annotations/{claim.id}/suggestions")
        problem(editor.post(address, {"scope": scope}), 409)
    assert rows() == before


@pytest.mark.parametrize("step", ["accept", "dismiss", "reopen"])
@pytest.mark.parametrize(
    ("ids", "field"),
    [
        ([], "ids"),
        (None, "ids"),
        ("all", "ids"),
        (["7"], "ids.0"),
        ([7], "ids.0"),
        ([str(new_id())] * 1_001, "ids"),
    ],
    ids=lambda value: repr(value)[:20],
)
@pytest.mark.usefixtures("unchanged")
def test_suggestions_that_are_none(
    desk: Desk, editor: APIClient, step: str, ids: object, field: str
) -> None:
    address = work(desk, f"suggestions/{step}")

    assert list(problem(editor.post(address, {"ids": ids}), 422)["errors"]) == [field]
    problem(editor.post(address, {"ids": [str(new_id())]}), 404)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"source": "7"}, "source"),
        ({"cursor": "7"}, "cursor"),
        ({"page_size": "0"}, "page_size"),
        ({"kind": "entity"}, "kind"),
    ],
)
def test_a_list_of_suggestions_that_is_none(
    desk: Desk, editor: APIClient, query: dict[str, str], field: str
) -> None:
    response = editor.get(work(desk, "suggestions"), query)

    assert list(problem(response, 400)["errors"]) == [field]
