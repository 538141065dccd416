"""The first administrator, from the line in the log to the first desk."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from annotations.models import Desk, Role, User
from tests import factories
from tests.browser.conftest import Programs


def test_the_link_in_the_log_leads_to_the_first_desk(
    transactional_db: None,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = (tmp_path / "log").open("w+")
    monkeypatch.setattr(
        "tests.browser.conftest.subprocess.Popen", partial(subprocess.Popen, stdout=log)
    )
    programs = Programs()
    try:
        programs.start_web()
        found = re.search(r"http\S+/set-up/\S+", (tmp_path / "log").read_text())
        assert found is not None
        page = browser.new_page()
        page.set_default_timeout(10_000)

        page.goto(found[0])
        page.get_by_label("Your name").fill("Chief")
        page.get_by_label("Email address").fill("chief@example.org")
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("heading", name="No desks yet")).to_be_visible()
        page.get_by_label("Name", exact=True).fill("Caucasus desk")
        page.get_by_label("Name in web addresses").fill("caucasus")
        page.get_by_role("button", name="Create desk").click()
        page.get_by_role("link", name="Caucasus desk").click()

        expect(page.get_by_role("link", name="Settings")).to_be_visible()
        page.close()
    finally:
        programs.stop()
        log.close()
    assert User.objects.get().is_administrator
    assert factories.member(Desk.objects.get(), Role.MANAGER).email == "chief@example.org"
