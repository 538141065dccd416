"""Where colleagues called this person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.queries.comments import mentions_of
from annotations.web.access import DeskRequest, members_only
from annotations.web.paging import Key, page_of

PAGE = 30


@require_safe
@members_only()
def mentions(request: DeskRequest) -> HttpResponse:
    """The comments with their passages; each is marked as seen on the page that it leads to."""
    found = mentions_of(request.desk, request.member)
    page = page_of(found, [Key("number", "id")], request.GET, PAGE, descending=True)
    return render(
        request,
        "mentions/mentions.html",
        {"desk": request.desk, "role": request.role, "page": page},
    )
