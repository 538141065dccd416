"""Who claims what, who said what, and who is spoken of."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.models import IS_UNNAMED, SPEAKER_KEY, Concern, Desk, FieldDefinition, Kind
from annotations.queries.desks import codebook_of
from annotations.queries.published.annotations import published, published_documents
from annotations.queries.published.entities import published_record_on
from annotations.queries.published.reading import (
    Note,
    claims_to_read,
    linked_data,
    notes_of,
    quotes_to_read,
    records_to_read,
    side_by_side,
)
from annotations.web.paging import Key, page_of
from annotations.web.reading.public_pages import page_after, public

BY_NAME = (Key("text", "name"), Key("id", "record_id"))
BY_SPEAKER = (
    Key("flag", IS_UNNAMED),
    Key("text", SPEAKER_KEY),
    Key("id", "annotation_id"),
)
CLAIMS = 30
QUOTES = 50
ENTITIES = 100
OF_EACH_KIND = 50  # on the page of an entity; the API has all
LONGEST_SEARCH = 200  # code points


@public
def claims(request: HttpRequest, desk: Desk) -> HttpResponse:
    verdicts = _verdicts(desk)
    verdict = request.GET.get("verdict", "")
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    disputed = request.GET.get("disputed") == "1"
    rows = claims_to_read(desk, verdict=verdict if verdict in verdicts else "", disputed=disputed)
    after = request.GET.get("after")
    ids, last = page_after(rows, after, CLAIMS, words=words, kind=Kind.CLAIM)
    notes = _notes(desk, ids)
    context = {
        "desk": desk,
        "rows": side_by_side(notes),
        "last": last,
        "verdicts": verdicts,
        "verdict": verdict,
        "q": words,
        "disputed": disputed,
        "is_filtered": bool(verdict or words or disputed),
        "linked_data": linked_data(desk, notes),
    }
    return render(request, "reading/claims.html", context)


@public
def quotes(request: HttpRequest, desk: Desk) -> HttpResponse:
    page = page_of(quotes_to_read(desk), BY_SPEAKER, request.GET, QUOTES)
    notes = _notes(desk, [row.annotation_id for row in page])
    context = {"desk": desk, "page": page, "notes": notes, "linked_data": linked_data(desk, notes)}
    return render(request, "reading/quotes.html", context)


@public
def entities(request: HttpRequest, desk: Desk) -> HttpResponse:
    page = page_of(records_to_read(desk), BY_NAME, request.GET, ENTITIES)
    return render(request, "reading/entities.html", {"desk": desk, "page": page})


@public
def entity(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    record = published_record_on(desk, id).record
    rows = Concern.objects.filter(record=record).order_by("annotation")
    ids = [each for kind in Kind for each in _ids(rows.filter(kind=kind))]
    notes = _notes(desk, ids)
    context = {
        "desk": desk,
        "record": record,
        "mentions": [note for note in notes if note.record == record],
        "quotes": [note for note in notes if note.kind == Kind.QUOTE],
        "claims": [note for note in notes if note.kind == Kind.CLAIM],
        "most": OF_EACH_KIND,
        "linked_data": linked_data(desk, notes),
    }
    return render(request, "reading/entity.html", context)


def _ids(rows: QuerySet[Concern]) -> list[UUID]:
    return list(rows.values_list("annotation_id", flat=True)[:OF_EACH_KIND])


def _notes(desk: Desk, ids: list[UUID]) -> list[Note]:
    """In the order of the ids."""
    found = published_documents(published(desk).filter(id__in=ids))
    documents = {document["id"]: document for document in found}
    return notes_of(desk, [documents[str(id)] for id in ids if str(id) in documents])


def _verdicts(desk: Desk) -> list[str]:
    fields = codebook_of(desk).fields.all()
    found: list[FieldDefinition] = [each for each in fields if each.name == "verdict"]
    return list(found[0].choices) if found else []
