"""Closing one's own account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.errors import Conflict
from annotations.queries.accounts.closing import desks_without_another_manager
from annotations.services.accounts.closing import close_account
from annotations.web.confirming import in_a_new_session
from annotations.web.people import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@in_a_new_session
@reauthentication_required  # type: ignore[untyped-decorator]
def closing(request: HttpRequest) -> HttpResponse:
    """What it means, and what keeps it from being done; posted, it is done."""
    user = signed_in(request)
    if request.method == "POST":
        try:
            close_account(user=user, by=user)
        except Conflict as error:
            return _page(request, error.sentence, status=409)
        logout(request)
        return render(request, "account/closed.html")
    return _page(request)


def _page(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    alone = desks_without_another_manager(signed_in(request))
    context = {"tab": "closing", "alone": alone, "refusal": refusal}
    return render(request, "account/closing.html", context, status=status)
