"""What a browser may load for pages, and for what is none."""

from __future__ import annotations

import pytest
from django.test import Client

HEADER = "Content-Security-Policy"


@pytest.mark.django_db
def test_pages_load_from_here_alone(client: Client) -> None:
    policy = client.get("/accounts/login/")[HEADER]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_data_loads_nothing_and_stands_in_no_frame(client: Client) -> None:
    assert client.get("/livez")[HEADER] == "default-src 'none'; frame-ancestors 'none'"
