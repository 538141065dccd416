"""Releases hold one state of the desk, are chained, and never change."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from frictionless import Package

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.exporters import DOCUMENT_FORMATS, FORMATS, Format, Publisher
from annotations.models import Annotation, Event, EventType, Job, Release, Role
from annotations.models.identity import new_id
from annotations.services import jobs
from annotations.services.releases import cut as releases
from annotations.services.releases import files as release_files
from annotations.services.releases.cut import cut_release, run_release
from annotations.services.review import withdraw
from tests.factories import (
    add_member,
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_user,
    member,
    submitted,
)
from tests.services.releases.cutting import (
    a_desk,
    closing,
    content,
    cut,
    in_another_connection,
    manifest,
    release_of,
)

# A snapshot is a transaction of its own, so these tests cannot run inside one.
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_release_holds_what_is_approved_and_nothing_else() -> None:
    desk = a_desk()

    release = release_of(cut(desk, "The first."))

    lines = [json.loads(line) for line in content(release, "annotations.jsonl").splitlines()]
    expected = Annotation.objects.published().filter(desk=desk).order_by("id")
    assert [line["id"] for line in lines] == [str(each.id) for each in expected]
    assert (release.number, release.annotation_count, release.notes) == (1, 2, "The first.")
    assert json.loads(content(release, "annotations.jsonld"))["total"] == 2
    assert Event.objects.filter(desk=desk, type=EventType.RELEASE_CUT).count() == 1


def test_the_manifest_names_every_file_with_its_size_and_hash() -> None:
    release = release_of(cut(a_desk()))

    listed = {each["name"]: each for each in manifest(release)["files"]}
    assert listed.keys() == {
        *(format.name for format in [*FORMATS.values(), *DOCUMENT_FORMATS.values()]),
        *("sources.jsonl", "retractions.jsonl"),
        *("datapackage.json", "CITATION.cff", "citation.bib"),
    }
    for file in release.files.all():
        data = content(release, file.name)
        assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        if file.name in listed:
            assert listed[file.name]["sha256"] == file.sha256
            assert listed[file.name]["size"] == file.size
    own_hash = hashlib.sha256(content(release, "manifest.json")).hexdigest()
    assert release.manifest_sha256 == own_hash


def test_the_data_package_is_sound_to_frictionless(tmp_path: Path) -> None:
    release = release_of(cut(a_desk()))
    for file in release.files.all():
        (tmp_path / file.name).write_bytes(content(release, file.name))

    package = Package(str(tmp_path / "datapackage.json"))
    report = package.validate()

    assert report.valid, report.flatten(["type", "message"])
    rows = package.get_resource("annotations-csv").read_rows()
    lines = [json.loads(line) for line in content(release, "annotations.jsonl").splitlines()]
    assert [(row["id"], row["part"], row["start"], row["end"]) for row in rows] == [
        (line["id"], part, span["start"], span["end"])
        for line in lines
        for part, span in enumerate(line["spans"], start=1)
    ]


def test_each_release_names_the_hash_of_the_one_before() -> None:
    desk = a_desk()

    first, second = release_of(cut(desk)), release_of(cut(desk))

    assert first.previous_sha256 == ""
    assert (second.number, second.previous_sha256) == (2, first.manifest_sha256)
    assert manifest(second)["previous_sha256"] == first.manifest_sha256


def test_the_same_state_gives_the_same_bytes() -> None:
    desk = a_desk()

    first, second = release_of(cut(desk)), release_of(cut(desk))

    for format in [*FORMATS.values(), *DOCUMENT_FORMATS.values()]:
        assert content(first, format.name) == content(second, format.name)


def test_a_later_withdrawal_does_not_change_a_release() -> None:
    desk = a_desk()
    release = release_of(cut(desk))
    before = content(release, "annotations.jsonl")
    annotation = Annotation.objects.published().filter(desk=desk)[0]

    withdraw(annotation=annotation, by=member(desk, Role.REVIEWER), reason="It was wrong.")
    later = release_of(cut(desk))

    assert content(release, "annotations.jsonl") == before
    assert later.annotation_count == 1


def test_a_desk_without_approved_annotations_has_nothing_to_release() -> None:
    desk = make_desk()
    submitted(make_annotation(make_source(desk)))

    with pytest.raises(Conflict, match="nothing to release"):
        cut_release(desk=desk, by=member(desk, Role.MANAGER))

    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.REVIEWER])
def test_only_managers_cut_releases(role: Role) -> None:
    desk = a_desk()

    with pytest.raises(Refused):
        cut_release(desk=desk, by=member(desk, role))


def test_strangers_do_not_learn_that_the_desk_is_there() -> None:
    desk = a_desk()

    with pytest.raises(NotFound):
        cut_release(desk=desk, by=make_user("Stranger"))


@pytest.mark.parametrize("notes", ["n" * 5_001, "no\x00thing"])
def test_notes_that_cannot_be_kept_are_refused(notes: str) -> None:
    desk = a_desk()

    with pytest.raises(Invalid):
        cut_release(desk=desk, by=member(desk, Role.MANAGER), notes=notes)


def test_an_approval_while_the_files_are_written_is_in_none_or_in_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = a_desk()
    waiting = submitted(make_annotation(make_source(desk)))
    formats = dict(FORMATS)
    last = list(formats.values())[-1]

    def late(records: Any, *, publisher: Publisher) -> Any:
        in_another_connection(lambda: approved(Annotation.objects.get(id=waiting.id)))
        return last.export(records, publisher=publisher)

    formats["jsonld"] = Format(last.name, last.media_type, late)
    monkeypatch.setattr(release_files, "FORMATS", formats)

    release = release_of(cut(desk))

    assert Annotation.objects.published().filter(desk=desk).count() == 3
    assert release.annotation_count == 2
    assert len(content(release, "annotations.jsonl").splitlines()) == 2
    assert json.loads(content(release, "annotations.jsonld"))["total"] == 2


def test_two_cuts_at_once_make_two_releases_in_a_row() -> None:
    desk = a_desk()
    manager = member(desk, Role.MANAGER)
    work: dict[str, jobs.Work] = {Job.Type.RELEASE: run_release}
    waiting = [cut_release(desk=desk, by=manager) for _ in range(2)]

    threads = [
        Thread(target=lambda id=job.id: closing(lambda: jobs.run(id, work))) for job in waiting
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    first, second = Release.objects.filter(desk=desk).order_by("number")
    assert second.previous_sha256 == first.manifest_sha256
    assert manifest(first)["ledger_seq"] < manifest(second)["ledger_seq"]


def test_a_cut_that_was_overtaken_leaves_neither_rows_nor_files() -> None:
    desk = a_desk()
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER))

    def overtaken(running: Job, lease: Any) -> None:
        write = releases.write_snapshot

        def and_lose_the_lease(*args: Any) -> Any:
            snapshot = write(*args)
            Job.objects.filter(id=running.id).update(lease=None)
            return snapshot

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(releases, "write_snapshot", and_lose_the_lease)
            run_release(running, lease)

    jobs.run(job.id, {Job.Type.RELEASE: overtaken})

    assert not Release.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_someone_who_is_no_longer_a_manager_cannot_have_the_release_cut() -> None:
    desk = a_desk()
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER))
    add_member(desk, Role.MANAGER)
    desk.memberships.filter(user=job.created_by).delete()

    jobs.run(job.id, {Job.Type.RELEASE: run_release})

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not Release.objects.exists()


def test_a_snapshot_longer_than_the_lease_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.4))
    write = releases.write_snapshot

    def slowly(*args: Any) -> Any:
        time.sleep(1)
        assert jobs.sweep() == 0
        return write(*args)

    def renewing(*args: Any, **kwargs: Any) -> Any:
        return held(*args, every=0.05, **kwargs)

    held = jobs.held
    monkeypatch.setattr(jobs, "held", renewing)
    monkeypatch.setattr(releases, "write_snapshot", slowly)

    release = release_of(cut(desk))

    assert release.number == 1
    assert Job.objects.get(desk=desk).attempts == 1


def test_a_snapshot_that_was_fenced_off_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER))
    held = jobs.held
    write = releases.write_snapshot
    monkeypatch.setattr(jobs, "held", lambda *a, **k: held(*a, every=0.02, **k))

    def overtaken(*args: Any) -> Any:
        in_another_connection(lambda: Job.objects.update(lease=new_id()))
        time.sleep(0.3)
        return write(*args)

    monkeypatch.setattr(releases, "write_snapshot", overtaken)

    jobs.run(job.id, {Job.Type.RELEASE: run_release})

    assert not Release.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_what_was_retracted_is_listed_with_the_releases_that_have_it() -> None:
    desk = a_desk()
    kept, gone = Annotation.objects.published().filter(desk=desk).order_by("id")
    for _ in range(2):
        release_of(cut(desk))

    withdraw(annotation=gone, by=member(desk, Role.REVIEWER), reason="It was „wrong“.")
    third, fourth = release_of(cut(desk)), release_of(cut(desk))

    for release in (third, fourth):
        [line] = content(release, "retractions.jsonl").splitlines()
        said = json.loads(line)
        assert said.pop("at")
        assert said == {
            "id": str(gone.id),
            "version": 1,
            "reason": "It was „wrong“.",
            "releases": [1, 2],
            "published_again": False,
        }
    assert content(Release.objects.get(desk=desk, number=2), "retractions.jsonl") == b""
    [left] = content(third, "annotations.jsonl").splitlines()
    assert json.loads(left)["id"] == str(kept.id)


def test_what_never_was_in_a_release_is_retracted_from_none() -> None:
    desk = a_desk()
    gone = Annotation.objects.published().filter(desk=desk)[0]

    withdraw(annotation=gone, by=member(desk, Role.REVIEWER), reason="It was wrong.")
    release = release_of(cut(desk))

    assert json.loads(content(release, "retractions.jsonl"))["releases"] == []


def test_people_see_what_is_done_and_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    seen: list[tuple[int, str]] = []
    reached = jobs.Attempt.reached

    def noting(attempt: jobs.Attempt, progress: int, step: str) -> None:
        seen.append((progress, step))
        reached(attempt, progress, step)

    monkeypatch.setattr(jobs.Attempt, "reached", noting)
    cut(desk)

    steps = list(dict.fromkeys(step for _, step in seen))
    assert steps[0] == "Reading what is approved"
    assert steps[1 : len(FORMATS) + 1] == [f"Writing {each.name}" for each in FORMATS.values()]
    assert steps[-1] == "Recording the release"
    assert [progress for progress, _ in seen] == sorted(progress for progress, _ in seen)
    assert seen[0][0] == 1
