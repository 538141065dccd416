"""Every page in a real browser: nothing that axe finds, no sideways scrolling, a silent console."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from annotations.models import Annotation, Decision, Desk, Job, Kind, Role, Source, State
from tests import factories
from tests.browser.conftest import Programs
from tests.browser.test_looks import LOOKS
from tests.web.rows import make_release

SignIn = Callable[..., Page]

LOUD = {"error", "warning"}
SIDEWAYS = """() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
}"""


def make_busy_desk() -> Desk:
    """A desk on which every page has something to show."""
    desk = factories.make_desk("talks")
    source = factories.make_source(desk, title="The talks")
    manager = factories.member(desk, Role.MANAGER)
    factories.submitted(factories.make_annotation(source, kind=Kind.CLAIM, spans=[(32, 54)]))
    factories.submitted(factories.make_annotation(source, spans=[(0, 6)], by=manager))
    factories.approved(factories.make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)]))
    factories.returned(factories.make_annotation(source, spans=[(26, 31)], by=manager))
    said = factories.make_annotation(source, spans=[(0, 6)])
    comment = factories.make_comment(said, "@Manager, is it?", mentions=[manager])
    factories.make_comment(said, "It is.", thread=comment, by=manager)
    factories.make_key(desk, manager)
    make_release(desk)
    return desk


def pages_of(desk: Desk) -> list[str]:
    """The addresses of a desk's pages, each tag and a failed job among them."""
    failed = Job.objects.create(
        desk=desk, type=Job.Type.IMPORT, created_by=factories.member(desk, Role.EDITOR),
        state=Job.State.FAILED, error="This is a PDF, whatever its name says.",
    )  # fmt: skip
    lists = ["desk", "sources", "source_import", "review", "mentions", "releases", "activity"]
    return [
        *(reverse(name, args=[desk.slug]) for name in (*lists, "settings", "keys")),
        *(reverse("review_item", args=[desk.slug, each.id]) for each in desk.annotations.all()),
        reverse("release", args=[desk.slug, 1]),
        reverse("job", args=[desk.slug, failed.id]),
        reverse("account_change_password"),
        reverse("account_email"),
        reverse("account_sessions"),
        reverse("account_log"),
        reverse("account_reauthenticate"),
        reverse("account_logout"),
    ]


