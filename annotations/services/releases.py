"""Releases: numbered snapshots of what a desk approved, each chained to the one before."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, DomainError, Invalid
from annotations.exporters import FORMATS
from annotations.models import Desk, EventType, Job, Ledger, Release, ReleaseFile, User
from annotations.policy import Action
from annotations.queries.published import published, published_records
from annotations.services import jobs
from annotations.services.events import record

MANIFEST = "manifest.json"
NOTHING_APPROVED = "Nothing on this desk is approved yet, so there is nothing to release."
LONGEST_NOTES = 5_000  # code points
RELEASE_LOCK = 7_401_002  # first key of a two-key advisory lock; the second names the desk


@dataclass(frozen=True)
class WrittenFile:
    """A file as the manifest names it; `size` in bytes, `sha256` in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """What the files hold: the annotations published once the ledger had reached `seq`."""

    seq: int
    annotation_count: int
    files: list[WrittenFile]


def cut_release(*, desk: Desk, by: User, notes: str = "") -> Job:
    """Leave the cutting to a job. Raises Conflict on a desk without approved annotations, Invalid,
    NotFound, Refused.
    """
    policy.require(by, desk, Action.RELEASE)
    notes = notes.strip()
    if len(notes) > LONGEST_NOTES or "\x00" in notes:
        raise Invalid({"notes": [f"Notes are text of at most {LONGEST_NOTES} characters."]})
    if not published(desk).exists():
        raise Conflict(NOTHING_APPROVED)
    return jobs.enqueue(desk=desk, by=by, type=Job.Type.RELEASE, parameters={"notes": notes})


def run_release(job: Job, lease: UUID) -> None:
    """Write the files of one snapshot, then the rows that name them, all or nothing.

    The files of an attempt have a folder of their own, so those that a killed attempt leaves behind
    are never served. Raises Conflict when nothing is approved, or when another attempt took over.
    """
    policy.require(job.created_by, job.desk, Action.RELEASE)
    jobs.report(job.id, lease, progress=10, step="Writing what is approved")
    folder = f"releases/{job.desk_id}/{lease}"
    with _cutting(job.desk):
        try:
            snapshot = _write_snapshot(job.desk, folder)
            jobs.report(job.id, lease, progress=80, step="Recording the release")
            _record_release(job, lease, snapshot, folder)
        except (DomainError, OSError):  # a commit of unknown outcome is neither
            _remove(folder)
            raise


@contextmanager
def _cutting(desk: Desk) -> Iterator[None]:
    """One at a time on a desk: a later release never holds an earlier snapshot."""
    key = (RELEASE_LOCK, str(desk.id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


def _write_snapshot(desk: Desk, folder: str) -> Snapshot:
    """All formats from one state of the database, while editors and reviewers work on."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seq = Ledger.objects.values_list("seq", flat=True).get(desk=desk)
        count = published(desk).count()
        if not count:
            raise Conflict(NOTHING_APPROVED)
        files = [
            _write(
                folder,
                format.name,
                format.media_type,
                format.export(published_records(desk), base_iri=_base_iri(desk)),
            )
            for format in FORMATS.values()
        ]
    return Snapshot(seq=seq, annotation_count=count, files=files)


@transaction.atomic
def _record_release(job: Job, lease: UUID, snapshot: Snapshot, folder: str) -> None:
    newest = Release.objects.filter(desk=job.desk).order_by("-number").first()
    release = Release(
        desk=job.desk,
        number=newest.number + 1 if newest else 1,
        notes=job.parameters["notes"],
        annotation_count=snapshot.annotation_count,
        previous_sha256=newest.manifest_sha256 if newest else "",
        created_by=job.created_by,
        created_at=timezone.now(),
    )
    manifest = _write(folder, MANIFEST, "application/json", [_manifest(release, snapshot)])
    release.manifest_sha256 = manifest.sha256
    release.save()
    ReleaseFile.objects.bulk_create(
        ReleaseFile(release=release, file=f"{folder}/{file.name}", **asdict(file))
        for file in [*snapshot.files, manifest]  # the manifest closes the release
    )
    note = f"release {release.number}"
    record(desk=job.desk, type=EventType.RELEASE_CUT, actor=job.created_by, note=note)
    jobs.finish(job, lease, release=release)


def _manifest(release: Release, snapshot: Snapshot) -> bytes:
    """What the release is, for whoever checks it; its hash is the next one's `previous_sha256`."""
    content = {
        "desk": release.desk.slug,
        "number": release.number,
        "created_at": _utc(release.created_at),
        "notes": release.notes,
        "ledger_seq": snapshot.seq,
        "annotation_count": snapshot.annotation_count,
        "base_iri": _base_iri(release.desk),
        "previous_sha256": release.previous_sha256,
        "files": [asdict(file) for file in snapshot.files],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _write(folder: str, name: str, media_type: str, pieces: Iterable[bytes]) -> WrittenFile:
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        size = file.tell()
        file.seek(0)
        default_storage.save(f"{folder}/{name}", File(file))
    return WrittenFile(name, media_type, size, digest.hexdigest())


def _remove(folder: str) -> None:
    for name in [*(format.name for format in FORMATS.values()), MANIFEST]:
        default_storage.delete(f"{folder}/{name}")


def _base_iri(desk: Desk) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/desks/{desk.slug}"


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
