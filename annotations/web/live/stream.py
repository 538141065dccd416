"""What happens to sources, as Server-Sent Events (WHATWG HTML, §9.2).

A stream holds neither a thread nor a database connection while it waits. It looks up what happened
after the reader's cursor once, by itself; from then on the hub puts what is new into its mailbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from annotations.models import Desk, User
from annotations.models.identity import new_id
from annotations.queries.desks import desk_for
from annotations.queries.live.activity import newest_event
from annotations.queries.live.event_messages import News, happened_on_source, news_of
from annotations.queries.live.presence import people_on
from annotations.queries.sources import readable_sources, source_on
from annotations.services.open_streams import open_streams
from annotations.web.live.hub import BATCH, hub, in_background, in_thread
from annotations.web.live.mailbox import Mailbox
from annotations.web.live.presence_batch import PresenceBatch
from annotations.web.live.subscriptions import Reader

HEARTBEAT = 15.0  # seconds
MOST_STREAMS = 12  # of one person
MOST_SOURCES = 20  # of one stream


@dataclass
class Watch:
    """A reader, what is known of the desks, and the last event seen of each source."""

    reader: Reader
    heads: dict[UUID, int]
    seen: dict[UUID, int]
    refused: Collection[UUID] = ()
    id: UUID = field(default_factory=new_id)


@require_GET
def stream(request: HttpRequest, desk: str, source: UUID) -> HttpResponseBase:
    """Events after `Last-Event-ID` or `?after`, then each as it happens, while one may read."""
    user = request.user
    if not isinstance(user, User):
        return _refusal("Sign in first.", 401)
    after = _number(request.headers.get("Last-Event-ID") or request.GET.get("after") or "0")
    if after is None:
        return _refusal("The cursor is not a number.", 400)
    on_desk, _ = desk_for(user, desk)
    source_on(on_desk, source)
    return _streamed(request, user, [on_desk], {source: after})


@require_GET
def shared_stream(request: HttpRequest) -> HttpResponseBase:
    """`?on=<source>:<cursor>&on=…`: the same for several sources at once, of any desks.

    `as` is the person whom the page belongs to: a stream for somebody else is refused. Sources that
    one may not read are named by an event `refused` each.
    """
    user = request.user
    if not isinstance(user, User):
        return _refusal("Sign in first.", 401)
    if request.GET.get("as", str(user.pk)) != str(user.pk):
        return _refusal("Another account is signed in now.", 403)
    asked = _asked(request.GET.getlist("on"))
    if not asked or len(asked) > MOST_SOURCES:
        return _refusal(f"Name 1 to {MOST_SOURCES} sources: on=<source>:<cursor>.", 400)
    readable = readable_sources(user, asked)
    if not readable:
        return _refusal("None of these sources is yours to read.", 404)
    desks = list({source.desk_id: source.desk for source in readable}.values())
    seen = {source.pk: asked[source.pk] for source in readable}
    return _streamed(request, user, desks, seen, refused=asked.keys() - seen.keys())


def _asked(named: list[str]) -> dict[UUID, int]:
    """The cursor of each source; nothing when something is no source with a cursor."""
    asked = {}
    for each in named:
        source, _, number = each.partition(":")
        cursor = _number(number)
        try:
            asked[UUID(source)] = -1 if cursor is None else cursor
        except ValueError:
            return {}
    return {} if -1 in asked.values() else asked


def _streamed(
    request: HttpRequest,
    user: User,
    desks: list[Desk],
    seen: dict[UUID, int],
    refused: Collection[UUID] = (),
) -> HttpResponseBase:
    heads = {desk.pk: newest_event(desk) for desk in desks}
    key = request.session.session_key or ""
    watch = Watch(Reader(user.pk, key, frozenset(heads), frozenset(seen)), heads, seen, refused)
    if not _may_begin(watch):
        return _refusal("Too many open streams.", 429)
    return StreamingHttpResponse(
        _messages(watch),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _may_begin(watch: Watch) -> bool:
    """Whether the person has fewer open than they may, here and in all other processes."""
    user, shared = watch.reader.user_id, open_streams()
    if hub.count(user) >= MOST_STREAMS:
        return False
    count = shared.begin(user, watch.id) if shared else None
    if shared and count is not None and count > MOST_STREAMS:
        shared.end(user, watch.id)
        return False
    return True


async def _messages(watch: Watch) -> AsyncIterator[bytes]:
    user, shared = watch.reader.user_id, open_streams()
    kept = _now()
    try:
        async with aclosing(_told(watch)) as told:
            async for message in told:
                yield message
                if shared and _now() - kept >= HEARTBEAT:
                    kept = _now()
                    in_background(shared.keep, user, watch.id)
    finally:
        if shared:
            in_background(shared.end, user, watch.id)


async def _told(watch: Watch) -> AsyncGenerator[bytes, None]:
    with hub.subscribe(watch.reader, watch.heads) as box:
        yield b"retry: 1000\n\n"
        for source in watch.refused:
            yield f'event: refused\ndata: {{"source":"{source}"}}\n\n'.encode()
        while not box.closed:
            if box.behind:
                async for missed in _missed(watch, box):
                    yield missed
            began = _now()
            await box.wait(HEARTBEAT)
            messages = b"" if box.closed else box.take(watch.seen)
            if messages:
                yield messages
            elif _now() - began >= HEARTBEAT:
                yield b": still here\n\n"


async def _missed(watch: Watch, box: Mailbox) -> AsyncIterator[bytes]:
    """What happened until now after what was seen; what happens meanwhile waits in the box."""
    box.catch_up()
    for source in watch.seen:
        more = True
        while more and not box.closed:
            news, last, more = await in_thread(_after, source, watch.seen[source])
            watch.seen[source] = last
            if news and await hub.check([box]):
                yield b"".join(each.message for each in news)
        people = await in_thread(people_on, source)
        if people and await hub.check([box]):
            yield PresenceBatch.of(source, people).message()


def _after(source: UUID, seen: int) -> tuple[list[News], int, bool]:
    """The next messages, the number up to which they go, and whether there may be more."""
    happened = happened_on_source(source, seen, BATCH)
    last = happened[-1].seq if happened else seen
    return news_of(happened), last, len(happened) == BATCH


def _number(named: str) -> int | None:
    return int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None


def _refusal(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain")


def _now() -> float:
    return asyncio.get_running_loop().time()
