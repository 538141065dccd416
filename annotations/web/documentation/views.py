"""Pages of the documentation, for readers with and without an account."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations.web.documentation import documents, search


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The documents by reader, or the sections that have the words of `q`."""
    query = request.GET.get("q", "")[: search.LONGEST_QUERY].strip()
    if not query:
        return _page(request, documents.CONTENTS)
    found = search.search(query, settings.PUBLIC_URL)
    context = {"query": query, "found": found, "most": search.MOST_FOUND, "groups": _groups()}
    return render(request, "documentation/found.html", context)


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    if name == documents.CONTENTS or name not in documents.DOCUMENTS:
        raise Http404
    return _page(request, name)


@require_safe
def guide(request: HttpRequest, name: str = "guide") -> HttpResponse:
    """The documents about the API, under the address that its own pages name."""
    return document(request, f"api/{name}")


@require_safe
def document_file(
    request: HttpRequest,  # noqa: ARG001
    name: str,
) -> FileResponse | HttpResponseRedirect:
    """A picture, or the typed client, to keep beside one's program."""
    if name in documents.DOCUMENTS:
        return redirect("document", name)
    if name not in documents.FILES:
        raise Http404
    path = documents.FILES[name]
    kind = mimetypes.guess_type(path.name)[0]
    answer = FileResponse(path.open("rb"), as_attachment=kind != "image/png", content_type=kind)
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _page(request: HttpRequest, name: str) -> HttpResponse:
    page = documents.document(name, settings.PUBLIC_URL)
    context = {"page": page, "groups": _groups(), "address": documents.address_of(name)}
    return render(request, "documentation/document.html", context)


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The contents as titles with links."""
    return [
        (group.title, [(documents.address_of(name), _title(name)) for name in group.names])
        for group in documents.contents()
    ]


def _title(name: str) -> str:
    return documents.document(name, settings.PUBLIC_URL).title
