"""Every page for every role. A page without a row here fails: who may see it is not said."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from annotations.models import Desk, Job, Role
from annotations.web.urls import of_a_desk
from tests import factories
from tests.web.rows import make_release

# The lowest role that may open the page by GET; None: only a POST goes there.
LOWEST = {
    "desk": Role.READER,
    "navigation": Role.READER,
    "sources": Role.READER,
    "source_import": Role.EDITOR,
    "annotate": Role.READER,
    "job": Role.READER,
    "suggestions": Role.READER,
    "review": Role.READER,
    "review_item": Role.READER,
    "mentions": Role.READER,
    "releases": Role.READER,
    "release": Role.READER,
    "release_file": Role.READER,
    "activity": Role.READER,
    "settings": Role.MANAGER,
    "invitations": Role.MANAGER,
    "invitation_revoke": None,
    "keys": Role.EDITOR,
    "key_revoke": None,
    "webhooks": Role.MANAGER,
    "webhook_change": None,
    "presence": None,
}
NO_PAGES = {"live", "tagged"}  # for the script of a page, with tests of their own

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Place:
    """A desk with one of everything, and the address of each of its pages."""

    desk: Desk
    addresses: dict[str, str]


@pytest.fixture
def place() -> Place:
    desk = factories.make_desk()
    source = factories.make_source(desk)
    annotation = factories.submitted(factories.make_annotation(source))
    factories.approved(factories.make_annotation(source, spans=[(8, 18)]))
    release = make_release(desk)
    editor = factories.member(desk, Role.EDITOR)
    key, _ = factories.make_key(desk, editor)
    job = Job.objects.create(desk=desk, type=Job.Type.IMPORT, created_by=editor)
    arguments = {
        "annotate": [source.id],
        "job": [job.id],
        "review_item": [annotation.id],
        "release": [release.number],
        "release_file": [release.number, "manifest.json"],
        "invitation_revoke": [key.id],
        "key_revoke": [key.id],
        "webhook_change": [key.id],
        "presence": [source.id],
    }
    return Place(
        desk,
        {name: reverse(name, args=[desk.slug, *arguments.get(name, [])]) for name in LOWEST},
    )


def names_of_pages() -> set[str]:
    return {str(each.name) for each in of_a_desk if isinstance(each, URLPattern)} - NO_PAGES


def test_every_page_of_a_desk_has_a_row() -> None:
    assert names_of_pages() == set(LOWEST)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_other(place: Place, client: Client, role: Role) -> None:
    client.force_login(factories.member(place.desk, role))

    statuses = {name: client.get(address).status_code for name, address in place.addresses.items()}

    assert statuses == {name: expected(lowest, role) for name, lowest in LOWEST.items()}


def expected(lowest: Role | None, role: Role) -> int:
    if lowest is None:
        return 405
    return 200 if role.rank >= lowest.rank else 403


def test_a_member_of_another_desk_finds_nothing(place: Place, client: Client) -> None:
    client.force_login(factories.member(factories.make_desk(), Role.MANAGER))

    statuses = {name: client.get(address).status_code for name, address in place.addresses.items()}

    assert set(statuses.values()) <= {404, 405}
    assert [name for name, status in statuses.items() if status == 405] == [
        "invitation_revoke",
        "key_revoke",
        "webhook_change",
        "presence",
    ]


def test_rows_of_another_desk_are_not_found_on_ones_own(place: Place, client: Client) -> None:
    other = factories.make_desk()
    client.force_login(factories.member(other, Role.MANAGER))
    moved = {
        name: address.replace(place.desk.slug, other.slug)
        for name, address in place.addresses.items()
        if name in ("annotate", "job", "review_item", "release", "release_file")
    }

    assert {name: client.get(address).status_code for name, address in moved.items()} == (
        dict.fromkeys(moved, 404)
    )


def test_people_who_are_not_signed_in_are_sent_to_sign_in(place: Place, client: Client) -> None:
    for name, address in place.addresses.items():
        if LOWEST[name] is None:
            continue
        response = client.get(address)

        assert response.status_code == 302, name
        assert response["Location"] == f"{reverse('account_login')}?next={address}"


def test_the_refusal_is_a_page_with_its_sentence(place: Place, client: Client) -> None:
    client.force_login(factories.member(place.desk, Role.EDITOR))

    response = client.get(place.addresses["settings"])

    assert response.status_code == 403
    assert "Only managers can manage members." in response.text


def test_only_a_manager_sees_the_way_to_the_settings(place: Place, client: Client) -> None:
    for role, seen in ((Role.READER, False), (Role.EDITOR, False), (Role.MANAGER, True)):
        client.force_login(factories.member(place.desk, role))

        response = client.get(place.addresses["desk"])

        assert (place.addresses["settings"] in response.text) is seen
