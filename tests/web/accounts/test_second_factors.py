"""Second factors: set up, asked for, lost, and required by the site."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings
from rest_framework.test import APIClient

from annotations.errors import Conflict, Refused
from annotations.models import AccountEvent, AccountEventType, Role, SiteSettings, User
from annotations.services.accounts.administration import set_administrator
from annotations.services.accounts.second_factors import require_second_factors
from annotations.web.accounts.second_factors import SignInByPasskeyForm
from annotations.web.live.subscriptions import Reader, those_who_still_may
from tests import factories
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nothing_is_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code(secret: str = SECRET, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def with_app(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def sign_in(client: Client, user: User) -> Any:
    sent = {"login": user.email, "password": factories.PASSWORD}
    return client.post(reverse("account_login"), sent)


def confirm(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def required(*, required: bool = True) -> None:
    SiteSettings.objects.update_or_create(id=1, defaults={"second_factor_required": required})


def test_an_app_is_set_up_and_its_codes_are_asked_for(client: Client) -> None:
    user = factories.make_user()
    sign_in(client, user)
    confirm(client)

    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert secret in page.text
    assert "data:image/svg+xml" in page.text
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)

    assert len(re.findall(r"^\d{10}$", re.sub("<[^>]*>", "\n", done.text), re.MULTILINE)) == 10
    client.post(reverse("account_logout"))
    asked = sign_in(client, user)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_the_secret_and_the_codes_are_not_in_the_database_as_they_are(client: Client) -> None:
    user = with_app(factories.make_user())
    codes = RecoveryCodes.activate(user)

    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in kept
    assert codes.instance.wrap().get_unused_codes()[0] not in kept
    assert client


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "9" * 10_000, "１２３４５６"])
def test_a_wrong_code_lets_nobody_in(client: Client, wrong: str) -> None:
    user = with_app(factories.make_user())
    sign_in(client, user)

    answer = client.post(reverse("mfa_authenticate"), {"code": wrong})

    assert answer.status_code == 200
    assert not is_signed_in(client)


def test_the_right_code_lets_in_once(client: Client) -> None:
    user, now = with_app(factories.make_user()), code()
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": now})
    assert is_signed_in(client)

    other = Client()
    sign_in(other, user)
    other.post(reverse("mfa_authenticate"), {"code": now})

    assert not is_signed_in(other)


def test_a_recovery_code_lets_in_once_and_is_noted(client: Client) -> None:
    user = with_app(factories.make_user())
    [first, *_] = RecoveryCodes.activate(user).get_unused_codes()

    for expected in (True, False):
        visitor = Client()
        sign_in(visitor, user)
        visitor.post(reverse("mfa_authenticate"), {"code": first})
        assert is_signed_in(visitor) is expected

    types = AccountEvent.objects.filter(user=user).values_list("type", flat=True)
    assert AccountEventType.RECOVERY_CODE_USED in types
    assert AccountEventType.SIGN_IN_FAILED in types
    assert client


def test_guessing_codes_is_limited(client: Client) -> None:
    user = with_app(factories.make_user())
    sign_in(client, user)
    said = ""

    for _ in range(7):
        said = client.post(reverse("mfa_authenticate"), {"code": "000000"}).text

    assert "Too many" in said


def test_after_another_secret_key_no_code_is_right_and_nothing_breaks(
    client: Client, settings: Settings
) -> None:
    user = with_app(factories.make_user())
    [recovery, *_] = RecoveryCodes.activate(user).get_unused_codes()
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another key that is quite as long as the one which was there before"
    sign_in(client, user)

    for tried in (code(), recovery):
        assert client.post(reverse("mfa_authenticate"), {"code": tried}).status_code == 200
        assert not is_signed_in(client)

    settings.SECRET_KEY_FALLBACKS = [before]
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": recovery})
    assert is_signed_in(client)


def test_removing_the_app_ends_the_recovery_codes_and_is_noted(client: Client) -> None:
    user = with_app(factories.make_user())
    RecoveryCodes.activate(user)
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.post(reverse("mfa_deactivate_totp"))["Location"].startswith(
        reverse("account_reauthenticate")
    )
    confirm(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert AccountEvent.objects.filter(user=user, type=AccountEventType.FACTOR_REMOVED).count() == 1


def test_another_persons_passkey_is_not_found(client: Client) -> None:
    theirs = Authenticator.objects.create(
        user=factories.make_user(), type=Authenticator.Type.WEBAUTHN, data={"name": "Theirs"}
    )
    sign_in(client, factories.make_user())
    confirm(client)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        url = reverse(name, args=[theirs.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.count() == 1


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData",
                 "signature", "userHandle", "attestationObject", "clientExtensionResults", "x"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(JSONS)
def test_whatever_is_sent_as_a_passkey_is_an_answer_and_no_failure(
    client: Client, sent: object
) -> None:
    cache.clear()
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(sent)})

    assert answer.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.parametrize("number", [5, 10_000_000_000, 1e300, -1])
@pytest.mark.parametrize(
    "place", ["rawId", "clientDataJSON", "authenticatorData", "signature", "userHandle"]
)
def test_a_number_is_never_taken_for_the_length_of_bytes(
    client: Client, number: float, place: str
) -> None:
    """bytes(10_000_000_000) is ten gigabytes, which anybody could ask for without signing in."""
    words = {"clientDataJSON": "", "authenticatorData": "", "signature": "", "userHandle": ""}
    credential = {"id": "", "rawId": "", "type": "public-key", "response": words}
    (credential if place == "rawId" else words)[place] = number  # type: ignore[index]
    nested = credential | {"clientExtensionResults": {"x": [[number]]}}

    for sent in (credential, nested):
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(sent)})
        assert answer.status_code == 302
        field = SignInByPasskeyForm({"credential": json.dumps(sent)})
        assert field.errors["credential"] == ["This is not what a passkey says."]


@pytest.mark.parametrize("sent", ["", "{", "[" * 5_000, "NaN", '"x"', "{}" * 2, "x" * 30_000])
def test_what_is_no_json_is_no_passkey(client: Client, sent: str) -> None:
    signed_in = Client()
    sign_in(signed_in, factories.make_user())
    confirm(signed_in)

    first = client.post(reverse("mfa_login_webauthn"), {"credential": sent})
    second = signed_in.post(reverse("mfa_add_webauthn"), {"credential": sent, "name": "x" * 500})

    assert first.status_code == 302
    assert second.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_sign_in_page_offers_passkeys_where_browsers_can_use_them(client: Client) -> None:
    for host, offered in (
        ("localhost", True), ("localhost:8000", True), ("testserver", True),
        ("127.0.0.1:8000", False), ("[::1]:8000", False),
    ):  # fmt: skip
        page = client.get(reverse("account_login"), headers={"host": host})
        assert ("Use a passkey" in page.text) is offered, host


def test_pages_have_no_inline_script(client: Client) -> None:
    user = factories.make_user()
    sign_in(client, user)
    confirm(client)

    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"):
        for attributes, body in re.findall(
            r"<script([^>]*)>(.*?)</script>", client.get(reverse(name)).text, re.DOTALL
        ):
            assert not body.strip() or 'type="application/json"' in attributes, name
            assert "nonce" not in attributes


# The rule of the site.


@pytest.fixture
def administrator() -> User:
    return set_administrator(user=factories.make_user("Administrator"), by=None, wanted=True)


def test_only_an_administrator_with_a_factor_requires_them(administrator: User) -> None:
    with pytest.raises(Refused):
        require_second_factors(by=factories.make_user(), required=True)
    with pytest.raises(Conflict, match="of your own first"):
        require_second_factors(by=administrator, required=True)

    with_app(administrator)
    require_second_factors(by=administrator, required=True)

    assert SiteSettings.objects.get().second_factor_required
    assert AccountEvent.objects.filter(type=AccountEventType.SITE_CHANGED).count() == 1
    with refused("the_site_has_one_row"):
        execute(
            "INSERT INTO annotations_sitesettings (id, second_factor_required) VALUES (2, true)"
        )


def test_people_without_a_factor_are_led_to_set_it_up_at_once(client: Client) -> None:
    desk = factories.make_desk()
    client.force_login(factories.member(desk, Role.MANAGER))
    assert client.get(reverse("desk", args=[desk.slug])).status_code == 200

    required()

    answer = client.get(reverse("desk", args=[desk.slug]))
    assert answer["Location"] == reverse("mfa_index")
    assert "This site requires a second factor" in client.get(reverse("mfa_index")).text
    TOTP.activate(factories.member(desk, Role.MANAGER), SECRET)
    assert client.get(reverse("desk", args=[desk.slug])).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client) -> None:
    user = factories.make_user()
    RecoveryCodes.activate(user)
    required()
    client.force_login(user)

    assert client.get("/")["Location"] == reverse("mfa_index")


def test_nothing_but_setting_up_and_leaving_is_open_to_those_who_owe_one(client: Client) -> None:
    """Every route without arguments, so that one that is made later is asked, too."""
    required()
    client.force_login(factories.make_user())
    free = set()

    for prefix, pattern in routes():
        if "<" in prefix or "^" in prefix:
            continue
        answer = client.get(f"/{prefix}")
        led = answer.status_code == 302 and answer["Location"] == reverse("mfa_index")
        if not led and answer.status_code != 403:
            free.add(pattern)

    assert {name for name in free if not name.startswith("mfa_")} <= {
        "account_logout", "account_reauthenticate", "documentation", "guide", "guide_client",
        "livez", "readyz",
        "openapi", "docs", "oembed", "account_theme", "read_rooms",
    }  # fmt: skip


def routes() -> Iterator[tuple[str, str]]:
    def walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            path = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, path)
            else:
                yield path, each.name or ""

    return walk(get_resolver().url_patterns, "")


def test_posts_and_scripts_are_refused_and_not_led(client: Client) -> None:
    desk = factories.make_desk()
    source = factories.make_source(desk)
    client.force_login(factories.member(desk, Role.EDITOR))
    required()
    live = reverse("live", args=[desk.slug, source.pk])

    assert client.post(reverse("source_import", args=[desk.slug])).status_code == 403
    assert client.get(live, headers={"accept": "text/event-stream"}).status_code == 403


def test_the_api_refuses_the_session_and_takes_the_key() -> None:
    desk = factories.make_desk()
    editor = factories.member(desk, Role.EDITOR)
    _, secret = factories.make_key(desk, editor)
    required()
    url = f"/api/v1/work/desks/{desk.slug}/members"
    session, key = APIClient(), APIClient()
    session.force_login(editor)
    key.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    refused_one = session.get(url)
    assert refused_one.status_code == 403
    assert "second factor" in refused_one.json()["detail"]
    assert key.get(url).status_code == 200
    # Another scheme is no key, so that the session would count.
    assert session.get(url, HTTP_AUTHORIZATION="Basic eDp5").status_code == 403


def test_open_streams_end_for_those_who_owe_one(client: Client) -> None:
    desk = factories.make_desk()
    editor = factories.member(desk, Role.EDITOR)
    client.force_login(editor)
    key = client.session.session_key or ""
    reader = Reader(editor.pk, key, frozenset([desk.pk]), frozenset())
    assert those_who_still_may([reader]) == {reader}

    required()

    assert those_who_still_may([reader]) == set()


def test_the_rule_takes_no_statement_more(client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(factories.make_user())

    with django_assert_num_queries(3):  # session, person, desks
        client.get("/")


def test_the_page_switches_the_rule(client: Client, administrator: User) -> None:
    client.force_login(administrator)

    told = client.post(reverse("site_security"), {"required": "on"}, follow=True)
    assert "of your own first" in told.text
    with_app(administrator)
    client.post(reverse("site_security"), {"required": "on"})
    assert SiteSettings.objects.get().second_factor_required
    client.post(reverse("site_security"), {})
    assert not SiteSettings.objects.get().second_factor_required


def test_an_administrator_helps_who_lost_theirs(client: Client, administrator: User) -> None:
    lost = with_app(factories.make_user())
    RecoveryCodes.activate(lost)
    client.force_login(administrator)

    client.post(reverse("site_person", args=[lost.pk]), {"change": "factors"})

    assert not Authenticator.objects.filter(user=lost).exists()
    line = AccountEvent.objects.get(user=lost, type=AccountEventType.FACTOR_REMOVED)
    assert line.actor == administrator
    visitor = Client()
    sign_in(visitor, lost)
    assert is_signed_in(visitor)
