"""Signing in by an OpenID provider, the whole way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.models import AccountEvent, Membership, Role, User
from annotations.services.accounts.closing import close_account
from annotations.services.desks import set_member
from annotations.services.keys import use_key
from project.environment.single_sign_on import SingleSignOn
from tests import factories
from tests.web.accounts.openid_provider import CLIENT, OTHER_KEY, SECRET, Provider, serving

pytestmark = pytest.mark.django_db
NAME = "the newsroom"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    cache.clear()
    with serving() as running:
        settings.SINGLE_SIGN_ON = configured(running)
        yield running


@pytest.fixture
def mary() -> User:
    return factories.make_user(email="Mary@example.org")


def configured(provider: Provider, *domains: str) -> SingleSignOn:
    return SingleSignOn(provider.issuer, CLIENT, SECRET, NAME, frozenset(domains))


def leave(client: Client, **sent: str) -> str:
    """The provider's address that the page leads to."""
    page = client.post(reverse("single_sign_on"), sent)
    found = re.search(r'content="0;url=([^"]+)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


def sent_back(address: str) -> str:
    """What the provider makes of it: the path with which the browser comes back."""
    back = urlsplit(requests.get(address, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


def go(client: Client, **sent: str) -> Any:
    return client.get(sent_back(leave(client, **sent)))


def signed_in(client: Client) -> User | None:
    user = get_user(client)  # type: ignore[arg-type]
    return user if isinstance(user, User) else None


def test_who_has_an_account_comes_in_and_goes_on_where_they_wanted(
    client: Client, provider: Provider, mary: User
) -> None:
    answer = go(client, next="/desks/x/")

    assert answer["Location"] == "/desks/x/"
    assert signed_in(client) == mary


def test_the_button_keeps_where_one_wanted_to_go(client: Client, provider: Provider) -> None:
    page = client.get(reverse("account_login"), {"next": "/desks/x/"}).text

    form = page.split(f'action="{reverse("single_sign_on")}"')[1].split("</form>")[0]
    assert 'name="next" value="/desks/x/"' in form
    assert f"Sign in with {NAME}" in form


def test_it_never_leads_to_other_sites(client: Client, provider: Provider, mary: User) -> None:
    assert go(client, next="https://evil.example/")["Location"] == "/"


def test_without_configuration_there_is_no_trace_of_it(client: Client) -> None:
    page = client.get(reverse("account_login")).text

    assert page.count("Sign in with") == page.count("Sign in with a passkey")
    assert reverse("single_sign_on") not in page
    assert client.post(reverse("single_sign_on")).status_code == 404
    assert client.get(reverse("single_sign_on_return")).status_code == 404


def test_the_request_has_a_state_a_nonce_and_a_challenge(
    client: Client, provider: Provider
) -> None:
    asked = [parse_qs(urlsplit(leave(client)).query) for _ in range(2)]

    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["response_type"] == ["code"]
    assert set(asked[0]["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked[0]["redirect_uri"] == ["http://testserver/accounts/single-sign-on/return"]


def test_later_the_number_counts_and_not_the_address(
    client: Client, provider: Provider, mary: User
) -> None:
    go(client)
    client.logout()
    provider.person |= {"email": "married@example.org", "email_verified": False}

    go(client)

    assert signed_in(client) == mary
    assert SocialAccount.objects.get().uid == "person-1"


def test_another_issuer_with_the_same_number_is_somebody_else(
    client: Client, provider: Provider, mary: User
) -> None:
    SocialAccount.objects.create(user=mary, provider="https://old.example", uid="person-1")
    provider.person["email"] = "thief@example.org"

    answer = go(client)

    assert answer.status_code == 403
    assert signed_in(client) is None


def test_no_token_and_no_more_than_needed_is_kept(
    client: Client, provider: Provider, mary: User
) -> None:
    provider.person["birthdate"] = "1970-01-01"

    go(client)

    assert not SocialToken.objects.exists()
    assert set(SocialAccount.objects.get().extra_data) == {"sub", "email", "email_verified", "name"}


def test_signing_out_ends_it_here(client: Client, provider: Provider, mary: User) -> None:
    go(client)

    client.post(reverse("account_logout"))

    assert signed_in(client) is None
    assert client.get(reverse("account_change_password")).status_code == 302


def test_password_and_keys_go_on_working(client: Client, provider: Provider, mary: User) -> None:
    desk = factories.make_desk()
    set_member(desk=desk, by=factories.member(desk, Role.MANAGER), user=mary, role=Role.EDITOR)
    _, secret = factories.make_key(desk, mary)
    go(client)
    client.logout()

    client.post(reverse("account_login"), {"login": mary.email, "password": factories.PASSWORD})

    assert signed_in(client) == mary
    assert use_key(secret) is not None


def test_an_account_that_has_not_confirmed_the_address_is_neither_shared_nor_taken(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")
    desk = factories.make_desk()
    taken = factories.member(desk, Role.EDITOR)
    User.objects.filter(id=taken.id).update(email="mary@example.org")
    _, secret = factories.make_key(desk, taken)

    answer = go(client)

    taken.refresh_from_db()
    assert answer.status_code == 403
    assert "has not confirmed it" in answer.text
    assert signed_in(client) is None
    assert taken.check_password(factories.PASSWORD)
    assert use_key(secret) is not None


@pytest.mark.parametrize(("age", "sent"), [(10, 1), (600, 0)])
def test_without_a_password_the_address_is_changed_soon_after_signing_in_only(
    client: Client, provider: Provider, settings: Settings, age: int, sent: int
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")
    go(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= age
    session.save()
    mail.outbox.clear()

    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"})

    assert len(mail.outbox) == sent


def test_the_log_says_who_came_by_the_provider_for_the_first_time(
    client: Client, provider: Provider, mary: User
) -> None:
    go(client)
    client.logout()
    go(client)

    lines = AccountEvent.objects.filter(user=mary).order_by("id").values_list("type", "note")
    assert list(lines) == [
        ("identity.connected", NAME),
        ("session.started", ""),
        ("session.ended", ""),
        ("session.started", ""),
    ]


def test_a_second_address_that_nobody_confirmed_leads_to_no_account(
    client: Client, provider: Provider
) -> None:
    other = factories.make_user()
    EmailAddress.objects.create(user=other, email="mary@example.org", verified=False)

    assert go(client).status_code == 403
    assert signed_in(client) is None


@pytest.mark.parametrize("said", [False, "false", None, 0, "yes"])
def test_an_address_that_is_not_confirmed_does_not_count(
    client: Client, provider: Provider, mary: User, said: object
) -> None:
    provider.person["email_verified"] = said

    answer = go(client)

    assert answer.status_code == 403
    assert "has not confirmed your e-mail address" in answer.text
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "address", ["m\u0131ke@example.org", "mi\u212ae@example.org", "mike@examp\u0131e.org"]
)
def test_letters_that_only_look_alike_are_others(
    client: Client, provider: Provider, address: str
) -> None:
    factories.make_user(email="mike@example.org")
    factories.make_user(email="mike@exampie.org")
    provider.person["email"] = address

    assert go(client).status_code == 403
    assert signed_in(client) is None


def test_who_has_no_account_stays_outside(client: Client, provider: Provider) -> None:
    answer = go(client)

    assert answer.status_code == 403
    assert "There is no account" in answer.text
    assert not User.objects.exists()


def test_people_of_a_named_domain_get_an_account_and_no_desk(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")

    go(client)

    made = User.objects.get()
    assert signed_in(client) == made
    assert (made.email, made.name) == ("mary@example.org", "Mary Person")
    assert not made.has_usable_password()
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("\u202eMary\x07 P\t", "Mary P"), ("\u202e", "mary"), ("", "mary"), ("x" * 130, "x" * 120)],
)
def test_the_provider_s_name_keeps_what_can_be_seen_of_it(
    client: Client, provider: Provider, settings: Settings, name: str, kept: str
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")
    provider.person |= {"name": name}

    go(client)

    assert User.objects.get().name == kept


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email": "mary@sub.example.org"}])
def test_a_named_domain_lets_nobody_else_in(
    client: Client, provider: Provider, settings: Settings, said: dict[str, Any]
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")
    provider.person |= said

    assert go(client).status_code == 403
    assert not User.objects.exists()


def test_an_account_that_was_closed_stays_closed(
    client: Client, provider: Provider, mary: User
) -> None:
    mary.is_active = False
    mary.save()

    go(client)

    assert signed_in(client) is None


def test_nobody_ties_another_identity_to_who_is_signed_in(
    client: Client, provider: Provider, mary: User
) -> None:
    other = factories.make_user()
    client.force_login(other)

    go(client, process="connect")

    assert signed_in(client) == mary
    assert not SocialAccount.objects.filter(user=other).exists()


WRONG_TOKENS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of-another-session"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "another"},
    "authorized for another": {"azp": "another", "aud": [CLIENT, "another"]},
    "outdated": {"exp": 1_000_000},
    "no subject": {"sub": ""},
    "endless subject": {"sub": "s" * 300},
}


@pytest.mark.parametrize("wrong", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_an_id_token_that_is_not_right_lets_nobody_in(
    client: Client, provider: Provider, mary: User, wrong: dict[str, Any]
) -> None:
    provider.id_token = wrong
    provider.userinfo = {"sub": wrong["sub"]} if "sub" in wrong else {}

    answer = go(client)

    assert answer.status_code == 401
    assert "You are not signed in" in answer.text
    assert signed_in(client) is None


@pytest.mark.parametrize(
    ("key", "algorithm"), [(OTHER_KEY, "RS256"), ("a shared key" * 4, "HS256"), ("", "none")]
)
def test_an_id_token_that_others_signed_lets_nobody_in(
    client: Client, provider: Provider, mary: User, key: Any, algorithm: str
) -> None:
    provider.key, provider.algorithm = key, algorithm

    assert go(client).status_code == 401
    assert signed_in(client) is None


def test_the_userinfo_of_somebody_else_lets_nobody_in(
    client: Client, provider: Provider, mary: User
) -> None:
    provider.userinfo = {"sub": "person-2"}

    assert go(client).status_code == 401
    assert signed_in(client) is None


def test_an_answer_with_another_state_lets_nobody_in(
    client: Client, provider: Provider, mary: User
) -> None:
    path = sent_back(leave(client))

    answer = client.get(re.sub(r"state=[^&]+", "state=made-up", path))

    assert answer.status_code == 401
    assert signed_in(client) is None


def test_an_answer_to_another_browser_lets_nobody_in(
    client: Client, provider: Provider, mary: User
) -> None:
    path = sent_back(leave(client))
    victim = Client()

    answer = victim.get(path)

    assert answer.status_code == 401
    assert signed_in(victim) is None


def test_an_answer_counts_once(client: Client, provider: Provider, mary: User) -> None:
    path = sent_back(leave(client))
    client.get(path)
    client.logout()

    assert client.get(path).status_code == 401
    assert signed_in(client) is None


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_who_turns_back_there_is_told_so(client: Client, provider: Provider, error: str) -> None:
    provider.error = error

    answer = go(client)

    assert answer.status_code == 401
    assert "did not let you in" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"issuer": "https://evil.example"}, {"authorization_endpoint": None}]
)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    client: Client, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.discovery = wrong

    answer = client.post(reverse("single_sign_on"))

    assert answer.status_code == 502
    assert "did not answer correctly" in answer.text


def test_a_provider_that_is_away_is_said_to_be(client: Client, settings: Settings) -> None:
    settings.SINGLE_SIGN_ON = SingleSignOn("http://127.0.0.1:1", CLIENT, SECRET, NAME, frozenset())

    answer = client.post(reverse("single_sign_on"))

    assert answer.status_code == 502
    assert NAME in answer.text


def test_leading_there_again_asks_the_provider_nothing(client: Client, provider: Provider) -> None:
    leave(client)
    leave(client)

    assert provider.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "account_set_password",
     "account_logout", "account_signup", "account_reset_password"],
)  # fmt: skip
def test_pages_of_ones_account_work_without_a_password(
    client: Client, provider: Provider, settings: Settings, name: str
) -> None:
    settings.SINGLE_SIGN_ON = configured(provider, "example.org")
    go(client)

    assert client.get(reverse(name), follow=True).status_code == 200


def test_a_link_alone_does_not_sign_in(client: Client, provider: Provider) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert client.get(reverse("single_sign_on")).status_code == 405
    assert strict.post(reverse("single_sign_on")).status_code == 403
    assert provider.asked == []


def test_a_second_factor_is_asked_for_after_the_provider(
    client: Client, provider: Provider, mary: User
) -> None:
    TOTP.activate(mary, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

    assert go(client)["Location"] == reverse("mfa_authenticate")
    assert signed_in(client) is None


def test_a_closed_account_does_not_come_in_by_the_provider(
    client: Client, provider: Provider, mary: User
) -> None:
    close_account(user=mary, by=mary)

    go(client)

    assert signed_in(client) is None
