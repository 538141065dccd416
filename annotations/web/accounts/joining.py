"""Accepting an invitation: with the account that is signed in, or with a new one.

To look at the page changes nothing, since mail programs open links ahead of people. A token that
was copied says nothing about an address: an account that is made with it has an unconfirmed one.
"""

from __future__ import annotations

from contextlib import suppress

from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from annotations.errors import Conflict, Invalid, NotFound
from annotations.models import Invitation, User
from annotations.queries.accounts.invitations import invitation_by, is_for
from annotations.services.accounts.invitations import accept, accept_with_new_account
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.web.accounts.address import send_code
from annotations.web.accounts.allauth_internals import perform_password_login
from annotations.web.desk.invitation_forms import NewAccountForm

CODE_SENT = (
    "A code is on its way to your address. Type it under “Email address” of your account, so that "
    "the address counts as yours."
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = invitation_by(token)
    except NotFound as error:
        return render(request, "joining/ended.html", {"sentence": error.sentence}, status=404)
    if request.method == "POST" and isinstance(request.user, User):
        return _accepted(request, token, request.user)
    if request.method == "POST":
        if refusal := ratelimit.consume_or_429(request, action="signup"):
            return refusal
        return _made(request, token, invitation)
    return _page(request, invitation, NewAccountForm(email=invitation.email))


def sign_in_new(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Sign in who has just made this account; ask by mail whether the address is theirs."""
    if mail_server_is_set() and not user.email_confirmed:
        with suppress(Conflict):  # they can have another code sent
            send_code(request, user, user.email)
            messages.info(request, CODE_SENT)
    login = Login(user=user, redirect_url=to)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return response


def _accepted(request: HttpRequest, token: str, user: User) -> HttpResponse:
    desk = accept(token=token, by=user)
    messages.success(request, f"You are a member of {desk} now.")
    return redirect("desk", desk.slug)


def _made(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST, email=invitation.email)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            joined, user = accept_with_new_account(
                token=token,
                name=wanted["name"],
                email=wanted.get("email", ""),
                password=wanted["password"],
            )
        except Invalid as error:
            form.take(error)
        else:
            to = reverse("desk", args=[joined.desk.slug]) if joined.desk else reverse("home")
            return sign_in_new(request, user, to)
    return _page(request, invitation, form, status=422)


def _page(
    request: HttpRequest, invitation: Invitation, form: NewAccountForm, status: int = 200
) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    context = {
        "invitation": invitation,
        "form": form,
        "is_for_me": user is not None and is_for(invitation, user),
    }
    return render(request, "joining/join.html", context, status=status)
