"""Times and colours as a browser shows them to a person with a profile."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from annotations.models import Role, User
from annotations.services.accounts.profile import LANGUAGES
from tests import factories


def test_times_and_theme_follow_the_account(sign_in: Callable[..., Page]) -> None:
    desk = factories.make_desk()
    user = factories.member(desk, Role.MANAGER)
    factories.make_key(desk, user)
    User.objects.filter(pk=user.pk).update(time_zone="Asia/Tokyo", language="de", theme="dark")
    page = sign_in(user, timezone_id="America/New_York", locale="en-US")

    page.goto(f"/desks/{desk.slug}/keys/")

    local = page.evaluate(
        "new Intl.DateTimeFormat('de', {dateStyle: 'full', timeStyle: 'long', timeZone:"
        " 'Asia/Tokyo'}).format(new Date(document.querySelector('time').dateTime))"
    )
    expect(page.locator("time").first).to_have_attribute("title", local)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_footer_changes_the_theme_on_every_device(sign_in: Callable[..., Page]) -> None:
    user = factories.make_user()
    page = sign_in(user)
    page.goto("/")

    with page.expect_response("**/accounts/profile/theme"):
        page.get_by_role("button", name="Dark").click()

    other = sign_in(user)
    other.goto("/")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")


def test_every_language_is_one_of_browsers(sign_in: Callable[..., Page]) -> None:
    page = sign_in(factories.make_user())
    page.goto("/")

    known = page.evaluate("codes => Intl.getCanonicalLocales(codes).length", list(LANGUAGES))

    assert known == len(LANGUAGES)
