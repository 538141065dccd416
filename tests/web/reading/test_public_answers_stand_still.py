"""What is done in secret shows in nothing that everybody may read, not even in an entity tag."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Desk, Role
from annotations.services.tagging.annotations import delete_annotation
from tests import factories
from tests.api.client import published
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db

OF_THE_API = [
    "annotations", "annotations?kind=claim", "annotations/", "annotations/export", "claims",
    "quotes", "entities", "changes", "changes?after=1", "changes?after=1&limit=1", "sources",
    "releases", "releases/latest", "releases/1",
]  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


@pytest.fixture
def shown(desk: Desk) -> Annotation:
    source = factories.make_source(desk)
    first = factories.approved(factories.make_annotation(source))
    factories.approved(factories.make_annotation(source, spans=[(8, 12)]))
    make_release(desk)
    return first


def addresses(desk: Desk, shown: Annotation) -> list[str]:
    rooms = ["read", "read_atom", "read_json_feed", "read_claims", "read_quotes", "read_entities"]
    of_one = {
        "read_source": shown.source_id, "read_passage": shown.id, "read_in_text": shown.id,
        "read_card": shown.id,
    }  # fmt: skip
    return [
        *(reverse(name, args=[desk.slug]) for name in rooms),
        *(reverse(name, args=[desk.slug, id]) for name, id in of_one.items()),
        *(published(desk, path) for path in OF_THE_API),
        *(published(desk, f"{kind}/{id}") for kind, id in [
            ("annotations", shown.id), ("sources", shown.source_id),
        ]),
        published(desk, f"sources/{shown.source_id}/text"),
    ]  # fmt: skip


def answer(address: str) -> tuple[int, str, str, bytes]:
    response: HttpResponse = Client().get(address)
    body = b"".join(response) if response.streaming else response.content
    headers = response.headers
    return response.status_code, headers.get("ETag", ""), headers.get("Link", ""), body


def drafted(desk: Desk, shown: Annotation) -> None:
    factories.make_annotation(shown.source, spans=[(0, 4)])


def submitted(desk: Desk, shown: Annotation) -> None:
    factories.submitted(factories.make_annotation(shown.source, spans=[(0, 4)]))


def returned(desk: Desk, shown: Annotation) -> None:
    factories.returned(factories.make_annotation(shown.source, spans=[(0, 4)]))


def deleted(desk: Desk, shown: Annotation) -> None:
    draft = factories.make_annotation(shown.source, spans=[(0, 4)])
    delete_annotation(
        annotation=draft, by=factories.member(desk, Role.REVIEWER), expected_version=1
    )


def talked(desk: Desk, shown: Annotation) -> None:
    factories.make_comment(shown)


def recorded(desk: Desk, shown: Annotation) -> None:
    factories.make_entity(desk)


def joined(desk: Desk, shown: Annotation) -> None:
    factories.make_key(desk, factories.member(desk, Role.EDITOR))


@pytest.mark.parametrize(
    "happens", [drafted, submitted, returned, deleted, talked, recorded, joined]
)
def test_nothing_of_it_shows(
    desk: Desk, shown: Annotation, happens: Callable[[Desk, Annotation], None]
) -> None:
    before = {address: answer(address) for address in addresses(desk, shown)}

    happens(desk, shown)

    assert {status for status, *_ in before.values()} == {200, 302}
    assert [a for a, known in before.items() if answer(a) != known] == []


def test_a_feed_without_entries_stands_still_as_time_goes_on(desk: Desk) -> None:
    address = reverse("read_atom", args=[desk.slug])
    before = answer(address)
    time.sleep(1.1)

    assert answer(address) == before


def test_what_is_approved_shows(desk: Desk, shown: Annotation) -> None:
    address = published(desk, "changes")
    before = answer(address)

    factories.approved(factories.make_annotation(shown.source, spans=[(0, 4)]))

    assert answer(address)[1] != before[1]
