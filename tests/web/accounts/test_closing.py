"""The pages by which an account is closed, and how it is shown then."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Desk, Role, User
from annotations.services.accounts.administration import set_administrator
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


def confirmed(client: Client, user: User) -> Client:
    """Signed in, and the password given again."""
    sent = {"login": user.email, "password": factories.PASSWORD}
    client.post(reverse("account_login"), sent)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    return client


def test_the_password_is_asked_for_again(client: Client, desk: Desk) -> None:
    client.force_login(factories.member(desk, Role.EDITOR))

    for answer in (client.get(reverse("account_close")), client.post(reverse("account_close"))):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert factories.member(desk, Role.EDITOR).is_active


def test_a_person_closes_their_account_and_is_told_at_the_next_sign_in(
    client: Client, desk: Desk
) -> None:
    editor = factories.member(desk, Role.EDITOR)
    confirmed(client, editor)

    done = client.post(reverse("account_close"))

    assert "Your account is closed" in done.text
    assert not User.objects.get(pk=editor.pk).is_active
    assert "_auth_user_id" not in client.session
    sent = {"login": editor.email, "password": factories.PASSWORD}
    again = client.post(reverse("account_login"), sent, follow=True)
    assert "This account is closed" in again.text


def test_the_only_manager_reads_which_desk_to_hand_over(client: Client, desk: Desk) -> None:
    confirmed(client, factories.member(desk, Role.MANAGER))

    shown = client.get(reverse("account_close"))
    posted = client.post(reverse("account_close"))

    assert reverse("settings", args=[desk.slug]) in shown.text
    assert "Close my account" not in shown.text
    assert posted.status_code == 409
    assert factories.member(desk, Role.MANAGER).is_active


def test_an_administrator_closes_and_opens_again(client: Client, desk: Desk) -> None:
    client.force_login(set_administrator(user=factories.make_user(), by=None, wanted=True))
    editor = factories.member(desk, Role.EDITOR)
    page = reverse("site_person", args=[editor.pk])

    client.post(page, {"change": "close"})
    assert "Closed" in client.get(page).text
    assert "Closed" in client.get(reverse("site_people")).text
    manager = Client()
    manager.force_login(factories.member(desk, Role.MANAGER))
    assert "Closed" in manager.get(reverse("settings", args=[desk.slug])).text
    client.post(page, {"change": "reopen"})

    assert User.objects.get(pk=editor.pk).is_active


def test_a_manager_does_not_add_a_closed_account(client: Client, desk: Desk) -> None:
    person = factories.make_user()
    User.objects.filter(pk=person.pk).update(is_active=False)
    client.force_login(factories.member(desk, Role.MANAGER))

    answer = client.post(
        reverse("settings", args=[desk.slug]),
        {"change": "member", "email": person.email, "role": "editor"},
    )

    assert answer.status_code == 422
    assert "is closed" in answer.text
