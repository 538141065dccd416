"""A desk's releases."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from annotations.errors import NotFound
from annotations.models import Desk, Release, ReleaseFile


def releases_of(desk: Desk) -> QuerySet[Release]:
    """Newest first, each with its files."""
    files = Prefetch("files", ReleaseFile.objects.order_by("name"))
    return (
        Release.objects.filter(desk=desk)
        .select_related("created_by")
        .prefetch_related(files)
        .order_by("-number")
    )


def release_on(desk: Desk, number: int | None) -> Release:
    """The release of this number, the newest for None. Raises NotFound."""
    releases = releases_of(desk) if number is None else releases_of(desk).filter(number=number)
    release = releases.first()
    if release is None:
        raise NotFound("There is no such release.")
    return release


def release_file_on(release: Release, name: str) -> ReleaseFile:
    """Raises NotFound."""
    files = {file.name: file for file in release.files.all()}
    if name not in files:
        raise NotFound("This release has no such file.")
    return files[name]
