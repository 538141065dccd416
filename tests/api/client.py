"""Clients and addresses that the tests of the API share."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.test import APIClient

from annotations.models import Desk, Role, Scope, User
from tests.factories import make_key, member


def anonymous() -> APIClient:
    return APIClient()


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def with_secret(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def with_key(desk: Desk, by: User, *scopes: Scope) -> APIClient:
    return with_secret(make_key(desk, by, *scopes)[1])


def as_role(desk: Desk, role: Role) -> APIClient:
    return signed_in(member(desk, role))


def published(desk: Desk, path: str) -> str:
    return f"/api/v1/desks/{desk.slug}/{path}"


def work(desk: Desk, path: str) -> str:
    return f"/api/v1/work/desks/{desk.slug}/{path}"


def read(client: APIClient, address: str, **query: Any) -> Any:
    """The JSON of a good answer."""
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()


def post_escaped(client: APIClient, address: str, body: object) -> Any:
    """The body as ASCII JSON, in which half a pair of surrogates can be written."""
    return client.generic("POST", address, json.dumps(body), "application/json")
