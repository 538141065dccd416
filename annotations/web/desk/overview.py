"""A desk's overview: what waits, and what happened last."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.queries.comments import mentions_of
from annotations.queries.dashboard import counts_of, drafts_of, returned_to
from annotations.web.access import DeskRequest, members_only
from annotations.web.desk.activity import described_activity

RECENT = 8  # lines of each list


@require_safe
@members_only()
def navigation(request: DeskRequest) -> HttpResponse:
    """The desk's pages with their counts, for a page that stays open."""
    return render(request, "desk/navigation.html", {"desk": request.desk, "role": request.role})


@require_safe
@members_only()
def desk(request: DeskRequest) -> HttpResponse:
    context = {
        "desk": request.desk,
        "role": request.role,
        "counts": counts_of(request.desk),
        "mentions": mentions_of(request.desk, request.member).filter(seen_at=None)[:RECENT],
        "returned": returned_to(request.desk, request.member)[:RECENT],
        "drafts": drafts_of(request.desk, request.member)[:RECENT],
        "events": described_activity(request.desk)[:RECENT],
    }
    return render(request, "desk/overview.html", context)
