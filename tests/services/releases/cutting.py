"""Desks with something to release, and their releases."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connection

from annotations.models import Desk, Job, Kind, Release, Role
from annotations.services import jobs
from annotations.services.releases.cut import cut_release, run_release
from tests.factories import approved, make_annotation, make_desk, make_source, member, submitted


def a_desk() -> Desk:
    desk = make_desk()
    source = make_source(desk)
    place = approved(make_annotation(source))
    approved(make_annotation(source, kind=Kind.FLAG, spans=[(29, 33)]))
    submitted(make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)]))
    make_annotation(source, kind=Kind.CLAIM)
    assert place.published_id
    return desk


def cut(desk: Desk, notes: str = "") -> Job:
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER), notes=notes)
    jobs.run(job.id, {Job.Type.RELEASE: run_release})
    job.refresh_from_db()
    return job


def content(release: Release, name: str) -> bytes:
    with release.files.get(name=name).file.open() as file:
        return file.read()


def manifest(release: Release) -> dict[str, Any]:
    return json.loads(content(release, "manifest.json"))


def release_of(job: Job) -> Release:
    assert job.state == Job.State.DONE, job.error
    assert job.release is not None
    return job.release


def closing(work: Any) -> None:
    try:
        work()
    finally:
        connection.close()


def in_another_connection(work: Any) -> None:
    thread = Thread(target=lambda: closing(work))
    thread.start()
    thread.join()


def folders() -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).glob("releases/*/*"))
