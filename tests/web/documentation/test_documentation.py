"""The guide to the API on the site."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.web.site import guide
from project.embedded.layout import CHECKOUT
from tests import factories

pytestmark = pytest.mark.django_db

DOCUMENTS = CHECKOUT / "docs"


@pytest.mark.parametrize("name", guide.PAGES)
def test_every_section_of_a_document_is_on_its_page(client: Client, name: str) -> None:
    text = client.get(reverse("guide", args=[name])).text
    written = (DOCUMENTS / guide.PAGES[name]).read_text(encoding="utf-8")

    sections = re.findall(r"^## (.+)$", written, re.MULTILINE)
    for number, section in enumerate(sections):
        assert text.count(f">{section}<") == 2, (number, section)
    linked = re.findall(r'href="#([^"]+)"', text.split("guide-sections")[1])
    assert all(f'id="{anchor}"' in text for anchor in linked)


def test_examples_ask_the_site_itself(client: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://desk.example"

    text = client.get(reverse("guide")).text

    assert "api=https://desk.example/api/v1" in text
    assert guide.WRITTEN_ADDRESS not in text


@pytest.mark.parametrize("name", guide.PAGES)
def test_its_links_lead_somewhere(client: Client, name: str) -> None:
    text = client.get(reverse("guide", args=[name])).text.split("guide-text")[1]

    here = {link for link in re.findall(r'href="([^"#]+)', text) if link.startswith("/")}

    assert not re.findall(r'href="(?!https://|/|#)', text)
    assert all(client.get(link).status_code == 200 for link in here)


def test_the_client_is_there_to_be_kept(client: Client) -> None:
    answer = client.get(reverse("guide_client"))

    sent = b"".join(answer)  # type: ignore[arg-type]
    assert sent == guide.CLIENT.read_bytes()
    assert 'filename="imprimatur.py"' in answer["Content-Disposition"]


def test_other_files_are_not_served(client: Client) -> None:
    assert client.get("/api/guide/operations").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("view", "place"), [("webhooks", "#webhooks"), ("keys", "")])
def test_settings_pages_lead_to_it(client: Client, view: str, place: str) -> None:
    desk = factories.make_desk()
    client.force_login(factories.member(desk, factories.Role.MANAGER))

    assert f'href="{reverse("guide")}{place}"' in client.get(reverse(view, args=[desk.slug])).text


def test_the_image_for_production_has_the_documents() -> None:
    taken = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert "!docs" in taken
