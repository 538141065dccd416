"""Passkeys by Chromium's virtual authenticator (WebAuthn 3, section 11.2, by CDP)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Browser, Page, expect

from annotations.models import User
from tests import factories
from tests.browser.conftest import Programs

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(programs: Programs, browser: Browser) -> Any:
    """A browser with an authenticator, by the name that passkeys are kept for."""
    complaints: list[str] = []
    context = browser.new_context(base_url=programs.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert complaints == []


def plug_in(page: Page, **changes: object) -> Callable[..., Any]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, **changes}})

    def send(method: str, **more: object) -> Any:
        return session.send(
            f"WebAuthn.{method}", {"authenticatorId": made["authenticatorId"], **more}
        )

    return send


def make_user() -> User:
    """With a password as the server hashes it; the tests' own hash is a quick one."""
    user = factories.make_user()
    user.password = PBKDF2PasswordHasher().encode(factories.PASSWORD, "salt", iterations=1_000)
    user.save()
    return user


def type_password(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, *, alone: bool = True) -> None:
    page.goto("/accounts/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes")).to_have_text(re.compile(r"^(\d{10}\s*){10}$"))


def sign_out(page: Page) -> None:
    page.goto("/")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_passkey_stands_in_for_the_password(visitor: Page) -> None:
    user = make_user()
    plug_in(visitor)
    type_password(visitor, user)
    expect(visitor.locator(".user-menu")).to_be_visible()
    add_passkey(visitor)
    sign_out(visitor)

    visitor.goto("/accounts/login/")
    visitor.get_by_role("button", name="Use a passkey").click()

    expect(visitor.locator(".user-menu summary")).to_have_text(str(user))
    assert Authenticator.objects.get(user=user, type="webauthn").last_used_at is not None


def test_a_passkey_follows_the_password_where_it_cannot_stand_alone(visitor: Page) -> None:
    user = make_user()
    plug_in(visitor, hasResidentKey=False, transport="usb")
    type_password(visitor, user)
    expect(visitor.locator(".user-menu")).to_be_visible()
    add_passkey(visitor, alone=False)
    sign_out(visitor)

    type_password(visitor, user)
    expect(visitor.get_by_role("heading", name="Second factor")).to_be_visible()
    visitor.get_by_role("button", name="Use a passkey").click()

    expect(visitor.locator(".user-menu summary")).to_have_text(str(user))


def test_another_persons_authenticator_lets_nobody_in(visitor: Page) -> None:
    user = make_user()
    send = plug_in(visitor)
    type_password(visitor, user)
    expect(visitor.locator(".user-menu")).to_be_visible()
    add_passkey(visitor)
    sign_out(visitor)
    send("clearCredentials")

    visitor.goto("/accounts/login/")
    visitor.get_by_role("button", name="Use a passkey").click()

    expect(visitor.locator("#messages .error")).to_contain_text("No passkey was used")


def test_who_does_not_show_themselves_gets_no_further(visitor: Page) -> None:
    """The authenticator answers, but nobody proved who they are (fingerprint, face, PIN)."""
    user = make_user()
    send = plug_in(visitor)
    type_password(visitor, user)
    expect(visitor.locator(".user-menu")).to_be_visible()
    add_passkey(visitor)
    sign_out(visitor)
    send("setUserVerified", isUserVerified=False)

    visitor.goto("/accounts/login/")
    visitor.get_by_role("button", name="Use a passkey").click()

    expect(visitor.locator("#messages .error")).to_be_visible()
    expect(visitor.locator(".user-menu")).to_have_count(0)


def test_a_passkey_is_renamed_and_removed(visitor: Page) -> None:
    user = make_user()
    plug_in(visitor)
    type_password(visitor, user)
    expect(visitor.locator(".user-menu")).to_be_visible()
    add_passkey(visitor)

    visitor.goto("/accounts/second-factor/webauthn/")
    visitor.get_by_role("link", name="Rename Laptop").click()
    visitor.get_by_label("Name").fill("Phone")
    visitor.get_by_role("button", name="Save").click()
    visitor.get_by_role("link", name="Remove Phone").click()
    visitor.get_by_role("button", name="Remove").click()

    expect(visitor.get_by_role("heading", name="No passkeys yet")).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()
