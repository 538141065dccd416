"""What programs proposed on the desk, to be accepted or dismissed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from annotations.errors import Conflict, Invalid
from annotations.models import Desk, Source, Suggestion, User
from annotations.queries.suggestions import (
    decided_at,
    open_by_source,
    open_in_order,
    records_of,
    suggestions_on,
)
from annotations.services.suggestions.decide import (
    accept_suggestions,
    dismiss_suggestions,
    reopen_suggestions,
)
from annotations.services.tagging.annotations import MOST_AT_ONCE
from annotations.text.spans import CONTEXT
from annotations.web.access import DeskRequest, members_only
from annotations.web.paging import Key, Page, page_of

PAGE = 50
BY_PLACE = (
    Key("text", "source__title"),
    Key("id", "source__id"),
    Key("number", "start"),
    Key("id", "id"),
)
CUT_BEFORE, CUT_AFTER = re.compile(r"^\S*\s"), re.compile(r"\s\S*$")
NOTHING = "Say which suggestions you mean."
STEPS: dict[str, Callable[..., object]] = {
    "accept": accept_suggestions,
    "dismiss": dismiss_suggestions,
    "reopen": reopen_suggestions,
}


@dataclass(frozen=True)
class Row:
    """A suggestion, and the name of the register record that it points to."""

    suggestion: Suggestion
    record: str

    @property
    def before(self) -> str:
        """What stands before, without the word that is cut; at the start of the text all of it."""
        prefix = self.suggestion.prefix
        return prefix if len(prefix) < CONTEXT else f"… {CUT_BEFORE.sub('', prefix)}"

    @property
    def after(self) -> str:
        suffix = self.suggestion.suffix
        return suffix if len(suffix) < CONTEXT else f"{CUT_AFTER.sub('', suffix)} …"


@dataclass(frozen=True)
class Group:
    """The suggestions of one source on this page; `count` are all that are open there.

    From MOST_AT_ONCE on it is only known that there are more.
    """

    source: Source
    count: int
    rows: Sequence[Row]

    @property
    def at_once(self) -> int:
        return min(self.count, MOST_AT_ONCE)

    @property
    def has_more(self) -> bool:
        return self.count > MOST_AT_ONCE


@dataclass(frozen=True)
class Done:
    """What the person did last, to say it and to offer to undo it."""

    at: datetime
    count: int
    accepted: bool


@require_http_methods(["GET", "HEAD", "POST"])
@members_only()
def suggestions(request: DeskRequest) -> HttpResponse:
    """The open ones by source; posted, a decision. Afterwards `?done=` tells which, by its time."""
    if request.method != "POST":
        return _page(request, done=_time(request.GET.get("done", "")))
    place = _place(request)
    try:
        done = _decide(request)
    except (Conflict, Invalid) as error:
        if not request.htmx:
            raise
        return _page(request, sentence=error.sentence, place=place, status=422)
    if request.htmx:
        return _page(request, done=done, place=place)
    query = {name: request.GET[name] for name in ("before", "after") if name in request.GET}
    address = reverse("suggestions", args=[request.desk.slug])
    kept = urlencode(query | ({"done": done.isoformat()} if done else {}))
    return redirect(f"{address}?{kept}" if kept else address)


def _decide(request: DeskRequest) -> datetime | None:
    """When it was decided; None for what was put back. Raises what the services do."""
    step, chosen = next(
        ((step, chosen) for step in STEPS for chosen in request.POST.getlist(step)), ("", "")
    )
    ids = _chosen(request.desk, request.member, step, chosen)
    if not ids:
        raise Invalid({"ids": [NOTHING]})
    STEPS[step](desk=request.desk, by=request.member, ids=ids)
    return Suggestion.objects.filter(id=ids[0]).values_list("decided_at", flat=True).get()


def _chosen(desk: Desk, by: User, step: str, chosen: str) -> list[UUID]:
    """One by its id, the open ones of a source by `source:<id>`, what was decided by its time."""
    if step == "reopen":
        at = _time(chosen)
        return list(decided_at(desk, by, at).values_list("id", flat=True)) if at else []
    kind, _, id = chosen.rpartition(":")
    try:
        wanted = UUID(id)
    except ValueError:
        return []
    if kind != "source":
        return [wanted]
    rows = suggestions_on(desk, source=wanted).order_by("start", "id")
    return list(rows.values_list("id", flat=True)[:MOST_AT_ONCE])


def _page(
    request: DeskRequest,
    *,
    done: datetime | None = None,
    sentence: str = "",
    place: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the list with the focus where the decided one stood."""
    page = _shown(request)
    rows: list[Suggestion] = list(page)
    context = {
        "desk": request.desk,
        "role": request.role,
        "page": page,
        "groups": _groups(request.desk, rows),
        "done": _done(request.desk, request.member, done),
        "sentence": sentence,
        "focus": rows[min(place, len(rows) - 1)].id if rows and place is not None else None,
    }
    template = "_suggestions" if request.htmx else "suggestions"
    return render(request, f"suggestions/{template}.html", context, status=status)


def _shown(request: DeskRequest) -> Page[Suggestion]:
    return page_of(open_in_order(request.desk), BY_PLACE, request.GET, PAGE)


def _place(request: DeskRequest) -> int | None:
    """Where on the page the one stands that is being decided."""
    chosen = request.POST.get("accept") or request.POST.get("dismiss")
    ids = [str(row.id) for row in _shown(request)]
    return ids.index(chosen) if chosen in ids else None


def _groups(desk: Desk, rows: Sequence[Suggestion]) -> list[Group]:
    records = records_of(desk, rows)
    shown = {
        source: [Row(row, records[row.id]) for row in each]
        for source, each in groupby(rows, key=lambda row: row.source)
    }
    counts = open_by_source([source.id for source in shown], most=MOST_AT_ONCE + 1)
    return [Group(source, counts.get(source.id, 0), each) for source, each in shown.items()]


def _done(desk: Desk, by: User, at: datetime | None) -> Done | None:
    rows = list(decided_at(desk, by, at).values_list("state", flat=True)) if at else []
    if not at or not rows:
        return None
    return Done(at, len(rows), accepted=rows[0] == Suggestion.State.ACCEPTED)


def _time(written: str) -> datetime | None:
    try:
        at = parse_datetime(written)
    except ValueError:
        return None
    return at if at and at.tzinfo else None
