"""Forms in another encoding than UTF-8 are refused before anything reads them.

Django decodes a form with the codec that the client names, which may be none for text, and its page
for what it refuses reads the form once more.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from project.http.failures import refusal

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UTF_8 = ("utf-8", "utf8", "us-ascii")
SENTENCE = "Send forms in UTF-8."


class CharsetMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type in FORMS and charset.lower() not in UTF_8:
            return refusal(request.path, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, SENTENCE, {})
        return self.get_response(request)
