"""One's own e-mail address: another is taken once its code, sent there by mail, is typed here."""

from __future__ import annotations

import hmac
import time
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.errors import Conflict, Invalid
from annotations.models import User
from annotations.services.accounts.addresses import change_address, clean_address
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.web.accounts.allauth_internals import (
    normalize_user_code,
    raise_if_reauthentication_required,
    ratelimit,
)
from annotations.web.confirming import SIGN_IN_AGAIN, is_surely
from annotations.web.forms import PageForm
from annotations.web.people import signed_in

PENDING = "pending_address"  # in the session
LIFETIME = 900  # seconds for which a code counts
TRIES = 5  # of a code
RATES = {"address": "10/h/user,5/h/key"}  # codes sent
WRONG_CODE = "This code is wrong, or it is too old. Check it, or have a new one sent."


class AddressForm(PageForm):
    email = forms.EmailField(
        label="New email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        try:
            return clean_address(self.cleaned_data["email"])
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from error


class CodeForm(PageForm):
    code = forms.CharField(
        label="Code from the mail",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def address(request: HttpRequest) -> HttpResponse:
    """The address of the account; posted, a code is sent or typed."""
    if request.method != "POST":
        return _page(request)
    if "action_cancel" in request.POST:
        request.session.pop(PENDING, None)
    elif "action_confirm" in request.POST:
        return _confirm(request)
    elif "action_add" in request.POST:
        return _send(request)
    return redirect("account_email")


def _send(request: HttpRequest) -> HttpResponse:
    raise_if_reauthentication_required(request, app="allauth.account")
    form = AddressForm(request.POST)
    user = signed_in(request)
    if not is_surely(request, user):
        messages.error(request, SIGN_IN_AGAIN)
        return redirect("account_email")
    if not mail_server_is_set():
        return _page(request, status=409)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    email = form.cleaned_data["email"]
    if email == user.email and user.email_confirmed:
        form.add_error("email", "This is your address already.")
        return _page(request, form=form, status=422)
    if not ratelimit.consume(
        request, app="allauth.account", action="address", config=RATES, key=email
    ):
        form.add_error("email", "Too many codes were sent. Wait an hour, then try again.")
        return _page(request, form=form, status=429)
    send_code(request, user, email)
    messages.info(request, f"A code is on its way to {email}.")
    return redirect("account_email")


def send_code(request: HttpRequest, user: User, email: str) -> None:
    """To an address of another account goes no code, but that it has one: nobody else learns it."""
    adapter = get_adapter(request)
    code = adapter.generate_email_verification_code()
    taken = User.objects.filter(email__iexact=email).exclude(id=user.id).exists()
    template = "account/email/address_taken" if taken else "account/email/address_code"
    adapter.send_mail(template, email, {"code": code, "user": user, "minutes": LIFETIME // 60})
    request.session[PENDING] = {
        "email": email,
        "code": "" if taken else _hash(code, user),
        "at": int(time.time()),
        "tries": 0,
    }


def _confirm(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    pending = _pending(request)
    if pending is None:
        messages.error(request, WRONG_CODE)
        return redirect("account_email")
    form = CodeForm(request.POST)
    pending["tries"] += 1
    request.session[PENDING] = pending
    right = form.is_valid() and hmac.compare_digest(
        pending["code"], _hash(form.cleaned_data["code"], user)
    )
    if not right:
        form.add_error("code", WRONG_CODE)
        return _page(request, code_form=form, status=422)
    del request.session[PENDING]
    try:
        change_address(user=user, address=pending["email"])
    except Conflict as error:
        messages.error(request, error.sentence)
        return redirect("account_email")
    tell_old_address(request, user, pending["email"])
    messages.success(request, f"{pending['email']} is confirmed. Sign in with it from now on.")
    return redirect("account_email")


def tell_old_address(request: HttpRequest, user: User, new: str) -> None:
    """Mail the address that `user` still has that the account has a new one."""
    if user.email != new:
        get_adapter(request).send_notification_mail(
            "account/email/address_changed",
            user,
            {"from_email": user.email, "to_email": new},
            email=user.email,
        )


def _pending(request: HttpRequest) -> dict[str, Any] | None:
    """What waits for its code, unless that is too old or was tried too often."""
    pending: dict[str, Any] | None = request.session.get(PENDING)
    if pending is None:
        return None
    if pending["at"] + LIFETIME < time.time() or pending["tries"] >= TRIES:
        del request.session[PENDING]
        return None
    return pending


def _page(
    request: HttpRequest,
    *,
    form: AddressForm | None = None,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    pending = _pending(request)
    first = {} if user.email_confirmed else {"email": user.email}
    context = {
        "form": form or AddressForm(initial=first),
        "code_form": code_form or CodeForm(),
        "pending": pending["email"] if pending else "",
        "mail_server_is_set": mail_server_is_set(),
        "tab": "address",
    }
    return render(request, "account/address.html", context, status=status)


def _hash(code: str, user: User) -> str:
    """Of the code as people may write it; the session's row alone gives it to nobody."""
    return salted_hmac("new-address", f"{user.pk}:{normalize_user_code(code)}").hexdigest()
