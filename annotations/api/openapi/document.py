"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


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
    """The same for everybody: it says what there is, not what one may do."""

    authentication_classes: list[type[BaseAuthentication]] = []
    renderer_classes = [OpenApiJsonRenderer]

    def _get_version_parameter(self, request: Request) -> None:
        """There is one version; the package would put what `?version=` says into a header."""


class Documentation(SpectacularSwaggerSplitView):
    """Its style carries the page's nonce, which the package's own template does not."""

    template_name = "api/docs.html"
    http_method_names = ["get", "head"]  # the page would be made of what OPTIONS says
    authentication_classes: list[type[BaseAuthentication]] = []
    url_name = "api:openapi"
    url_self = None
