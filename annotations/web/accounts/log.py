"""The log of one's own account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations.queries.accounts.log import account_events_of
from annotations.web.people import signed_in

PAGE = 50


@require_safe
@never_cache
@login_required
def own_log(request: HttpRequest) -> HttpResponse:
    """Fifty lines before `?before=`, the number of a line: pages stay put while the log grows."""
    events = account_events_of(signed_in(request))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        events = events.filter(id__lt=int(before))
    shown = list(events[: PAGE + 1])
    context = {
        "events": shown[:PAGE],
        "older": shown[PAGE - 1].id if len(shown) > PAGE else None,
        "before": before,
        "tab": "log",
    }
    return render(request, "account/log.html", context)
