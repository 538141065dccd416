"""What was approved, corrected and withdrawn last: Atom (RFC 4287) and JSON Feed 1.1.

An annotation is one entry, by the id that it keeps; a correction or a retraction updates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks

from annotations.exporters.corpora.xml_words import sayable
from annotations.models import Desk, Kind
from annotations.queries.published.changes import latest_changes
from annotations.queries.published.reading import Note, notes_of
from annotations.web.reading.public_pages import public

ENTRIES = 50
JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True)
class Entry:
    id: str
    link: str
    title: str
    text: str
    updated: datetime
    published: datetime
    author: str
    tags: list[str]


class _Feed(Atom1Feed):
    """Django says of a feed without entries that it was updated just now, each time anew."""

    begun: datetime

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.begun


@public
def atom(request: HttpRequest, desk: Desk) -> HttpResponse:
    address = settings.PUBLIC_URL + request.path
    feed = _Feed(
        title=sayable(_title(desk)),
        link=_home(desk),
        description="",
        subtitle="What this desk approved, corrected and withdrew last.",
        feed_url=address,
        feed_guid=address,
        author_name=sayable(desk.name),
    )
    feed.begun = desk.created_at
    for entry in _entries(desk):
        feed.add_item(
            title=sayable(entry.title),
            link=entry.link,
            description=sayable(linebreaks(entry.text, autoescape=True)),  # readers take it as HTML
            unique_id=entry.id,
            pubdate=entry.published,
            updateddate=entry.updated,
            author_name=sayable(entry.author or desk.name),
            categories=[sayable(tag) for tag in entry.tags],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@public
def json_feed(request: HttpRequest, desk: Desk) -> HttpResponse:
    document = {
        "version": JSON_FEED,
        "title": _title(desk),
        "home_page_url": _home(desk),
        "feed_url": settings.PUBLIC_URL + request.path,
        "items": [_item(entry) for entry in _entries(desk)],
    }
    return JsonResponse(document, content_type="application/feed+json")


def _entries(desk: Desk) -> list[Entry]:
    changes = latest_changes(desk, ENTRIES)
    notes = notes_of(desk, [each["annotation"] for each in changes if each["annotation"]])
    by_id = {note.id: note for note in notes}
    return [_entry(desk, change, by_id.get(change["id"])) for change in changes]


def _entry(desk: Desk, change: dict[str, Any], note: Note | None) -> Entry:
    link = settings.PUBLIC_URL + reverse("read_passage", args=[desk.slug, change["id"]])
    id, at = f"urn:uuid:{change['id']}", change["at"]
    if note is None:
        reason = (change["retraction"] or {}).get("reason") or "It is not published any more."
        return Entry(id, link, "Withdrawn", reason, at, at, "", ["withdrawn"])
    created = parse_datetime(note.document["created_at"]) or at
    words = f"“{note.words}” – {note.source.title}"
    told = note.document["fields"].get("normalized") if note.kind == Kind.CLAIM else ""
    return Entry(
        id=id,
        link=link,
        title=f"{note.kind.label}: {note.name[:120]}",
        text=f"{told}\n{words}" if told else words,
        updated=at,
        published=min(created, at),
        author=note.document["author"]["name"],
        tags=[note.kind.value, note.label],
    )


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "tags": entry.tags,
    }
    return item | ({"authors": [{"name": entry.author}]} if entry.author else {})


def _title(desk: Desk) -> str:
    return f"{desk.name}: approved passages"


def _home(desk: Desk) -> str:
    return settings.PUBLIC_URL + reverse("read", args=[desk.slug])
