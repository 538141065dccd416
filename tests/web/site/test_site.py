"""The pages of the site's administrators, and the set-up page."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import DjangoAssertNumQueries, Settings

from annotations.models import AccountEvent, Desk, Invitation, Job, Membership, Role, User
from annotations.services.accounts.administration import set_administrator
from annotations.services.accounts.mailing import CONSOLE
from annotations.services.accounts.set_up import offer_set_up
from annotations.services.keys import use_key
from annotations.web.urls import of_the_site
from tests import factories

pytestmark = pytest.mark.django_db
NOTHING = UUID(int=0)
PERSON = {"name": "Chief", "email": "chief@example.org", "password": factories.PASSWORD}
INVITATION = {"email": "", "lives": "7", "most": "1"}
# What a GET by an administrator answers; each page is refused to everybody else.
PAGES = {
    "site_people": 200,
    "site_person": 200,
    "site_invitation_revoke": 405,
    "site_desks": 200,
    "site_desk_close": 405,
    "site_desk_reopen": 405,
    "site_jobs": 200,
    "site_health": 200,
    "site_security": 200,
}


@pytest.fixture
def administrator(client: Client) -> User:
    user = set_administrator(user=factories.make_user("Administrator"), by=None, wanted=True)
    client.force_login(user)
    return user


@pytest.fixture
def addresses() -> dict[str, str]:
    desk = factories.make_desk()
    Job.objects.create(
        desk=desk, type=Job.Type.IMPORT, created_by=factories.member(desk, Role.EDITOR)
    )
    person = factories.make_user()
    arguments = {
        "site_person": [person.id],
        "site_invitation_revoke": [NOTHING],
        "site_desk_close": [desk.slug],
        "site_desk_reopen": [desk.slug],
    }
    return {name: reverse(name, args=arguments.get(name, [])) for name in PAGES}


def test_every_page_of_the_site_has_a_row() -> None:
    assert {each.name for each in of_the_site if isinstance(each, URLPattern)} == set(PAGES)


@pytest.mark.usefixtures("administrator")
def test_an_administrator_opens_every_page(client: Client, addresses: dict[str, str]) -> None:
    assert {name: client.get(url).status_code for name, url in addresses.items()} == PAGES


@pytest.mark.parametrize("role", list(Role))
def test_no_role_on_a_desk_opens_any(client: Client, addresses: dict[str, str], role: Role) -> None:
    client.force_login(factories.member(Desk.objects.get(), role))

    for name, url in addresses.items():
        answers = {
            client.post(url, {"change": change, "email": "mine@example.org"}).status_code
            for change in ("promote", "confirm", "address", "link")
        }
        if PAGES[name] == 200:
            answers.add(client.get(url).status_code)
        assert answers <= {403, 405}, name
        assert 403 in answers, name
    assert Desk.objects.get().closed_at is None
    assert not User.objects.filter(is_staff=True).exists()


def test_people_who_are_not_signed_in_are_sent_to_sign_in(
    client: Client, addresses: dict[str, str]
) -> None:
    for name, url in addresses.items():
        answer = client.get(url) if PAGES[name] == 200 else client.post(url)
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_login")), name


def test_an_administrator_who_is_no_member_reads_no_desk(
    client: Client, administrator: User
) -> None:
    desk = factories.make_desk()
    factories.make_source(desk, title="A secret title")

    for name in ("desk", "sources", "activity", "settings", "releases", "review", "invitations"):
        assert client.get(reverse(name, args=[desk.slug])).status_code == 404, name
    assert client.get(f"/api/v1/desks/{desk.slug}/sources").status_code == 404
    for name in ("site_people", "site_desks", "site_jobs", "site_health"):
        assert "A secret title" not in client.get(reverse(name)).text, name
    link = f'href="{reverse("desk", args=[desk.slug])}"'
    assert link not in client.get(reverse("site_desks")).text
    assert administrator.memberships.count() == 0


def test_only_administrators_see_the_way(client: Client, administrator: User) -> None:
    assert reverse("site_people") in client.get(reverse("home")).text
    client.force_login(factories.make_user())
    assert reverse("site_people") not in client.get(reverse("home")).text
    assert administrator.is_administrator


@pytest.mark.usefixtures("administrator")
def test_people_are_found_by_name_and_address(client: Client) -> None:
    wanted = factories.make_user("Zoë Quirk")
    factories.make_user("Another")

    for words in ("quirk", wanted.email):
        shown = client.get(reverse("site_people"), {"q": words}).text
        assert "Zoë Quirk" in shown
        assert "Another" not in shown
    assert "No results" in client.get(reverse("site_people"), {"q": "nobody\0"}).text


@pytest.mark.usefixtures("administrator")
def test_a_person_is_invited_to_an_account_without_a_desk(client: Client) -> None:
    shown = client.post(reverse("site_people"), INVITATION)
    link = shown.text.partition("/join/")[2].partition("<")[0]

    Client().post(f"/join/{link}", PERSON)

    assert not User.objects.get(email="chief@example.org").memberships.exists()


@pytest.mark.usefixtures("administrator")
def test_an_open_invitation_is_revoked(client: Client) -> None:
    client.post(reverse("site_people"), INVITATION)
    id = Invitation.objects.get().pk

    client.post(reverse("site_invitation_revoke", args=[id]))

    assert Invitation.objects.get().revoked_at is not None


@pytest.mark.usefixtures("administrator")
def test_administration_is_given_and_taken(client: Client) -> None:
    person = factories.make_user()
    page = reverse("site_person", args=[person.id])

    client.post(page, {"change": "promote"})
    assert User.objects.get(pk=person.pk).is_administrator
    client.post(page, {"change": "demote"})
    assert not User.objects.get(pk=person.pk).is_administrator
    assert client.post(page, {"change": "anything"}).status_code == 422


def test_an_administrator_vouches_for_an_address(client: Client, administrator: User) -> None:
    person = User.objects.create_user("a@example.org", "x", name="A", email_confirmed=False)
    other = factories.make_user()
    page = reverse("site_person", args=[person.id])

    client.post(page, {"change": "confirm"})
    person.refresh_from_db()
    assert person.email_confirmed
    client.post(page, {"change": "address", "email": "New@example.org"})
    person.refresh_from_db()
    assert (person.email, person.email_confirmed) == ("new@example.org", True)
    lines = AccountEvent.objects.filter(user=person, actor=administrator)
    assert {line.type for line in lines} == {"address.confirmed", "address.changed"}
    for wrong in (other.email, "", "no address", "x" * 300 + "@example.org", "\x00"):
        told = client.post(page, {"change": "address", "email": wrong}, follow=True)
        assert told.status_code == 200
        assert 'class="message error' in told.text
    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_the_old_address_is_told_of_what_an_administrator_changed(
    client: Client, administrator: User
) -> None:
    person = factories.make_user()

    client.post(
        reverse("site_person", args=[person.id]), {"change": "address", "email": "n@example.org"}
    )

    assert mail.outbox[-1].to == [person.email]
    assert "n@example.org" in mail.outbox[-1].body


def test_without_a_mail_server_an_administrator_passes_on_a_link_for_a_password(
    client: Client, administrator: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    person = factories.make_user()
    page = reverse("site_person", args=[person.id])

    shown = client.post(page, {"change": "link"}).text
    link = re.search(r'value="[^"]*(/accounts/password/reset/key/[^"]+)"', shown)
    assert link is not None
    other = Client()
    form = other.get(link[1], follow=True)
    new = "granite and 7 wools"
    other.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)
    assert "password/reset/key" not in client.get(page).text
    line = AccountEvent.objects.get(user=person, type="password.reset_sent")
    assert line.actor == administrator


def test_with_a_mail_server_no_administrator_sees_a_link_for_a_password(
    client: Client, administrator: User
) -> None:
    person = factories.make_user()
    page = reverse("site_person", args=[person.id])

    answer = client.post(page, {"change": "link"}, follow=True)

    assert "password/reset/key" not in answer.text
    assert "This site sends mail" in answer.text


def test_the_last_administrator_is_told(client: Client, administrator: User) -> None:
    page = reverse("site_person", args=[administrator.id])

    shown = client.post(page, {"change": "demote"}, follow=True)

    assert "The site needs an administrator" in shown.text


def test_a_desk_is_made_from_the_page(client: Client, administrator: User) -> None:
    form = {"name": "Caucasus desk", "slug": "caucasus", "manager": administrator.email}

    client.post(reverse("site_desks"), form)

    assert client.get(reverse("desk", args=["caucasus"])).status_code == 200
    again = client.post(reverse("site_desks"), form)
    assert again.status_code == 422
    assert "There is a desk of this name already" in again.text
    for slug in ("with space", "a/b", "", "ä"):
        assert client.post(reverse("site_desks"), form | {"slug": slug}).status_code == 422


def test_a_closed_desk_says_so_and_hides_what_does_not_work(
    client: Client, administrator: User
) -> None:
    desk = factories.make_desk()
    manager = Client()
    manager.force_login(factories.member(desk, Role.MANAGER))

    client.post(reverse("site_desk_close", args=[desk.slug]))

    shown = manager.get(reverse("desk", args=[desk.slug]))
    assert "This desk is closed" in shown.text
    assert reverse("source_import", args=[desk.slug]) not in shown.text
    for page in ("invitations", "webhooks"):
        refused = manager.get(reverse(page, args=[desk.slug]))
        assert refused.status_code == 403
        assert "closed" in refused.text
    client.post(reverse("site_desk_reopen", args=[desk.slug]))
    assert manager.get(reverse("settings", args=[desk.slug])).status_code == 200
    assert administrator.is_administrator


def test_access_to_a_closed_desk_can_be_ended_on_its_pages(
    client: Client, administrator: User
) -> None:
    desk = factories.make_desk()
    manager, editor = factories.member(desk, Role.MANAGER), factories.member(desk, Role.EDITOR)
    key, secret = factories.make_key(desk, editor)
    own, own_secret = factories.make_key(desk, manager)
    membership = Membership.objects.get(desk=desk, user=editor)
    settings, keys = (reverse(page, args=[desk.slug]) for page in ("settings", "keys"))
    client.post(reverse("site_desk_close", args=[desk.slug]))
    client.force_login(editor)
    assert "Create key" not in client.get(keys).text
    client.force_login(manager)
    assert settings in client.get(reverse("desk", args=[desk.slug])).text

    shown = client.get(settings).text
    assert 'value="removal"' in shown
    for change in ("member", "role", "undo", "switches"):
        assert f'value="{change}"' not in shown
        changed = {"change": change, "member": membership.pk, "role": "manager"}
        assert client.post(settings, changed).status_code == 403
    assert client.post(keys, {"name": "x", "scopes": "published:read"}).status_code == 403
    for each in (key, own):
        assert reverse("key_revoke", args=[desk.slug, each.pk]) in client.get(keys).text

    client.post(reverse("key_revoke", args=[desk.slug, own.pk]))
    client.post(settings, {"change": "removal", "member": membership.pk})

    assert use_key(secret) is None
    assert use_key(own_secret) is None
    assert "Undo" not in client.get(settings).text
    client.force_login(editor)
    assert client.get(reverse("desk", args=[desk.slug])).status_code == 404
    assert administrator.is_administrator


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("page", ["site_people", "site_desks", "site_jobs"])
def test_more_rows_take_no_more_statements(
    client: Client, page: str, django_assert_num_queries: Callable[..., DjangoAssertNumQueries]
) -> None:
    def fill() -> None:
        desk = factories.make_desk()
        by = factories.member(desk, Role.EDITOR)
        Job.objects.create(desk=desk, type=Job.Type.IMPORT, created_by=by)

    fill()
    with django_assert_num_queries(9, exact=False) as first:  # type: ignore[operator]
        client.get(reverse(page))
    fill()
    with django_assert_num_queries(len(first.captured_queries)):  # type: ignore[operator]
        client.get(reverse(page))


def test_the_first_administrator_sets_the_site_up(client: Client) -> None:
    link = offer_set_up()
    assert link is not None
    path = "/set-up/" + link.rpartition("/")[2]

    assert client.get(path).status_code == 200
    wrong = client.post(path, PERSON | {"password": "short"})
    assert wrong.status_code == 422
    done = client.post(path, PERSON, follow=True)

    assert done.redirect_chain[-1][0] == reverse("site_desks")
    assert "No desks yet" in done.text
    for answer in (client.get(path), client.post(path, PERSON)):
        assert answer.status_code == 404
    assert User.objects.count() == 1


def test_without_the_link_nobody_gets_the_site(client: Client) -> None:
    offer_set_up()

    for path in ("/set-up/", "/set-up", "/set-up/guess"):
        assert client.get(path).status_code == 404
        assert client.post(path, PERSON).status_code in (404, 301)
    assert not User.objects.exists()
