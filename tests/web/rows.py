"""Rows that only the tests of pages need."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.utils import timezone

from annotations.models import Desk, Ledger, Release, ReleaseFile, Role
from tests.factories import member

MANIFEST = b'{"files": []}'


def make_release(desk: Desk) -> Release:
    """A release with one file, as the job leaves it (which needs a transaction of its own)."""
    sha256 = hashlib.sha256(MANIFEST).hexdigest()
    newest = desk.releases.order_by("number").last()
    release = Release.objects.create(
        desk=desk,
        number=newest.number + 1 if newest else 1,
        notes="As approved so far.",
        annotation_count=1,
        ledger_seq=Ledger.objects.get(desk=desk).seq,
        manifest_sha256=sha256,
        previous_sha256=newest.manifest_sha256 if newest else "",
        created_by=member(desk, Role.MANAGER),
        created_at=timezone.now(),
    )
    ReleaseFile.objects.create(
        release=release,
        name="manifest.json",
        media_type="application/json",
        size=len(MANIFEST),
        sha256=sha256,
        file=ContentFile(MANIFEST, "manifest.json"),
    )
    return release
