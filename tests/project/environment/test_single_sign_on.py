"""The OpenID provider, as the environment names it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.environment.single_sign_on import SingleSignOn, single_sign_on

WHOLE = {
    "issuer": "https://login.example/realm/",
    "client_id": "imprimatur",
    "client_secret": "secret",
    "name": "",
    "domains": "",
}


def test_nothing_named_is_none() -> None:
    assert single_sign_on(**dict.fromkeys(WHOLE, "")) is None


def test_the_provider_is_called_by_its_host_unless_it_has_a_name() -> None:
    chosen = single_sign_on(**WHOLE | {"domains": " Example.org, ,example.net"})

    assert chosen == SingleSignOn(
        "https://login.example/realm/",
        "imprimatur",
        "secret",
        "login.example",
        frozenset({"example.org", "example.net"}),
    )
    named = single_sign_on(**WHOLE | {"name": "the newsroom"})
    assert named is not None
    assert named.name == "the newsroom"


@pytest.mark.parametrize("left_out", ["issuer", "client_id", "client_secret"])
def test_half_of_it_is_refused_by_the_name_of_what_is_missing(left_out: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"Set OIDC_{left_out.upper()} too"):
        single_sign_on(**WHOLE | {left_out: ""})


def test_a_name_without_a_provider_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="nothing without OIDC_ISSUER"):
        single_sign_on(**dict.fromkeys(WHOLE, "") | {"domains": "example.org"})


@pytest.mark.parametrize(
    "issuer",
    ["login.example", "http://login.example", "https://", "https://a.example/?x=1", "ftp://a",
     "https://a.example/#x", "https://a.example/" + "x" * 200],
)  # fmt: skip
def test_an_issuer_must_be_an_address_nobody_can_listen_to(issuer: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_ISSUER is"):
        single_sign_on(**WHOLE | {"issuer": issuer})
