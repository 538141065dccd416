"""Releases: numbered snapshots of what a desk approved, each chained to the one before."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from annotations import policy
from annotations.database_names import AdvisoryLock
from annotations.errors import Conflict, Invalid
from annotations.exporters.package import citation, datapackage
from annotations.exporters.package.citation import Work
from annotations.exporters.package.datapackage import Resource
from annotations.models import Desk, EventType, Job, Release, ReleaseFile, User
from annotations.policy import Action
from annotations.queries.published.annotations import published, publisher_of
from annotations.services import jobs
from annotations.services.deadlines import Deadline
from annotations.services.ledger import record
from annotations.services.releases.files import (
    NOTHING_APPROVED,
    READING,
    Snapshot,
    WrittenFile,
    desks_with_files,
    finish,
    folder_of,
    remove,
    remove_leftovers,
    write,
    write_snapshot,
)

MANIFEST = "manifest.json"
LONGEST_NOTES = 5_000  # code points
ENDING = 1.0  # seconds for a release to give its lock back once its rows are there
RECORDING = "Recording the release"
WRITTEN = 90  # per cent, when the files are there


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

    The files of an attempt have a folder of their own, which gets its name once all of it is on
    disk; what a killed attempt left behind is removed by the next one, or by the scheduler. Raises
    Conflict when nothing is approved, or when another attempt took over; jobs.Later while another
    release of the desk is written.
    """
    policy.require(job.created_by, job.desk, Action.RELEASE)
    folder = folder_of(job.desk_id, lease)
    with _cutting(job.desk_id), jobs.held(job.id, lease, step=READING) as attempt:
        remove_leftovers(job.desk)
        try:
            told = partial(_tell, attempt)
            snapshot = write_snapshot(job.desk, folder, publisher_of(job.desk), told)
            attempt.reached(WRITTEN, RECORDING)
            _record_release(job, lease, snapshot, folder)
        except DatabaseError:  # the rows may have been committed all the same
            raise
        except Exception:
            remove(folder)
            raise


def remove_all_leftovers() -> None:
    """Of attempts that were killed, on all desks where no release is written just now."""
    for desk in Desk.objects.filter(id__in=desks_with_files()):
        with suppress(jobs.Later), _cutting(desk.id):
            remove_leftovers(desk)


def _tell(attempt: jobs.Attempt, share: float, step: str) -> None:
    attempt.reached(max(1, int(WRITTEN * share)), step)


@contextmanager
def _cutting(desk_id: UUID) -> Iterator[None]:
    """One at a time on a desk: a later release never holds an earlier snapshot. Raises jobs.Later.

    Another one is not waited for, which would keep a worker from all else, but for the moment in
    which it ends. Two are not begun at once, unless an attempt has lost its lease and goes on.
    """
    key = (AdvisoryLock.RELEASE, str(desk_id))
    end = Deadline(ENDING)
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key)
            if cursor.fetchone()[0]:
                break
            if end.is_over:
                raise jobs.Later(jobs.ANOTHER_RELEASE)
            time.sleep(ENDING / 20)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


@transaction.atomic
def _record_release(job: Job, lease: UUID, snapshot: Snapshot, folder: str) -> None:
    newest = Release.objects.filter(desk=job.desk).order_by("-number").first()
    release = Release(
        desk=job.desk,
        number=newest.number + 1 if newest else 1,
        notes=job.parameters["notes"],
        annotation_count=snapshot.annotation_count,
        ledger_seq=snapshot.seq,
        previous_sha256=newest.manifest_sha256 if newest else "",
        created_by=job.created_by,
        created_at=timezone.now(),
    )
    files = [*snapshot.files, *_write_descriptions(release, snapshot.files, folder)]
    said = _manifest(release, files)
    manifest = write(folder, MANIFEST, "application/json", [said])
    finish(folder)
    release.manifest_sha256 = manifest.sha256
    release.save()
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            file=f"{folder}/{file.name}",
        )
        for file in [*files, manifest]  # the manifest closes the release
    )
    note = f"release {release.number}"
    record(desk=job.desk, type=EventType.RELEASE_CUT, actor=job.created_by, note=note)
    jobs.finish(job, lease, release=release)


def _write_descriptions(
    release: Release, files: list[WrittenFile], folder: str
) -> Iterator[WrittenFile]:
    """How to cite the release, and what its files are to data tools."""
    work = Work(
        desk=release.desk.slug,
        desk_name=release.desk.name,
        number=release.number,
        date=_utc(release.created_at),
        address=f"{publisher_of(release.desk).base_iri}/releases/{release.number}",
        annotation_count=release.annotation_count,
    )
    resources = [Resource(each.name, each.media_type, each.size, each.sha256) for each in files]
    package = datapackage.content(work, resources)
    yield write(folder, datapackage.NAME, datapackage.MEDIA_TYPE, [package])
    yield write(folder, citation.CFF_NAME, citation.CFF_MEDIA_TYPE, [citation.cff(work)])
    yield write(folder, citation.BIBTEX_NAME, citation.BIBTEX_MEDIA_TYPE, [citation.bibtex(work)])


def _manifest(release: Release, files: list[WrittenFile]) -> bytes:
    """What the release is, for whoever checks it; its hash is the next one's `previous_sha256`."""
    content = {
        "desk": release.desk.slug,
        "number": release.number,
        "created_at": _utc(release.created_at),
        "notes": release.notes,
        "ledger_seq": release.ledger_seq,
        "annotation_count": release.annotation_count,
        "base_iri": publisher_of(release.desk).base_iri,
        "previous_sha256": release.previous_sha256,
        "files": [asdict(file) for file in files],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
