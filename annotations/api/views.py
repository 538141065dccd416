"""The base of all views of a desk: the one place where the API asks the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import policy
from annotations.api.http.json_parser import JSONParser, largest_body
from annotations.api.http.problems import BadQuery, TooLarge
from annotations.api.rate_limits.throttling import ThrottledView
from annotations.errors import NotFound
from annotations.models import ApiKey, Desk, Scope, User
from annotations.policy import Action
from annotations.queries.desks import desk_and_role, desk_for


class DeskView(ThrottledView):
    """`desk` is set before a method runs; parameters that a view does not name are refused."""

    parser_classes = [JSONParser]
    http_method_names = ["get", "head", "post", "patch", "delete"]
    parameters: ClassVar[frozenset[str]] = frozenset()
    takes_sources: ClassVar[bool] = False  # bodies as large as a source
    desk: Desk

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        limit = largest_body(takes_sources=self.takes_sources)
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise TooLarge
        super().initial(request, *args, **kwargs)
        self.desk = self.admit(request, kwargs["desk"])
        self._check_parameters(request)

    def admit(self, request: Request, slug: str) -> Desk:
        """The desk, if the policy lets this in. Raises NotFound, Refused, NotAuthenticated."""
        raise NotImplementedError

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return super().finalize_response(request, response, *args, **kwargs)

    def known_parameters(self) -> frozenset[str]:
        return self.parameters

    def _check_parameters(self, request: Request) -> None:
        known = self.known_parameters()
        errors: dict[str, list[str]] = {}
        for name, values in request.query_params.lists():
            if name not in known:
                errors[name] = ["There is no such parameter here."]
            elif len(values) > 1:
                errors[name] = ["Give this parameter once."]
        if errors:
            raise BadQuery(errors)


class PublishedView(DeskView):
    """What was approved: for everybody on a public desk, else for members and keys."""

    permission_classes = [AllowAny]

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        desk = getattr(self, "desk", None)
        if desk is not None and desk.is_public:
            # Whatever else is answered is private (web/private.py).
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    def admit(self, request: Request, slug: str) -> Desk:
        """Without credentials a closed desk and one that does not exist look the same."""
        key = key_of(request)
        desk, role = (
            (key.desk, key.role)
            if key is not None and key.desk.slug == slug
            else desk_and_role(request.user, slug)
        )
        if not request.user.is_authenticated and (desk is None or not desk.is_public):
            raise NotAuthenticated("Send a key of this desk: Authorization: Bearer imp_….")
        if desk is None:
            raise NotFound(policy.NO_SUCH_DESK)
        policy.admit_reader(desk, key, role)
        return desk


class WorkView(DeskView):
    """Editorial work. `actions` says what each method does; a method it does not name is closed."""

    permission_classes = [IsAuthenticated]
    actions: ClassVar[Mapping[str, Action]] = {}

    def admit(self, request: Request, slug: str) -> Desk:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in self.actions:
            raise MethodNotAllowed(method)
        action, key = self.actions[method], key_of(request)
        if key is not None and key.desk.slug == slug:
            desk = key.desk
            policy.admit(key.role, action, desk)
        else:
            desk, _ = desk_for(request.user, slug, action)
        policy.require_scope(key, desk, Scope.WORK_READ if method == "GET" else Scope.WORK_WRITE)
        return desk

    @property
    def person(self) -> User:
        """Who asks; `permission_classes` lets nobody else in."""
        user = self.request.user
        if not isinstance(user, User):
            raise NotAuthenticated
        return user


def key_of(request: Request) -> ApiKey | None:
    """The key that the request was signed with; None for a session."""
    return request.auth if isinstance(request.auth, ApiKey) else None
