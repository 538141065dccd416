"""Requests that are refused, and all that they may not change."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from annotations.models import AccountEvent, ApiKey, Source
from tests.api.client import work


def rows() -> dict[str, list[Any]]:
    """All rows of the application, without the notes of who signed in or used a key when."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "last_login"}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in apps.get_app_config("annotations").get_models()
        if model not in (ApiKey, AccountEvent)
    }


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == status
    assert body["detail"]
    return body


def tag(**said: Any) -> dict[str, Any]:
    body = {"kind": "entity", "label": "place", "spans": [{"start": 0, "end": 6}], **said}
    return {name: value for name, value in body.items() if value is not ...}


def tagging(source: Source) -> str:
    return work(source.desk, f"sources/{source.id}/annotations")


def spans(*pairs: Any) -> list[dict[str, Any]]:
    return [{"start": start, "end": end} for start, end in pairs]
