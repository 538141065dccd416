"""Headings, buttons and labels are written as sentences are, allauth's pages included."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from annotations.web.accounts.urls import urlpatterns
from tests import factories

pytestmark = pytest.mark.django_db

TITLES = "//h1 | //h2 | //h3 | //title | //button | //label | //th | //legend | //summary"
# Names, and what people have named.
NAMES = {
    "API", "Atom", "CSV", "Enter", "Imprimatur", "JSON", "Feed", "Redo", "SHA-256", "Undo",
    "Wikidata", "Delete", "Somebody",
}  # fmt: skip
ROOT: Path = settings.BASE_DIR / "templates"
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def title_case(text: str) -> list[str]:
    """Words with a capital letter that neither begin the text or a part of it nor are names."""
    words = re.findall(r"(?<=[\w,;)] )[A-Z][\w’'-]*", " ".join(text.split()))
    return [word for word in words if word not in NAMES and not word.isupper()]


def wrong_titles(html: str) -> list[str]:
    page = lxml.html.fromstring(html)
    own = ".//text()[not(ancestor::option)]"
    texts = ["".join(element.xpath(own)) for element in page.xpath(TITLES)]
    return [text for text in texts if title_case(text)]


@pytest.mark.parametrize(
    "name", sorted(str(each.relative_to(ROOT)) for each in ROOT.rglob("*.html"))
)
def test_templates_are_in_sentence_case(name: str) -> None:
    html = TAGS.sub("·", (ROOT / name).read_text())

    assert not html.strip() or wrong_titles(f"<div>{html}</div>") == []


WITH_KEY = "account_reset_password_from_key"
PAGES = [each.name for each in urlpatterns if getattr(each, "name", None)] + [
    "mfa_index", "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn",
]  # fmt: skip


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize("name", [each for each in PAGES if each != WITH_KEY])
def test_account_pages_are_in_sentence_case(client: Client, name: str, is_signed_in: bool) -> None:
    if is_signed_in:
        client.force_login(factories.make_user())
    response = client.get(reverse(name), follow=True)

    if response.headers["Content-Type"].startswith("text/html"):
        assert wrong_titles(response.text) == []


def test_the_page_of_a_reset_link_is_in_sentence_case(client: Client) -> None:
    response = client.get(reverse("account_reset_password_from_key", args=["1", "x-y"]))

    assert "This link no longer works" in response.text
    assert wrong_titles(response.text) == []


@pytest.mark.parametrize("text", ["Change Password", "Two Words", "a New Password"])
def test_title_case_is_found(text: str) -> None:
    assert title_case(text) != []
