"""Keyset pages of lists: every row once, there and back, whatever the rows' keys."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from annotations.errors import NotFound
from annotations.models import Source
from annotations.web.paging import Key, Page, page_of
from tests import factories

pytestmark = pytest.mark.django_db
BY_TIME = (Key("time", "created_at"), Key("id", "id"))
AT = datetime(2026, 5, 9, tzinfo=UTC)


@pytest.fixture
def rows() -> list[Source]:
    """Seven, of which several have the same time."""
    desk = factories.make_desk()
    for number in range(7):
        source = factories.make_source(desk)
        Source.objects.filter(id=source.id).update(created_at=AT.replace(hour=number // 3))
    return list(Source.objects.filter(desk=desk).order_by("created_at", "id"))


def page(rows: list[Source], *, descending: bool = False, **query: str) -> Page[Source]:
    listed = Source.objects.filter(desk=rows[0].desk_id)
    return page_of(listed, BY_TIME, query, 2, descending=descending)


@pytest.mark.parametrize("descending", [False, True])
def test_pages_lead_through_all_rows_there_and_back(
    rows: list[Source], *, descending: bool
) -> None:
    wanted = list(reversed(rows)) if descending else rows
    there, now = [], page(rows, descending=descending)
    while True:
        there.append(now)
        if now.next is None:
            break
        now = page(rows, descending=descending, after=now.next)
    back, now = [], page(rows, descending=descending, before="")
    while True:
        back.append(now)
        if now.previous is None:
            break
        now = page(rows, descending=descending, before=now.previous)

    assert [row for each in there for row in each] == wanted
    assert [row for each in reversed(back) for row in each] == wanted
    assert there[0].previous is None
    assert back[0].next is None


def test_the_last_page_has_the_last_rows(rows: list[Source]) -> None:
    assert page(rows, before="").object_list == rows[-2:]


def test_behind_the_end_is_the_last_page_and_before_the_beginning_the_first(
    rows: list[Source],
) -> None:
    last = page(rows, before="")
    assert last.previous is not None
    cursor = page(rows, after=last.previous)  # behind the row before the last
    end = base64.urlsafe_b64encode(
        json.dumps(["2030-01-01T00:00:00+00:00", str(rows[0].id)]).encode()
    )
    beginning = base64.urlsafe_b64encode(
        json.dumps(["2000-01-01T00:00:00+00:00", str(rows[0].id)]).encode()
    )

    assert cursor.object_list == rows[-1:]
    assert page(rows, after=end.decode()).object_list == rows[-2:]
    assert page(rows, before=beginning.decode()).object_list == rows[:2]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!",
        "e30",
        "W10",
        "WzEsMl0",
        "WyJhIiwiYiJd",
        "\0",
        "é",
        "W" * 5_000,
        "WyIwMDAxLTAxLTAxIiwiXHUwMDAwIl0",
    ],
)
def test_what_is_no_cursor_is_no_page(rows: list[Source], cursor: str) -> None:
    for name in ("after", "before"):
        with pytest.raises(NotFound):
            page(rows, **{name: cursor})


def test_a_page_is_one_statement(rows: list[Source], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    first = page(rows)
    assert first.next is not None

    with django_assert_num_queries(1):
        page(rows, after=first.next)
