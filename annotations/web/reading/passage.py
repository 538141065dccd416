"""One passage: a page of its own, a card for other people's pages, and how they may ask for it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from annotations.errors import NotFound
from annotations.models import Desk
from annotations.queries.desks import public_desk
from annotations.queries.published.annotations import published, published_documents
from annotations.queries.published.changes import retraction_of
from annotations.queries.published.reading import Note, linked_data, notes_of
from annotations.web.reading.public_pages import Context, public, whole_number

CARD = (560, 340)  # pixels; css/card.css cuts long words so that every card fits
NARROWEST, LOWEST = 240, 200  # pixels that may be asked for


@public
def passage(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    context = _context(desk, id)
    if note := context.get("note"):
        context["linked_data"] = linked_data(desk, [note])
        context["embedding"] = _embedding(desk, id, note)
    return _rendered(request, "reading/passage.html", context)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})
@public
def card(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """No script, nothing from elsewhere, no cookie; may stand in a frame of any page."""
    return _rendered(request, "reading/card.html", _context(desk, id))


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """The card of the page at `url` (https://oembed.com, §2.3.4.4); JSON alone."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=HTTPStatus.NOT_IMPLEMENTED)
    try:
        found = resolve(urlsplit(request.GET.get("url", "")).path)
    except (Resolver404, ValueError) as error:
        raise NotFound("There is no passage at this address.") from error
    if found.url_name != "read_passage":
        raise NotFound("There is no passage at this address.")
    desk = public_desk(found.kwargs["desk"])
    context = _context(desk, found.kwargs["id"])
    if "note" not in context:
        raise NotFound("This passage was withdrawn.")
    note: Note = context["note"]
    size = (
        _at_most(request.GET.get("maxwidth"), CARD[0], NARROWEST),
        _at_most(request.GET.get("maxheight"), CARD[1], LOWEST),
    )
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": note.name,
            "provider_name": desk.name,
            "provider_url": settings.PUBLIC_URL + reverse("read", args=[desk.slug]),
            "html": _embedding(desk, found.kwargs["id"], note, size),
            "width": size[0],
            "height": size[1],
        }
    )


def _context(desk: Desk, id: UUID) -> Context:
    """With the `note`, or with the `retraction` of what was published. Raises NotFound."""
    documents = published_documents(published(desk).filter(id=id))
    if documents:
        return {"desk": desk, "note": notes_of(desk, documents)[0]}
    if retraction := retraction_of(desk, id):
        return {"desk": desk, "retraction": retraction}
    raise NotFound("There is no such published passage.")


def _rendered(request: HttpRequest, template: str, context: Context) -> HttpResponse:
    status = HTTPStatus.OK if "note" in context else HTTPStatus.GONE
    return render(request, template, context, status=status)


def _at_most(written: str | None, length: int, least: int) -> int:
    """The length, or what is asked for if it is less. Raises NotFound for what is no number."""
    return max(least, min(length, whole_number(written, length)))


def _embedding(desk: Desk, id: UUID, note: Note, size: tuple[int, int] = CARD) -> str:
    """HTML that shows the card on another page."""
    address = settings.PUBLIC_URL + reverse("read_card", args=[desk.slug, id])
    width, height = size
    context = {"address": address, "name": note.name, "width": width, "height": height}
    return render_to_string("reading/_embedding.html", context).strip()
