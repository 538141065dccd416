"""Pages of the site: only for its administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from annotations.models import User
from annotations.policy import require_administrator

P = ParamSpec("P")


class SiteRequest(HttpRequest):
    """A request by an administrator."""

    administrator: User


def administrators_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """People who are not signed in are sent to do so. Raises Refused."""

    @wraps(view)
    def page(request: SiteRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        request.administrator = require_administrator(request.user)
        return view(request, *args, **kwargs)

    return page
