"""The page of the API's documentation, under the policy that holds for all pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from annotations.models import Role, Scope
from tests import factories
from tests.browser.conftest import Programs


@pytest.fixture
def page(programs: Programs, browser: Browser) -> Iterator[Page]:
    """Fails the test for whatever the browser complains of."""
    page = browser.new_page(base_url=programs.url, viewport={"width": 1440, "height": 1200})
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def test_the_documentation_shows_the_operations_and_breaks_no_policy(
    page: Page,
) -> None:
    page.goto("/api/docs/")

    operation = page.get_by_text("/api/v1/desks/{desk}/annotations", exact=True)
    expect(operation).to_be_visible()
    operation.click()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()


def test_an_operation_is_tried_out_with_a_key(page: Page) -> None:
    desk = factories.make_desk("caucasus")
    factories.approved(factories.make_annotation(factories.make_source(desk)))
    key = factories.make_key(desk, factories.member(desk, Role.EDITOR), Scope.PUBLISHED_READ)[1]

    page.goto("/api/docs/")
    page.get_by_role("button", name="Authorize").first.click()
    window = page.locator(".modal-ux")
    window.locator("#auth-bearer-value").fill(key)
    window.locator("button.authorize").first.click()
    window.get_by_role("button", name="Close").last.click()
    page.get_by_text("/api/v1/desks/{desk}/annotations", exact=True).click()
    operation = page.locator(".opblock.is-open")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("desk", exact=True).fill("caucasus")
    operation.get_by_role("button", name="Execute").click()

    answer = operation.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer.locator(".response-col_description")).to_contain_text("Ankara")


def test_the_documentation_leads_to_how_messages_are_read(page: Page) -> None:
    page.goto("/api/docs/")
    link = page.get_by_role("link", name="webhooks", exact=True)

    page.goto(str(link.get_attribute("href")))

    heading = page.get_by_role("heading", name="Webhooks")
    expect(heading).to_be_in_viewport()
    expect(page.get_by_text("webhook-signature: v1").first).to_be_visible()
