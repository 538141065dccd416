"""What a browser may load for what it was sent (https://www.w3.org/TR/CSP3/)."""

from __future__ import annotations

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOTHING = "default-src 'none'; frame-ancestors 'none'"


class ContentSecurityMiddleware(CSPMiddleware):
    """The settings' policy for pages; data and files may load nothing and stand in no frame."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, NOTHING)
        return response
