"""The files of a release: what is in them, how they are written, and what is left of them."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from annotations.database_names import AdvisoryLock
from annotations.models import Annotation, Desk, Job, Release, ReleaseFile, Revision, Role
from annotations.models.identity import new_id
from annotations.queries.published.annotations import published_texts
from annotations.services import jobs
from annotations.services.releases import texts_writer
from annotations.services.releases.cut import cut_release, remove_all_leftovers, run_release
from annotations.services.releases.progress import Progress
from annotations.services.releases.texts_writer import TextsWriter
from tests.factories import approved, make_annotation, make_desk, make_source, member
from tests.services.releases.cutting import a_desk, content, cut, folders, manifest, release_of

# A snapshot is a transaction of its own, so these tests cannot run inside one.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_texts_are_in_the_release_and_the_spans_stand_in_them() -> None:
    release = release_of(cut(a_desk()))

    [line] = content(release, "sources.jsonl").splitlines()
    text = json.loads(line)["text"]

    assert hashlib.sha256(text.encode()).hexdigest() == json.loads(line)["sha256"]
    for each in content(release, "annotations.jsonl").splitlines():
        for span in json.loads(each)["spans"]:
            assert text[span["start"] : span["end"]] == span["exact"]


def test_texts_come_in_order_with_their_annotations_by_two_statements() -> None:
    desk = make_desk()
    expected: dict[tuple[str, int], list[str]] = {}
    for _ in range(3):
        source = make_source(desk)
        first = source.revisions.get()
        tags = [approved(make_annotation(source)) for _ in range(2)]
        second = Revision.objects.create(
            source=source, number=2, text=first.text, length=first.length, sha256=first.sha256,
            original=b"", original_name="", importer="pasted", importer_version="1", warnings=[],
            created_by=first.created_by,
        )  # fmt: skip
        tags += [approved(make_annotation(source))]
        make_annotation(source)
        assert Annotation.objects.get(id=tags[-1].id).published.revision == second  # type: ignore[union-attr]
        expected[str(source.id), 1] = sorted(str(tag.id) for tag in tags[:2])
        expected[str(source.id), 2] = [str(tags[2].id)]
    make_source(desk)
    approved(make_annotation(make_source(make_desk("other"))))

    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        texts = list(published_texts(desk))

    documents = [each.document for each in texts]
    placed = [(place, record.id) for text in texts for place, record in text.placed()]
    assert [id for _, id in sorted(placed)] == sorted(id for ids in expected.values() for id in ids)
    assert [place for place, _ in sorted(placed)] == list(range(len(placed)))
    found = {(d.source.id, d.revision): [record.id for record in d.records] for d in documents}
    assert found == expected
    assert list(found) == sorted(expected)
    assert all(
        document.text[span.start : span.end] == span.exact
        for document in documents
        for _, _, span in document.passages()
    )
    assert len(statements) <= 2


def test_progress_never_goes_back(tmp_path: Path) -> None:
    told: list[float] = []
    process = subprocess.Popen(["sleep", "60"])
    try:
        writer = TextsWriter(process, tmp_path, io.StringIO())
        progress = Progress(lambda share, _: told.append(share), writer, 10)
        for written in ("4", "", "6"):  # a count that is just being written reads as nothing
            (tmp_path / "done").write_text(written)
            progress.tell("Writing")
    finally:
        process.kill()
        process.wait()

    assert told == [0.2, 0.2, 0.3]


def test_a_release_ends_when_texts_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    monkeypatch.setattr(texts_writer.sys, "executable", "/bin/false")

    job = cut(desk)

    assert job.state == Job.State.QUEUED  # for another attempt
    assert folders() == []
    assert not Release.objects.exists()


def test_what_a_format_cannot_say_is_counted_in_the_manifest() -> None:
    desk = make_desk()
    source = make_source(desk)
    for spans in ([(0, 6)], [(0, 3)]):
        approved(make_annotation(source, spans=spans))

    release = release_of(cut(desk))

    files = {each["name"]: each for each in manifest(release)["files"]}
    assert files["conll.zip"]["left_out"] == {"annotations": 1}
    assert files["annotations.jsonl"]["left_out"] == {}


def test_files_are_read_only() -> None:
    release = release_of(cut(a_desk()))

    for file in release.files.all():
        assert Path(file.file.path).stat().st_mode & 0o222 == 0


def leftover(desk: Desk, name: str) -> None:
    folder = Path(settings.MEDIA_ROOT) / "releases" / str(desk.id) / name
    folder.mkdir(parents=True)
    (folder / "annotations.jsonl").touch(0o444)


@pytest.mark.parametrize(
    "clean", [cut, lambda _desk: remove_all_leftovers()], ids=["next", "sweep"]
)
def test_what_a_killed_attempt_left_is_removed_and_releases_stay(
    clean: Callable[[Desk], object],
) -> None:
    desk = a_desk()
    cut(desk)
    [kept] = folders()
    for name in (f".{new_id()}", str(new_id())):
        leftover(desk, name)

    clean(desk)

    assert kept in folders()
    assert len(folders()) == Release.objects.count()


def test_leftovers_of_a_desk_whose_release_is_written_are_left_alone() -> None:
    desk = a_desk()
    leftover(desk, f".{new_id()}")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(%s, hashtext(%s))", (AdvisoryLock.RELEASE, str(desk.id))
        )
    try:
        remove_all_leftovers()
        assert len(folders()) == 1
    finally:
        other.close()
    remove_all_leftovers()
    assert folders() == []


def test_files_are_on_disk_before_a_row_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    done: list[str] = []

    def noting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> Any:
            is_sync = name == "fsync"
            done.append(str(Path(f"/proc/self/fd/{args[0]}").readlink()) if is_sync else name)
            return call(*args, **named)

        return noted

    monkeypatch.setattr(os, "fsync", noting("fsync", os.fsync))
    monkeypatch.setattr(Path, "rename", noting("rename", Path.rename))
    monkeypatch.setattr(Release, "save", noting("row", Release.save))
    cut(desk)

    [name] = folders()
    root = Path(settings.MEDIA_ROOT)
    folder = root / "releases" / str(desk.id)
    files = [str(folder / f".{name}" / each.name) for each in ReleaseFile.objects.all()]
    assert sorted(done[: len(files)]) == sorted(files)
    assert done[len(files) :] == [
        str(folder / f".{name}"), "rename", str(folder), str(folder.parent), str(root), "row",
    ]  # fmt: skip


def test_a_disk_that_is_full_leaves_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    jobs.run(job.id, {Job.Type.RELEASE: run_release})

    assert folders() == []
    assert not Release.objects.exists()
