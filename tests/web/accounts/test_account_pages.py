"""Every page of accounts, in every state of an account: what it answers, and never a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from annotations.models import User
from annotations.web.accounts.urls import urlpatterns
from tests import factories

pytestmark = pytest.mark.django_db

# What a GET answers people who are not signed in, and people who are.
PAGES = {
    "account_email": (302, 200),
    "account_sessions": (302, 200),
    "account_log": (302, 200),
    "account_close": (302, 302),
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_confirm_login_code": (302, 302),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
}
ODD = ["", "x", "\x00", "\ud7ff\U0001f600", "-1", "9" * 40, "x" * 5000, "' OR 1=1 --"]
FIELDS = ["login", "password", "email", "oldpassword", "password1", "password2", "code", "end",
          "next", "uidb36", "key", "remember", "end_keys", "action_add", "action_confirm",
          "action_cancel", "credential", "name", "passwordless", "action_primary",
          "action_remove", "action_send"]  # fmt: skip


def address_of(name: str) -> str:
    more = {
        "account_reset_password_from_key": {"uidb36": "abc", "key": "1-2"},
        "mfa_remove_webauthn": {"pk": 2**70},
        "mfa_edit_webauthn": {"pk": 1},
    }
    return reverse(name, kwargs=more.get(name))


def nobody() -> Client:
    return Client(raise_request_exception=False)


def person(**changes: object) -> Client:
    user = factories.make_user()
    client = nobody()
    client.force_login(user)
    User.objects.filter(id=user.id).update(**changes)
    return client


def without_password() -> Client:
    user = User.objects.create_user("alone@example.org", None, name="Alone")
    client = nobody()
    client.force_login(user)
    return client


STATES: dict[str, Callable[[], Client]] = {
    "nobody": nobody,
    "confirmed": person,
    "unconfirmed": lambda: person(email_confirmed=False),
    "without a password": without_password,
    "closed meanwhile": lambda: person(is_active=False),
}


def names(routes: Iterable[URLPattern | URLResolver]) -> set[str]:
    return set().union(
        *(
            names(each.url_patterns) if isinstance(each, URLResolver) else {str(each.name)}
            for each in routes
        )
    )


def test_every_page_has_a_row() -> None:
    assert names(urlpatterns) == set(PAGES)


@pytest.mark.parametrize("column", [0, 1])
def test_pages_open_for_whom_they_are(column: int) -> None:
    client = person() if column else nobody()

    answers = {name: client.get(address_of(name)).status_code for name in PAGES}

    assert answers == {name: expected[column] for name, expected in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_nothing_that_is_sent_makes_a_page_fail(name: str, state: str) -> None:
    client = STATES[state]()
    before = list(User.objects.order_by("id").values("email", "email_confirmed", "password"))
    sent = [{}, *(dict.fromkeys(FIELDS, odd) for odd in ODD)]

    for each in sent:
        for method in (client.post, client.get):
            assert method(address_of(name), each).status_code < 500, (name, each)
    for method in (client.head, client.put, client.delete, client.options):
        assert method(address_of(name)).status_code < 500, name

    assert (
        list(User.objects.order_by("id").values("email", "email_confirmed", "password")) == before
    )


@pytest.mark.parametrize("key", ["x", "set-password", "a" * 300, "%00", "d7w-abc", "..", "é"])
@pytest.mark.parametrize("id", ["known", "zzzz", "0", "A" * 200])
def test_odd_links_for_a_new_password_say_so(key: str, id: str) -> None:
    user = factories.make_user()
    uid = user_pk_to_url_str(user) if id == "known" else id

    answer = nobody().get(f"/accounts/password/reset/key/{uid}-{key}/", follow=True)

    assert answer.status_code in (200, 404)
    assert 'name="password1"' not in answer.text
