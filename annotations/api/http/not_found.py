"""Addresses under which there is nothing: a problem document, as for everything of the API."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from annotations.api.http.problems import NOTHING_THERE, problem


@csrf_exempt
def not_found(request: HttpRequest, **_: str) -> HttpResponse:  # noqa: ARG001
    """Changes nothing, so it needs no token."""
    return problem(HTTPStatus.NOT_FOUND, NOTHING_THERE)
