"""Forms that name an encoding."""

from __future__ import annotations

import encodings.aliases

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
NAMES = sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "no-such-encoding"})


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/work/desks/none/sources"])
def test_a_form_in_another_encoding_is_refused(kind: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)

    for name in set(NAMES) - {"utf_8", "ascii"}:
        said = f"{kind}; charset={name}; boundary=b"
        response = client.generic("POST", path, b"a=1", content_type=said)

        assert response.status_code == 415, name


def test_utf_8_is_taken(client: Client) -> None:
    kind = "application/x-www-form-urlencoded; charset=UTF-8"

    assert client.post("/accounts/login/", b"login=a", content_type=kind).status_code == 200