def findings(page: Page, addresses: Iterable[str]) -> list[str]:
    """What is wrong with these pages, in words."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in LOUD else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for address in addresses:
        page.goto(address)
        if wide := page.evaluate(SIDEWAYS):
            found.append(f"{address} scrolls {wide} px sideways")
        violations = Axe().run(page).response["violations"]
        found += [f"{address} {each['id']}: {each['nodes'][0]['html']}" for each in violations]
    return found


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_a_desks_pages_are_in_order(sign_in: SignIn, width: int, theme: str) -> None:
    desk = make_busy_desk()
    size = {"width": width, "height": 900}
    page = sign_in(factories.member(desk, Role.MANAGER), viewport=size, color_scheme=theme)

    found = findings(page, pages_of(desk))

    assert found == []


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_for_strangers_are_in_order(
    programs: Programs, browser: Browser, width: int, theme: str
) -> None:
    page = browser.new_page(
        base_url=programs.url, viewport={"width": width, "height": 900}, color_scheme=theme
    )
    names = ["home", "account_login", "account_signup", "account_reset_password"]

    found = findings(page, map(reverse, names))

    page.close()
    assert found == []


def test_an_empty_desks_pages_are_in_order(sign_in: SignIn) -> None:
    desk = factories.make_desk("new")
    page = sign_in(factories.member(desk, Role.EDITOR))

    names = ["desk", "sources", "review", "mentions", "releases", "activity", "keys"]
    found = findings(page, [reverse(name, args=[desk.slug]) for name in names])

    assert found == []


def test_a_reviewer_decides_with_single_keys(sign_in: SignIn) -> None:
    desk = make_busy_desk()
    first, second = Annotation.objects.filter(head__state=State.SUBMITTED).order_by("id")
    page = sign_in(factories.member(desk, Role.REVIEWER))
    page.goto(reverse("review_item", args=[desk.slug, first.id]))

    page.keyboard.press("j")
    page.wait_for_url(f"**/{second.id}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{first.id}/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/{second.id}/")
    page.keyboard.press("r")
    page.keyboard.type("axjk: too short")
    page.keyboard.press("Tab")
    page.keyboard.press("r")
    page.wait_for_url("**/review/")

    verdicts = Decision.objects.filter(version__annotation__in=[first, second])
    assert list(verdicts.order_by("id").values_list("verdict", "note")) == [
        ("approve", ""),
        ("return", "axjk: too short"),
    ]


def test_single_keys_can_be_switched_off(sign_in: SignIn) -> None:
    desk = make_busy_desk()
    first = Annotation.objects.filter(head__state=State.SUBMITTED).order_by("id")[0]
    page = sign_in(factories.member(desk, Role.REVIEWER))
    page.goto(reverse("review_item", args=[desk.slug, first.id]))

    page.get_by_label("Enable these shortcuts").uncheck()
    page.reload()
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.wait_for_timeout(300)

    assert page.url.endswith(f"/{first.id}/")
    assert not Decision.objects.filter(version__annotation=first).exists()


def test_an_import_keeps_the_file_over_an_error_and_leads_to_its_source(
    sign_in: SignIn, programs: Programs
) -> None:
    programs.start_worker()
    desk = factories.make_desk("talks")
    page = sign_in(factories.member(desk, Role.EDITOR))
    page.goto(reverse("source_import", args=[desk.slug]))
    file = {"name": "coffee.txt", "mimeType": "text/plain", "buffer": "Café.".encode("cp1252")}

    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("Publisher").fill("The Paper")
    page.get_by_role("button", name="Import").click()
    expect(page.locator("#id_file_error")).to_contain_text("not valid in the encoding")
    page.get_by_text("Garbled characters? Choose the encoding").click()
    page.get_by_label("Encoding of the file").select_option("windows-1252")
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/sources/*-*/", timeout=30_000)
    page.go_back()

    source = Source.objects.get()
    assert (source.title, source.publisher) == ("coffee", "The Paper")
    assert source.revisions.get().text == "Café."
    assert page.url.endswith(reverse("source_import", args=[desk.slug]))


def test_what_is_typed_outlives_the_sign_in(sign_in: SignIn) -> None:
    desk = factories.make_desk("talks")
    editor = factories.member(desk, Role.EDITOR)
    page = sign_in(editor)
    page.goto(reverse("source_import", args=[desk.slug]))
    page.get_by_label("Text", exact=True).fill("A long night's work.")
    page.get_by_label("Title").fill("Mine")

    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Import").click()
    expect(page.locator("#messages")).to_contain_text("You are signed out")
    other = sign_in(editor)  # as in another tab: a new session, and a new token for forms
    other.goto(reverse("keys", args=[desk.slug]))
    page.context.add_cookies(other.context.cookies())  # type: ignore[arg-type]
    expect(page.get_by_label("Text", exact=True)).to_have_value("A long night's work.")
    page.get_by_role("button", name="Import").click()
    page.wait_for_url(re.compile("/jobs/|/sources/[0-9a-f]"))

    assert Job.objects.get().parameters["provenance"]["title"] == "Mine"


def test_a_server_that_is_away_loses_nothing_typed(sign_in: SignIn) -> None:
    desk = factories.make_desk("talks")
    page = sign_in(factories.member(desk, Role.EDITOR))
    page.goto(reverse("source_import", args=[desk.slug]))
    page.get_by_label("Text", exact=True).fill("A long night's work.")

    page.context.set_offline(True)
    page.get_by_role("button", name="Import").click()

    expect(page.locator("#messages")).to_contain_text("cannot be reached")
    expect(page.get_by_label("Text", exact=True)).to_have_value("A long night's work.")


def test_a_chosen_theme_stays_and_does_not_wait_for_the_page(sign_in: SignIn) -> None:
    desk = factories.make_desk("talks")
    page = sign_in(factories.member(desk, Role.READER), color_scheme="light")
    page.goto(reverse("desk", args=[desk.slug]))

    page.get_by_role("button", name="Dark").click()
    page.goto(reverse("sources", args=[desk.slug]), wait_until="commit")
    page.wait_for_selector("body", state="attached")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_times_are_shown_in_the_readers_zone(sign_in: SignIn) -> None:
    desk = factories.make_desk("talks")
    factories.make_source(desk)
    reader = factories.member(desk, Role.READER)
    page = sign_in(reader, timezone_id="Asia/Baku", locale="en-GB")

    page.goto(reverse("sources", args=[desk.slug]))

    time = page.locator("tbody time").first
    expect(time).to_have_text(re.compile("just now|minutes? ago"))
    written = page.evaluate(
        "at => new Date(at).toLocaleString('en-GB',"
        " {timeZone: 'Asia/Baku', dateStyle: 'full', timeStyle: 'long'})",
        time.get_attribute("datetime"),
    )
    assert time.get_attribute("title") == written


def test_a_key_can_be_made_and_is_shown_to_be_copied(sign_in: SignIn) -> None:
    desk = factories.make_desk("talks")
    page = sign_in(factories.member(desk, Role.EDITOR))
    page.goto(reverse("keys", args=[desk.slug]))

    page.get_by_label("Name").fill("Export")
    page.get_by_role("button", name="Create key").click()

    expect(page.locator("#secret")).to_have_text(re.compile(r"imp_[\w-]{40,}"))
    page.reload()
    expect(page.get_by_role("button", name="Revoke Export")).to_be_visible()
    expect(page.locator("#secret")).to_have_count(0)
