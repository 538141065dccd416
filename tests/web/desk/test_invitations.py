"""The pages of invitations: made by a manager, opened by whom they are for."""

from __future__ import annotations

import re
import smtplib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.models import Desk, Invitation, Membership, Role, User
from annotations.services.accounts.mailing import CONSOLE
from tests import factories

pytestmark = pytest.mark.django_db
FORM = {"role": "editor", "lives": "7", "most": "1", "email": ""}
PERSON = {"name": "New Person", "email": "new@example.org", "password": factories.PASSWORD}


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture(autouse=True)
def no_mail_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = CONSOLE


@pytest.fixture
def mails(no_mail_server: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def manager_of(desk: Desk) -> Client:
    client = Client()
    client.force_login(factories.member(desk, Role.MANAGER))
    return client


def invited(desk: Desk, **wanted: str) -> str:
    """The path of the link that the page shows."""
    shown = manager_of(desk).post(reverse("invitations", args=[desk.slug]), FORM | wanted).text
    return path_in(shown)


def path_in(text: str) -> str:
    found = re.search(r"http://[^/\s]+(/join/[\w-]+)", text)
    assert found is not None
    return found[1]


def test_a_link_is_shown_once_and_opens_the_desk(client: Client, desk: Desk) -> None:
    link = invited(desk, role="reviewer")

    again = manager_of(desk).get(reverse("invitations", args=[desk.slug]))
    joined = client.post(link, PERSON, follow=True)

    assert link not in again.text
    assert joined.redirect_chain[-1] == (reverse("desk", args=[desk.slug]), 302)
    assert Membership.objects.get(desk=desk, user__email="new@example.org").role == "reviewer"


def test_looking_at_the_page_changes_nothing(client: Client, desk: Desk) -> None:
    link = invited(desk)
    client.force_login(factories.make_user())

    for _ in range(3):
        assert client.get(link).status_code == 200

    assert Invitation.objects.get().used == 0


def test_who_is_signed_in_joins_with_a_click(client: Client, desk: Desk) -> None:
    user = factories.make_user()
    client.force_login(user)
    link = invited(desk)

    assert 'name="password"' not in client.get(link).text
    client.post(link)

    assert Membership.objects.get(desk=desk, user=user).role == "editor"


def test_without_a_mail_server_an_address_is_invited_by_a_copied_link(
    client: Client, desk: Desk
) -> None:
    link = invited(desk, email="new@example.org")
    client.post(link, PERSON)

    assert mail.outbox == []
    assert not EmailAddress.objects.get(email="new@example.org").verified


@pytest.mark.usefixtures("mails")
def test_with_a_mail_server_the_token_goes_by_mail_alone(client: Client, desk: Desk) -> None:
    shown = manager_of(desk).post(
        reverse("invitations", args=[desk.slug]), FORM | {"email": "new@example.org"}
    )

    assert "/join/" not in shown.text
    assert "on its way" in shown.text
    assert mail.outbox[0].to == ["new@example.org"]
    client.post(path_in(str(mail.outbox[0].body)), PERSON)
    assert EmailAddress.objects.get(email="new@example.org").verified


@pytest.mark.usefixtures("mails")
def test_who_used_a_link_is_asked_by_mail_whether_the_address_is_theirs(
    client: Client, desk: Desk
) -> None:
    client.post(invited(desk), PERSON)

    assert [each.to for each in mail.outbox] == [["new@example.org"]]
    assert not EmailAddress.objects.get(email="new@example.org").verified
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[0].body), re.MULTILINE)
    assert code is not None
    client.post(reverse("account_email"), {"action_confirm": "", "code": code[0]})
    assert EmailAddress.objects.get(email="new@example.org").verified


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), smtplib.SMTPException(), TimeoutError()]
)
def test_a_mail_that_was_not_sent_invites_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("annotations.web.desk.invitations.send_mail", fails)

    shown = manager_of(desk).post(
        reverse("invitations", args=[desk.slug]), FORM | {"email": "new@example.org"}
    )

    assert shown.status_code == 422
    assert "it was not created" in shown.text
    assert Invitation.objects.get().revoked_at is not None


@pytest.mark.usefixtures("mails")
def test_a_name_with_line_breaks_breaks_no_mail(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database takes no such name."""
    monkeypatch.setattr(User, "__str__", lambda _: "A\r\nBcc: x@y.zz")

    manager_of(desk).post(
        reverse("invitations", args=[desk.slug]), FORM | {"email": "new@example.org"}
    )

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["new@example.org"]


def test_the_wrong_account_is_told_whom_it_is_for(client: Client, desk: Desk) -> None:
    link = invited(desk, email="new@example.org")
    client.force_login(factories.make_user())

    shown, posted = client.get(link), client.post(link)

    assert "for another address" in shown.text
    assert posted.status_code == 403


def test_what_is_wrong_is_said_and_the_link_stays(client: Client, desk: Desk) -> None:
    link = invited(desk)

    response = client.post(link, PERSON | {"password": "short"})

    assert response.status_code == 422
    assert "too short" in response.text
    assert factories.PASSWORD not in response.text
    assert client.post(link, PERSON).status_code == 302


def test_a_revoked_link_says_that_it_ended(client: Client, desk: Desk) -> None:
    link = invited(desk)
    id = Invitation.objects.get().pk
    manager_of(desk).post(reverse("invitation_revoke", args=[desk.slug, id]))

    for response in (client.get(link), client.post(link, PERSON)):
        assert response.status_code == 404
        assert "no longer works" in response.text
    assert not User.objects.filter(email="new@example.org").exists()


def test_accounts_by_links_are_limited_by_address(client: Client, desk: Desk) -> None:
    link = invited(desk, most="50")

    statuses = [client.post(link, {"name": ""}).status_code for _ in range(25)]

    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_an_invitation_of_another_desk_is_not_revoked(desk: Desk) -> None:
    invited(desk)
    other = factories.make_desk()
    id = Invitation.objects.get().pk

    response = manager_of(other).post(reverse("invitation_revoke", args=[other.slug, id]))

    assert response.status_code == 404
    assert Invitation.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "wrong", [{"role": "owner"}, {"lives": "99"}, {"most": "51"}, {"email": "x"}]
)
def test_what_no_form_offers_is_refused(desk: Desk, wrong: dict[str, str]) -> None:
    response = manager_of(desk).post(reverse("invitations", args=[desk.slug]), FORM | wrong)

    assert response.status_code == 422
    assert not Invitation.objects.exists()
