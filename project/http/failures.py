"""What is answered to a request that failed where nothing else answers it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

from annotations.api.http.problems import UNEXPECTED, problem
from annotations.outages import outage_of
from annotations.web.errors import outage_page, plain_page


def failed(request: HttpRequest) -> HttpResponse:
    """What Django calls for every error that no view and no middleware has answered."""
    outage = outage_of(sys.exc_info()[1])
    if request.path.startswith(settings.API_PREFIX):
        if outage is None:
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED)
        return problem(outage.status, outage.sentence, headers=outage.headers)
    return outage_page(request, outage) if outage else server_error(request)


def refusal(
    path: str, status: HTTPStatus, sentence: str, headers: Mapping[str, str]
) -> HttpResponse:
    """What is said before Django sees the request: a problem document or a page."""
    if path.startswith(settings.API_PREFIX):
        response = problem(status, sentence)
    else:
        response = plain_page(status, status.phrase.capitalize(), sentence)
    for name, value in {"Cache-Control": "no-store", **headers}.items():
        response.headers[name] = value
    return response
