"""Who is signed in, on pages that `login_required` guards."""

from __future__ import annotations

from django.http import HttpRequest

from annotations.models import User


def signed_in(request: HttpRequest) -> User:
    """The person; raises TypeError where nobody is, which the guard has seen to."""
    if not isinstance(request.user, User):
        raise TypeError("This page is for people who are signed in.")
    return request.user
