"""What is not for everybody is kept by no browser and nothing on the way."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Desk, Role
from tests import factories
from tests.api.client import anonymous, as_role, published, with_key, work
from tests.web.rows import make_release
from tests.web.test_pages_by_role import LOWEST, Place, place

pytestmark = pytest.mark.django_db

__all__ = ["place"]

PUBLISHED = [
    "annotations", "annotations/", "annotations/export", "claims", "quotes", "entities", "changes",
    "sources", "releases", "releases/latest", "releases/1", "releases/1/files/manifest.json",
]  # fmt: skip
WORK = ["annotations", "members", "suggestions", "entities", "relations", "releases", "nothing"]


def kept(response: object) -> str:
    return str(response.headers["Cache-Control"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LOWEST)
def test_no_page_of_a_desk_is_kept(place: Place, name: str) -> None:
    manager, stranger = Client(), Client()
    manager.force_login(factories.member(place.desk, Role.MANAGER))

    answers = [client.get(place.addresses[name]) for client in (manager, stranger)]

    assert all("no-store" in kept(answer) for answer in answers)


@pytest.mark.parametrize("name", ["home", "account_login", "shared_stream", "livez", "readyz"])
def test_no_page_of_a_person_is_kept(name: str) -> None:
    client = Client()
    client.force_login(factories.make_user())

    assert "no-store" in kept(client.get(reverse(name)))
    assert "no-store" in kept(Client().get(reverse(name)))


@pytest.mark.parametrize("path", PUBLISHED)
def test_what_a_closed_desk_published_is_not_kept(path: str) -> None:
    desk = factories.make_desk()
    factories.approved(factories.make_annotation(factories.make_source(desk)))
    make_release(desk)
    editor = factories.member(desk, Role.EDITOR)

    for client in (as_role(desk, Role.READER), with_key(desk, editor), anonymous()):
        assert "no-store" in kept(client.get(published(desk, path)))


@pytest.mark.parametrize("path", WORK)
@pytest.mark.parametrize("is_public", [True, False])
def test_no_work_is_kept(path: str, is_public: bool) -> None:
    desk = factories.make_desk(is_public=is_public)

    assert "no-store" in kept(as_role(desk, Role.MANAGER).get(work(desk, path)))
    assert "no-store" in kept(anonymous().get(work(desk, path)))


def test_what_is_for_everybody_may_be_kept() -> None:
    desk: Desk = factories.make_desk(is_public=True)
    factories.approved(factories.make_annotation(factories.make_source(desk)))

    assert "no-store" not in kept(Client().get(reverse("read", args=[desk.slug])))
    for path in ("annotations", "changes", "sources"):
        assert kept(anonymous().get(published(desk, path))) == "no-cache"
