"""The page of the API's documentation, under the policy that holds for all pages."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Programs


def test_the_documentation_shows_the_operations_and_breaks_no_policy(
    programs: Programs, browser: Browser
) -> None:
    page = browser.new_page(base_url=programs.url)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto("/api/docs/")

    operation = page.get_by_text("/api/v1/desks/{desk}/annotations", exact=True)
    expect(operation).to_be_visible()
    operation.click()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()
    assert complaints == []
