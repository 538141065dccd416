"""Errors as pages and as fragments."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import path

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Refused
from project.urls import urlpatterns as all_pages

ERRORS: dict[str, DomainError] = {
    "404": NotFound("It is not there."),
    "403": Refused("You may not."),
    "409": Conflict("Not now."),
    "422": Invalid({"x": ["It is wrong."]}),
}


def fail(request: object, kind: str) -> None:
    raise ERRORS[kind]


def crash(request: object) -> None:
    raise RuntimeError


urlpatterns = [*all_pages, path("fail/<str:kind>", fail), path("crash", crash)]
here = override_settings(ROOT_URLCONF=__name__)

pytestmark = pytest.mark.django_db


@here
@pytest.mark.parametrize("kind", ERRORS)
def test_a_domain_error_is_a_page_with_its_status_and_sentence(client: Client, kind: str) -> None:
    response = client.get(f"/fail/{kind}")

    assert response.status_code == int(kind)
    assert ERRORS[kind].sentence in response.text
    assert "<html" in response.text


@here
@pytest.mark.parametrize("kind", ERRORS)
def test_htmx_gets_the_sentence_alone(client: Client, kind: str) -> None:
    response = client.get(f"/fail/{kind}", headers={"HX-Request": "true"})

    assert response.status_code == int(kind)
    assert ERRORS[kind].sentence in response.text
    assert "<html" not in response.text


@here
def test_a_defect_is_a_page_that_gives_nothing_away() -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/crash")

    assert response.status_code == 500
    assert "Something went wrong" in response.text


def test_an_unknown_address_is_a_page(client: Client) -> None:
    response = client.get("/no/such/page")

    assert response.status_code == 404
    assert "There is no page at this address" in response.text
