"""A text with its approved tags, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from annotations.errors import NotFound
from annotations.models import Desk, Revision, Source
from annotations.queries.published.annotations import (
    published_document_on,
    published_source_on,
    published_text,
)
from annotations.queries.published.reading import Note, documents_of_text, linked_data, notes_of
from annotations.text.blocks import sheets_of
from annotations.text.marking import Mark, Segment, segments
from annotations.web.reading.public_pages import public, whole_number

SHEET = 20_000  # code points, and up to a block more
MOST_NOTES = 1_000  # of a sheet; the API has all


@dataclass(frozen=True)
class Stretch:
    """A segment with the annotation that it leads to, and those that begin here."""

    text: str
    note: Note | None
    begins: Sequence[str]
    depth: int


@public
def article(request: HttpRequest, desk: Desk, source: UUID) -> HttpResponse:
    found = published_source_on(desk, source)
    number = request.GET.get("text")
    revision = published_text(found, whole_number(number, 0) if number else None)
    sheets = list(sheets_of(revision.text, SHEET))
    at = whole_number(request.GET.get("page"), 1)
    if not 1 <= at <= len(sheets):
        raise NotFound("This text has no such page.")
    first = sum(len(sheet) for sheet in sheets[: at - 1])
    sheet = sheets[at - 1]
    last = first + len(sheet)
    documents = documents_of_text(desk, revision, first, last, MOST_NOTES)
    notes = notes_of(desk, documents)
    context = {
        "desk": desk,
        "source": found,
        "revision": revision,
        "stretches": list(_stretches(sheet, first, notes)),
        "notes": notes,
        "is_cut": len(notes) == MOST_NOTES,
        "sheet": at,
        "sheets": len(sheets),
        "linked_data": [_work(request, found), *linked_data(desk, notes)],
    }
    return render(request, "reading/article.html", context)


@public
def in_text(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:  # noqa: ARG001
    """To the sheet of the text where the annotation begins."""
    document = published_document_on(desk, id)
    source = published_source_on(desk, UUID(document["source"]))
    revision = published_text(source, document["revision"])
    return HttpResponseRedirect(_address(desk, revision, document))


def _address(desk: Desk, revision: Revision, document: dict[str, Any]) -> str:
    start, end = document["spans"][0]["start"], 0
    sheet = 0
    for text in sheets_of(revision.text, SHEET):
        end += len(text)
        sheet += 1
        if start < end:
            break
    query = f"?text={revision.number}" + (f"&page={sheet}" if sheet > 1 else "")
    path = reverse("read_source", args=[desk.slug, document["source"]])
    return f"{path}{query}#a-{document['id']}"


def _stretches(sheet: str, first: int, notes: Sequence[Note]) -> Iterator[Stretch]:
    by_id = {note.id: note for note in notes}
    marks = [
        Mark(span["start"], span["end"], note.id)
        for note in notes
        for span in note.document["spans"]
    ]
    begun: set[str] = set()
    for segment in segments(sheet, marks, first):
        new = [owner for owner in dict.fromkeys(segment.owners) if owner not in begun]
        begun.update(new)
        yield _stretch(segment, by_id, new)


def _stretch(segment: Segment, by_id: dict[str, Note], new: Sequence[str]) -> Stretch:
    note = by_id[segment.owners[0]] if segment.owners else None
    return Stretch(segment.text, note, new, len(segment.owners))


def _work(request: HttpRequest, source: Source) -> dict[str, Any]:
    """The text itself (https://schema.org/CreativeWork)."""
    said = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": request.build_absolute_uri(request.path),
        "name": source.title,
        "url": source.url,
        "author": source.author,
        "publisher": source.publisher,
        "datePublished": source.published_on and source.published_on.isoformat(),
        "inLanguage": source.language,
        "license": source.licence,
    }
    return {name: value for name, value in said.items() if value}
