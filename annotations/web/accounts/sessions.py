"""Where one is signed in; sessions are ended one by one, or all but the present one."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.errors import NotFound
from annotations.models import AccountEventType, User
from annotations.services.accounts.log import record_account_event
from annotations.web.accounts.allauth_internals import end_sessions
from annotations.web.people import signed_in

OTHERS = "others"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The living sessions, newest first; posted, `end` is the number of one, or `others`."""
    user = signed_in(request)
    if request.method == "POST":
        return _end(request, user, request.POST.get("end", ""))
    living = UserSession.objects.purge_and_list(user)
    living.sort(key=lambda session: session.last_seen_at, reverse=True)
    return render(request, "account/sessions.html", {"sessions": living, "tab": "sessions"})


def _end(request: HttpRequest, user: User, which: str) -> HttpResponse:
    mine = UserSession.objects.filter(user=user)
    others = mine.exclude(session_key=request.session.session_key)
    ended = list(others if which == OTHERS else mine.filter(id=_number(which)))
    if not ended and which != OTHERS:
        raise NotFound("There is no such session: it has ended already.")
    for session in ended:
        record_account_event(
            type=AccountEventType.SESSIONS_ENDED,
            user=user,
            note=f"{session.ip}, {session.user_agent}",
        )
    end_sessions(request, ended)
    if not request.user.is_authenticated:
        return redirect("account_login")
    messages.success(request, "Signed out there." if ended else "You are signed in nowhere else.")
    return redirect("account_sessions")


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
