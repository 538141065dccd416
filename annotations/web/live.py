"""What happens to a source's annotations, as Server-Sent Events (WHATWG HTML, §9.2).

A stream holds no database connection while it waits. One connection of the process LISTENs and
wakes the streams of the desk on which something happened; each then reads the ledger after the last
event it sent, so nothing is skipped however often it or the listener was cut.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from annotations import policy
from annotations.models import Annotation, Desk, User
from annotations.policy import Action
from annotations.queries.annotations import work_documents
from annotations.queries.desks import desk_for
from annotations.queries.events import events_after
from annotations.queries.sources import source_on
from annotations.web.listening import Hub

HEARTBEAT = 15.0  # seconds; the right to read is checked anew as often
MOST_STREAMS = 12  # of one person in this process
BATCH = 500

hub = Hub()


@dataclass
class Reader:
    """Somebody who watches a source, and the last event they have seen."""

    user_id: UUID
    session: SessionBase
    desk: Desk
    source_id: UUID
    seen: int


@require_GET
async def stream(request: HttpRequest, desk: str, source: UUID) -> HttpResponseBase:
    """Events after `Last-Event-ID` or `?after`, then each as it happens, while one may read."""
    user = await request.auser()
    if not isinstance(user, User):
        return HttpResponse("Sign in first.\n", status=401, content_type="text/plain")
    after = _cursor(request)
    if after is None:
        return HttpResponse("The cursor is not a number.\n", status=400, content_type="text/plain")
    if hub.count(user.pk) >= MOST_STREAMS:
        return HttpResponse("Too many open streams.\n", status=429, content_type="text/plain")
    on_desk = await _admit(user, desk, source)
    reader = Reader(user.pk, request.session, on_desk, source, after)
    return StreamingHttpResponse(
        _messages(reader),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _messages(reader: Reader) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    with hub.subscribe(reader.desk.pk, reader.user_id) as bell:
        yield "retry: 1000\n\n"
        checked = clock()
        while not hub.stopped:
            bell.clear()
            if clock() - checked >= HEARTBEAT:
                if not await _may_still_read(reader):
                    return
                checked = clock()
            batch = await _news(reader)
            for message in batch:
                yield message
            if len(batch) < BATCH and not await bell.rings_within(HEARTBEAT):
                yield ": still here\n\n"


def _cursor(request: HttpRequest) -> int | None:
    named = request.headers.get("Last-Event-ID") or request.GET.get("after") or "0"
    return int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None


@sync_to_async
def _admit(user: User, slug: str, source_id: UUID) -> Desk:
    """The desk, if this person may read it and the source is there. Raises NotFound, Refused."""
    try:
        desk, _ = desk_for(user, slug)
        source_on(desk, source_id)
        return desk
    finally:
        connection.close()


@sync_to_async
def _may_still_read(reader: Reader) -> bool:
    """Whether the session lives and its person is still a member."""
    request = HttpRequest()
    request.session = type(reader.session)(reader.session.session_key)
    try:
        user: Any = get_user(request)
        known = user if isinstance(user, User) else AnonymousUser()
        return policy.allows(policy.role_on(reader.desk, known), Action.READ_WORK)
    finally:
        connection.close()


@sync_to_async
def _news(reader: Reader) -> list[str]:
    """The next messages; moves the reader's cursor on."""
    try:
        events = events_after(reader.source_id, reader.seen, limit=BATCH)
        if not events:
            return []
        ids = {event.annotation_id for event in events if event.annotation_id}
        documents = work_documents(Annotation.objects.filter(id__in=ids))
    finally:
        connection.close()
    by_id = {str(document["id"]): document for document in documents}
    reader.seen = events[-1].seq
    return [
        _message(
            event.seq,
            {
                "seq": event.seq,
                "type": event.type,
                "by": event.actor_id,
                "annotation": by_id[str(event.annotation_id)],
            },
        )
        for event in events
    ]


def _message(seq: int, data: dict[str, Any]) -> str:
    body = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return f"id: {seq}\nevent: annotation\ndata: {body}\n\n"
