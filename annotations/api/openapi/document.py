"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from annotations.api.http.etags import etag_of, unless_known


class KeyScheme(OpenApiAuthenticationExtension):
    """Registers itself by being defined."""

    target_class = "annotations.api.http.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "bearerFormat": "imp_…"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "annotations.api.http.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class OpenApiDocument(SpectacularAPIView):
    """The same for everybody: it says what there is, not what one may do.

    There is one version, in one language, without server addresses; no parameter changes it.
    """

    authentication_classes: list[type[BaseAuthentication]] = []
    renderer_classes = [OpenApiJsonRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        text, etag = _document()
        headers = {
            "Content-Disposition": 'inline; filename="Imprimatur API.json"',
            "ETag": etag,
        }
        media_type = OpenApiJsonRenderer.media_type
        response = unless_known(
            request, etag, lambda: HttpResponse(text, media_type, headers=headers)
        )
        response.headers["Cache-Control"] = "no-cache"
        return response


@cache
def _document() -> tuple[str, str]:
    """Its text and its ETag. Takes long, and depends on the code alone."""
    document = SchemaGenerator().get_schema(public=True)
    text = OpenApiJsonRenderer().render(document, renderer_context={}).decode()
    return text, etag_of(text)


class Documentation(SpectacularSwaggerSplitView):
    """Its style carries the page's nonce, which the package's own template does not."""

    template_name = "api/docs.html"
    http_method_names = ["get", "head"]  # the page would be made of what OPTIONS says
    authentication_classes: list[type[BaseAuthentication]] = []
    url_name = "api:openapi"
    url_self = None
