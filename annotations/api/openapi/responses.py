"""Words for the OpenAPI document: which answers an operation has."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from annotations.api.http.problems import MEDIA_TYPE
from annotations.api.serializers.responses import (
    OutdatedProblem,
    Problem,
)

JSON = "application/json"
MEANINGS = {
    400: "The address or the body cannot be read.",
    401: "No credentials, or ones that are unknown, expired or revoked.",
    403: "The role or the key's scope does not allow it, or the CSRF token is missing.",
    404: "There is none such, or none that you may know of.",
    406: "None of the media types asked for can be answered.",
    409: "The state of things does not allow it.",
    412: "It is not, or no longer, what If-Match asks for.",
    413: "The body is too large.",
    415: "The body has a media type that is not taken.",
    416: "The file ends before the range that is asked for.",
    422: "Fields are wrong; `errors` names them.",
    428: "If-Match is missing.",
    429: "Too much for this minute: go on after as many seconds as Retry-After says.",
    503: "Too many of these are being read: ask again after as many seconds as Retry-After says.",
}
ALWAYS = (400, 401, 403, 404, 406, 429)
READING = (*ALWAYS, 412)  # of what has an ETag
WRITING = (*ALWAYS, 413, 415, 422)

Answers = dict[int | tuple[int, str], Any]


def answers(good: Answers, *statuses: int) -> Answers:
    """The good answers and the problems that may come instead.

    All are named with their media type: by the least of the names, which must be a good answer's,
    the generator tells lists, whose filters and pages it describes.
    """
    changes = 304 not in good
    named = {_with_media_type(name, answer): answer for name, answer in good.items()}
    return named | {
        (status, MEDIA_TYPE): OpenApiResponse(
            OutdatedProblem if status == 412 and changes else Problem, MEANINGS[status]
        )
        for status in statuses
    }


def _with_media_type(name: int | tuple[int, str], answer: Any) -> int | tuple[int, str]:
    return (name, JSON) if isinstance(name, int) and answer is not None else name
