"""Whether the person of a session proved lately who they are, before what cannot be taken back.

allauth asks for the password or a second factor again. People who have neither, because they come
by single sign-on, do such things in the first minutes after signing in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from annotations.models import User
from annotations.web.accounts.allauth_internals import (
    get_authentication_records,
    get_reauthentication_flows,
)

SIGN_IN_AGAIN = "Sign out and in again, then do this within five minutes."

View = Callable[..., HttpResponseBase]


def is_surely(request: HttpRequest, user: User) -> bool:
    """Whether allauth has something to ask the person again, or else the session is new."""
    if get_reauthentication_flows(user):
        return True
    records = get_authentication_records(request, user)
    age = time.time() - records[-1]["at"] if records else float("inf")
    return bool(age < app_settings.REAUTHENTICATION_TIMEOUT)


def in_a_new_session(view: View) -> View:
    """The view is for people who can be asked again, and for others in a new session."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and not is_surely(request, request.user):
            messages.error(request, SIGN_IN_AGAIN)
            return redirect("account_profile")
        return view(request, *args, **kwargs)

    return asked
