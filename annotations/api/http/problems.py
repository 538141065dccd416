"""Every error as a problem document (RFC 9457): the one translation for the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Outdated, Refused
from annotations.outages import outage_of
from annotations.queries.annotations.work import work_document

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[DomainError], HTTPStatus] = {
    Outdated: HTTPStatus.PRECONDITION_FAILED,
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
WHOLE_BODY = "body"  # the name of errors that are not of one field
MOST_ERRORS = 50  # that one answer names
LONGEST_SENTENCE = 500  # code points; some repeat what was sent
LONGEST_PATH = 200
LONGEST_DETAIL = 2_000
UNEXPECTED = "Something went wrong here. It was noted; try again later."
NOTHING_THERE = "There is nothing at this address."
TOO_LARGE = "The request is larger than this server takes."
OF_DJANGO: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (Http404, HTTPStatus.NOT_FOUND, NOTHING_THERE),
    (PermissionDenied, HTTPStatus.FORBIDDEN, "You may not do this."),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE),
    (SuspiciousOperation, HTTPStatus.BAD_REQUEST, "The request cannot be read."),
)

log = structlog.get_logger(__name__)


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = TOO_LARGE


class BadQuery(exceptions.APIException):
    """The query string is wrong; `errors` names each parameter."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = "The query is wrong."

    def __init__(self, errors: Mapping[str, Any] | Sequence[Any]) -> None:
        super().__init__()
        self.errors = _named(errors)


class TooMany(exceptions.APIException):
    """A quota is used up (draft-ietf-httpapi-ratelimit-headers-11, "Quota Exceeded")."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, policy: str) -> None:
        super().__init__(detail)
        self.extra = {
            "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
            "title": "Request cannot be satisfied as assigned quota has been exceeded",
            "violated-policies": [policy],
        }


class VersionRequired(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = 'Say which version you change: send its ETag as If-Match, such as "v3".'


def problem(
    status: int,
    detail: str,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A problem document; `extra` are its extension members, or another type and title.

    However much was wrong and however long it is, the answer is short.
    """
    named = {
        _short(name, LONGEST_PATH): [_short(each) for each in sentences[:MOST_ERRORS]]
        for name, sentences in islice((errors or {}).items(), MOST_ERRORS)
    }
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": _short(detail, LONGEST_DETAIL),
        **({"errors": named} if named else {}),
        **(extra or {}),
    }
    return HttpResponse(
        json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """What REST framework calls for every exception of a view."""
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, IntegrityError):
        return problem(HTTPStatus.CONFLICT, _rule_of(error))
    for kind, status, sentence in OF_DJANGO:
        if isinstance(error, kind):
            return problem(status, sentence)
    if outage := outage_of(error):
        log.error("a request failed", path=context["request"].path, reason=str(error).strip())
        return problem(outage.status, outage.sentence, headers=outage.headers)
    got_request_exception.send(sender=None, request=context["request"])
    log.error("unexpected error in the API", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED)


def _of_domain(error: DomainError) -> HttpResponse:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    if isinstance(error, Outdated):
        return problem(status, error.sentence, extra={"current": work_document(error.current)})
    errors = error.errors if isinstance(error, Invalid) else None
    return problem(status, error.sentence, errors=errors)


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, exceptions.ValidationError):
        errors = _named(error.detail)
        sentences = " ".join(sentence for each in errors.values() for sentence in each)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentences, errors=errors)
    errors = error.errors if isinstance(error, BadQuery) else {}
    extra = error.extra if isinstance(error, TooMany) else None
    return problem(
        error.status_code, str(error.detail), errors=errors, headers=headers, extra=extra
    )


def _short(written: str, longest: int = LONGEST_SENTENCE) -> str:
    """With an ellipsis in place of what is over."""
    return written if len(written) <= longest else f"{written[: longest - 1]}…"


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested errors by the path of each field: `spans.0.start`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, (path, step))))
    elif any(isinstance(item, (Mapping, list)) for item in detail):
        for position, inner in enumerate(detail):
            yield from _flat(inner, ".".join(filter(None, (path, str(position)))))
    elif detail:
        yield path or WHOLE_BODY, [str(sentence) for sentence in detail]


def _named(detail: Any) -> dict[str, list[str]]:
    """The first of the errors, as many as people read."""
    return dict(islice(_flat(detail), MOST_ERRORS))


def _rule_of(error: IntegrityError) -> str:
    """The sentence of a trigger that refused (migration 0002); other constraints keep theirs."""
    diagnosis = getattr(error.__cause__, "diag", None)
    by_trigger = diagnosis is not None and diagnosis.sqlstate == "23000"
    sentence = diagnosis.message_primary if diagnosis is not None and by_trigger else None
    return sentence or "This changed in the meantime. Reload it first."
