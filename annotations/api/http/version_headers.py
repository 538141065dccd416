"""The version of an annotation in headers: `ETag` and `If-Match` (RFC 9110 §8.8, §13.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from annotations.api.http.problems import VersionRequired
from annotations.queries.annotations.work import WorkText, work_texts

TAG = re.compile(r'(?:W/)?"v([1-9][0-9]{0,8})"')  # proxies that compress make a tag weak


def expected_version(request: Request) -> int:
    """The version that the client changes. Raises VersionRequired (428), ParseError (400)."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionRequired
    match = TAG.fullmatch(header)
    if match is None:
        raise ParseError('If-Match must be the ETag of one version, such as "v3".')
    return int(match[1])


def with_version(annotation: UUID, status: int = 200) -> HttpResponse:
    """The work JSON of the annotation, as the database has it now, with its ETag."""
    return with_text(work_texts([annotation])[0], status)


def with_text(text: WorkText, status: int) -> HttpResponse:
    """The work JSON as the database wrote it, with its ETag."""
    headers = {"ETag": f'"v{text.version}"'}
    return HttpResponse(text.json, "application/json", status, headers=headers)


def with_texts(texts: Sequence[WorkText], status: int) -> HttpResponse:
    """The work JSON of many."""
    body = f'{{"annotations":[{",".join(text.json for text in texts)}]}}'
    return HttpResponse(body, "application/json", status)
