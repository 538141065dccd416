"""Pages of a desk: only for its members, and only with the role that the page needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from annotations.models import Desk, Role, User
from annotations.policy import Action
from annotations.queries.desks import desk_and_role, desk_for

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request by a member: `desk`, their `role` on it, and who they are."""

    desk: Desk
    role: Role
    member: User
    htmx: Any


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def members_only(
    action: Action = Action.READ_WORK,
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """The view gets a `DeskRequest`; its route has the desk's slug as `desk`.

    People who are not signed in are sent to do so; a page that asks by htmx keeps what is typed
    there and says it. Raises NotFound for strangers, Refused.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(
            request: DeskRequest, desk: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _ask_to_sign_in(request)
            request.member = request.user
            request.desk, request.role = desk_for(request.user, desk, action)
            return view(request, *args, **kwargs)

        return page

    return decorate


def strangers_read(
    name: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Of a public desk, people who are not its members are led to this page of the reading room."""

    def decorate(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        def outer(request: HttpRequest, desk: str, **kwargs: Any) -> HttpResponseBase:
            found, role = desk_and_role(request.user, desk)
            if found is not None and found.is_public and role is None:
                return redirect(name, desk=desk, **kwargs)
            return page(request, desk, **kwargs)

        return outer

    return decorate


def _ask_to_sign_in(request: DeskRequest) -> HttpResponse:
    if request.htmx:
        return render(request, "errors/_signed_out.html", status=401)
    return redirect_to_login(request.get_full_path())
