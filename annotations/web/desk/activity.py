"""The desk's ledger, in sentences."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Desk, Event, Span
from annotations.queries.live.activity import activity as events_of
from annotations.web.access import DeskRequest, members_only

PAGE = 50


def described_activity(desk: Desk) -> QuerySet[Event]:
    """Newest first, with the words that each tag stands on."""
    return events_of(desk).prefetch_related(
        Prefetch("annotation__head__spans", Span.objects.order_by("start"))
    )


@require_safe
@members_only()
def activity(request: DeskRequest) -> HttpResponse:
    """Fifty events before `?before=`, a place in the ledger: pages stay put while it grows."""
    events = described_activity(request.desk)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(seq__lt=int(before))
    shown = list(events[: PAGE + 1])
    older = shown[PAGE - 1].seq if len(shown) > PAGE else None
    context = {
        "desk": request.desk,
        "role": request.role,
        "events": shown[:PAGE],
        "older": older,
        "before": before,
    }
    return render(request, "activity/activity.html", context)
