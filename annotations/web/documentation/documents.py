"""The guide to the API, as the documents of this version have it, to be read on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCUMENTS = Path(settings.BASE_DIR) / "docs"
CLIENT = DOCUMENTS / "client" / "imprimatur.py"
PAGES = {"api": "api.md", "releases": "releases.md"}
WRITTEN_ADDRESS = "http://127.0.0.1:8000"  # in the examples


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str


@dataclass(frozen=True)
class Page:
    title: str
    sections: tuple[Section, ...]
    body: SafeString


@require_safe
def guide(request: HttpRequest, name: str = "api") -> HttpResponse:
    if name not in PAGES:
        raise Http404
    return render(request, "guide/guide.html", {"page": page(name, settings.PUBLIC_URL)})


@require_safe
def client_module(request: HttpRequest) -> FileResponse:  # noqa: ARG001
    """The typed client, to keep beside one's program."""
    return FileResponse(CLIENT.open("rb"), as_attachment=True, content_type="text/x-python")


@cache
def page(name: str, site: str) -> Page:
    """A document as HTML, whose examples ask this site; HTML that is written in it is escaped."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = (DOCUMENTS / PAGES[name]).read_text(encoding="utf-8").replace(WRITTEN_ADDRESS, site)
    tokens = markdown.parse(text)
    title = tokens[1].content
    body = tokens[3:]
    sections = tuple(_anchored(body))
    for token in body:
        if token.type in ("code_block", "fence"):
            token.attrSet("tabindex", "0")  # so that it can be scrolled by keys
        for child in token.children or []:
            _led(child)
    html = markdown.renderer.render(body, markdown.options, {})
    return Page(title, sections, mark_safe(html))  # noqa: S308  # our own documents, HTML escaped


def _anchored(tokens: Sequence[Token]) -> Iterator[Section]:
    """Gives each heading an id, by its words, and yields those of the second level."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            anchor = re.sub(r"[^\w]+", "-", inline.content.lower()).strip("-")
            opening.attrSet("id", anchor)
            if opening.tag == "h2":
                yield Section(anchor, inline.content)


def _led(token: Token) -> None:
    """Links to other documents lead to their pages here; to what is no page, to nothing."""
    target = str(token.attrGet("href") or "")
    if token.type != "link_open" or target.startswith(("https://", "#")):
        return
    document, _, anchor = target.partition("#")
    addresses = {file: reverse("guide", args=[name]) for name, file in PAGES.items()}
    addresses["client/imprimatur.py"] = reverse("guide_client")
    if document in addresses:
        token.attrSet("href", addresses[document] + (f"#{anchor}" if anchor else ""))
    else:
        del token.attrs["href"]
