"""The page by which the first administrator makes an account."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from annotations.errors import Invalid, NotFound
from annotations.services.accounts.set_up import check_set_up, set_up
from annotations.web.accounts.joining import sign_in_new
from annotations.web.desk.invitation_forms import NewAccountForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def setting_up(request: HttpRequest, token: str) -> HttpResponse:
    try:
        check_set_up(token)
        return _made(request, token) if request.method == "POST" else _page(request)
    except NotFound as error:
        return render(request, "joining/ended.html", {"sentence": error.sentence}, status=404)


def _made(request: HttpRequest, token: str) -> HttpResponse:
    """Raises NotFound where another person was quicker."""
    if refusal := ratelimit.consume_or_429(request, action="signup"):
        return refusal
    form = NewAccountForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            user = set_up(
                token=token,
                name=wanted["name"],
                email=wanted["email"],
                password=wanted["password"],
            )
        except Invalid as error:
            form.take(error)
        else:
            return sign_in_new(request, user, reverse("site_desks"))
    return _page(request, form, status=422)


def _page(
    request: HttpRequest, form: NewAccountForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form or NewAccountForm()}
    return render(request, "joining/set_up.html", context, status=status)
