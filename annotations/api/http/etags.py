"""Answers that a client need not fetch twice: ETag and If-None-Match (RFC 9110 §8.8, §13.1.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.problems import problem
from annotations.build import build_id
from annotations.private_apis import django_request


def conditional(
    request: Request,
    document: Any,
    *,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """The document with an ETag of what it says in this media type; 304 if the client has it."""
    media_type = request.accepted_renderer.media_type
    said = json.dumps([media_type, document], cls=DjangoJSONEncoder, sort_keys=True)
    etag = etag_of(said)
    said_beside = {**(headers or {}), "ETag": etag}
    return unless_known(
        request,
        etag,
        lambda: Response(document, headers=said_beside, content_type=content_type),
    )


def conditional_text(request: Request, text: str) -> HttpResponseBase:
    """As `conditional`, of JSON that nobody has read."""
    media_type = request.accepted_renderer.media_type
    etag = etag_of(f"{media_type} {text}")
    return unless_known(
        request,
        etag,
        lambda: HttpResponse(text, content_type=media_type, headers={"ETag": etag}),
    )


def etag_of_state(request: Request, *state: int) -> str:
    """A weak validator of an answer that depends on this state, which was read before it.

    What an answer looks like depends on the code too, so that another build has other validators.
    """
    address, media_type = request.build_absolute_uri(), request.accepted_renderer.media_type
    said = json.dumps([build_id(), address, media_type, *state])
    return f"W/{etag_of(said)}"


def etag_of(said: str) -> str:
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


def unless_known(
    request: Request, etag: str, respond: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The response, or 304 when If-None-Match names its ETag; nothing is opened for a 304."""
    answer = get_conditional_response(django_request(request), etag=etag)
    if answer is None:
        return respond()
    if answer.status_code != HTTPStatus.NOT_MODIFIED:
        return problem(HTTPStatus.PRECONDITION_FAILED, "This is not what If-Match asks for.")
    answer.headers["ETag"] = etag
    return answer
