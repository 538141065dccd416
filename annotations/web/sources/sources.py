"""The desk's sources, and the form that imports one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from annotations.errors import Invalid
from annotations.policy import Action
from annotations.queries.sources import sources_of
from annotations.services.sources import start_import
from annotations.web.access import DeskRequest, members_only
from annotations.web.paging import Key, page_of
from annotations.web.sources.forms import ImportForm

PAGE = 50
BY_TIME = (Key("time", "created_at"), Key("id", "id"))


@require_safe
@members_only()
def sources(request: DeskRequest) -> HttpResponse:
    page = page_of(sources_of(request.desk), BY_TIME, request.GET, PAGE, descending=True)
    context = {"desk": request.desk, "role": request.role, "page": page}
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Action.IMPORT)
def source_import(request: DeskRequest) -> HttpResponse:
    """The empty form; posted, the job that imports, or the form again with what is wrong."""
    if request.method != "POST":
        return _form(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            job = start_import(
                desk=request.desk,
                by=request.member,
                provenance=form.provenance(),
                upload=form.upload(),
            )
        except Invalid as error:
            form.take(error)
        else:
            return _go(request, reverse("job", args=[request.desk.slug, job.id]))
    return _form(request, form, status=422)


def _form(request: DeskRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    template = "sources/_import_form.html" if request.htmx else "sources/import.html"
    context = {"desk": request.desk, "role": request.role, "form": form}
    return render(request, template, context, status=status)


def _go(request: DeskRequest, url: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)
