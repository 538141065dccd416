"""Pages of accounts and of the site: nothing for axe to find, no sideways scrolling, no noise."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse
from playwright.sync_api import Browser, Page

from annotations.models import Job, Role, User
from annotations.services.accounts.administration import close_desk, set_administrator
from annotations.services.accounts.closing import close_account
from annotations.services.accounts.invitations import invite
from annotations.services.accounts.set_up import offer_set_up
from tests import factories
from tests.browser.conftest import Programs
from tests.browser.test_looks import LOOKS
from tests.browser.test_pages import SignIn, findings


def make_busy_site() -> User:
    """A site on which every page has something to show; its administrator, who manages a desk."""
    desk = factories.make_desk("talks")
    manager = set_administrator(user=factories.member(desk, Role.MANAGER), by=None, wanted=True)
    manager.password = PBKDF2PasswordHasher().encode(factories.PASSWORD, "salt", iterations=1_000)
    manager.save()
    for email in ("", "new@example.org"):
        invite(desk=desk, by=manager, role=Role.EDITOR, email=email)
        invite(desk=None, by=manager, role=None, email=email)
    close_desk(desk=factories.make_desk("old"), by=manager)
    close_account(user=factories.member(desk, Role.READER), by=manager)
    for state in Job.State:
        Job.objects.create(desk=desk, type=Job.Type.IMPORT, created_by=manager, state=state)
    Authenticator.objects.create(
        user=manager, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    RecoveryCodes.activate(manager)
    return manager


def confirm(page: Page) -> None:
    page.goto(reverse("account_reauthenticate"))
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_pages_of_site_and_account_are_in_order(
    sign_in: SignIn, width: int, theme: str
) -> None:
    administrator = make_busy_site()
    closed = User.objects.get(is_active=False)
    page = sign_in(administrator, viewport={"width": width, "height": 900}, color_scheme=theme)
    site = ["people", "desks", "jobs", "health", "security"]
    account = [
        "account_profile", "account_close", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn",
        "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_reauthenticate",
    ]  # fmt: skip

    found = findings(
        page,
        [
            *(reverse(f"site_{name}") for name in site),
            *(reverse("site_person", args=[each.pk]) for each in (administrator, closed)),
            reverse("invitations", args=["talks"]),
            reverse("desk", args=["talks"]),
        ],
    )
    confirm(page)
    found += findings(page, map(reverse, account))

    assert found == []


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_pages_by_which_people_get_in_are_in_order(
    programs: Programs, browser: Browser, width: int, theme: str
) -> None:
    link = offer_set_up()
    assert link is not None
    page = browser.new_page(
        base_url=programs.url, viewport={"width": width, "height": 900}, color_scheme=theme
    )
    found = findings(page, ["/set-up/" + link.rpartition("/")[2]])
    desk = factories.make_desk()
    _, token = invite(desk=desk, by=factories.member(desk, Role.MANAGER), role=Role.EDITOR)

    found += findings(page, [reverse("join", args=[token])])

    page.close()
    assert found == []
