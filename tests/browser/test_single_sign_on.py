"""The way to the provider and back, under the policy of the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import factories
from tests.browser.conftest import Programs
from tests.web.accounts.openid_provider import CLIENT, SECRET, Provider, serving


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as running:
        yield running


@pytest.fixture
def site(provider: Provider, transactional_db: None) -> Iterator[Programs]:
    site = Programs(
        OIDC_ISSUER=provider.issuer,
        OIDC_CLIENT_ID=CLIENT,
        OIDC_CLIENT_SECRET=SECRET,
        OIDC_NAME="the newsroom",
    )
    try:
        site.start_web()
        yield site
    finally:
        site.stop()


def test_one_button_leads_there_and_back(site: Programs, browser: Browser) -> None:
    desk = factories.make_desk("caucasus")
    manager = factories.member(desk, factories.Role.MANAGER)
    manager.email = "mary@example.org"
    manager.save()
    manager.email_confirmed = True  # a changed address is not, until then
    manager.save()
    page = browser.new_page(base_url=site.url)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    page.goto("/desks/caucasus/sources/")
    page.get_by_role("button", name="Sign in with the newsroom").click()

    expect(page).to_have_url(f"{site.url}/desks/caucasus/sources/")
    assert complaints == []
    page.close()
