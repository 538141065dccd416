"""Releases: the list, the cut, one release and its files."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from annotations import byte_ranges, policy
from annotations.errors import Invalid
from annotations.models import Annotation
from annotations.policy import Action
from annotations.queries.published.annotations import published_count
from annotations.queries.published.releases import release_file_on, release_on, releases_of
from annotations.queries.published.retractions import differences_from_the_one_before
from annotations.services.releases.cut import cut_release
from annotations.web.access import DeskRequest, members_only, strangers_read
from annotations.web.paging import Key, page_of
from annotations.web.release_changes import changes_of
from annotations.web.releases.forms import ReleaseForm

PAGE = 30
BY_NUMBER = (Key("number", "number"),)
SHOWN = 50  # differences on the page; the API has all


@require_http_methods(["GET", "HEAD", "POST"])
@strangers_read("read_releases")
@members_only()
def releases(request: DeskRequest) -> HttpResponse:
    """The list; a manager posts the notes of the next one and gets the job that cuts it."""
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        policy.require(request.member, request.desk, Action.RELEASE)
        if form.is_valid():
            try:
                notes = form.cleaned_data["notes"]
                job = cut_release(desk=request.desk, by=request.member, notes=notes)
            except Invalid as error:
                form.take(error)
            else:
                return redirect("job", request.desk.slug, job.id)
    context = {
        "desk": request.desk,
        "role": request.role,
        "form": form,
        "page": page_of(releases_of(request.desk), BY_NUMBER, request.GET, PAGE, descending=True),
        "published_count": published_count(request.desk),
    }
    status = 422 if form.errors else 200
    return render(request, "releases/list.html", context, status=status)


@require_safe
@strangers_read("read_release")
@members_only()
def release(request: DeskRequest, number: int) -> HttpResponse:
    """With what it says otherwise than the release before, of which some is shown."""
    found = release_on(request.desk, number)
    differences = differences_from_the_one_before(found, limit=SHOWN)
    context = {
        "desk": request.desk,
        "role": request.role,
        "release": found,
        "differences": differences,
        "changes": changes_of(differences, _address),
    }
    return render(request, "releases/release.html", context)


def _address(annotation: Annotation) -> str:
    page = reverse("annotate", args=[annotation.desk.slug, annotation.source_id])
    return f"{page}#a={annotation.id}"


@require_safe
@strangers_read("api:release-file")
@members_only()
def release_file(request: DeskRequest, number: int, name: str) -> HttpResponseBase:
    """The file as it was cut, to be kept; whole or in part."""
    file = release_file_on(release_on(request.desk, number), name)
    known = get_conditional_response(request, etag=byte_ranges.etag_of(file))
    return known or byte_ranges.download(request, file, is_public=False)
