"""The OpenID provider by which people may sign in, as the environment says it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LONGEST_ISSUER = 200  # characters: accounts are kept with it


@dataclass(frozen=True)
class SingleSignOn:
    """`issuer` is the provider's address, `name` stands on the button.

    People whose confirmed address is in one of the `domains` get an account when they first come.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    domains: frozenset[str]


def single_sign_on(
    *, issuer: str, client_id: str, client_secret: str, name: str, domains: str
) -> SingleSignOn | None:
    """None unless it is configured. Raises ImproperlyConfigured when it is only in part."""
    needed = {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": client_id,
        "OIDC_CLIENT_SECRET": client_secret,
    }
    missing = [variable for variable, value in needed.items() if not value]
    if len(missing) == len(needed):
        if name or domains:
            raise ImproperlyConfigured(
                "OIDC_NAME and OIDC_DOMAINS say nothing without OIDC_ISSUER."
            )
        return None
    if missing:
        raise ImproperlyConfigured(
            f"Set {' and '.join(missing)} too: signing in by a provider needs all of"
            f" {', '.join(needed)}."
        )
    host = _host(issuer)
    allowed = frozenset(filter(None, (each.strip().lower() for each in domains.split(","))))
    return SingleSignOn(issuer, client_id, client_secret, name or host, allowed)


def _host(issuer: str) -> str:
    """OpenID Connect Discovery 1.0, section 3: https, without query and fragment."""
    at = urlsplit(issuer)
    secure = at.scheme == "https" or (at.scheme == "http" and at.hostname in ("127.0.0.1", "::1"))
    if not (secure and at.hostname) or at.query or at.fragment or len(issuer) > LONGEST_ISSUER:
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is “{issuer}”: it must be the provider's address, https://…,"
            f" without ? or #, of at most {LONGEST_ISSUER} characters."
        )
    return at.hostname
