"""Importing: checked at once, written by a job, all or nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from pytest_django import Settings

from annotations.errors import DomainError, Invalid, NotFound, Refused
from annotations.models import Event, EventType, Job, Membership, Role, Source
from annotations.services import jobs
from annotations.services.sources import Provenance, Upload, run_import, start_import
from tests.factories import TEXT, make_desk, make_user, member

pytestmark = pytest.mark.django_db

PAGE = b"<html lang=en><title>Found title</title><p>Baku said no.</p></html>"


def start(upload: Upload, *, by: Role = Role.EDITOR, **provenance: str) -> Job:
    desk = make_desk()
    given = {"title": "A text"} | provenance
    return start_import(
        desk=desk, by=member(desk, by), provenance=Provenance(**given), upload=upload
    )


def run(job: Job) -> Job:
    jobs.run(job.id, {Job.Type.IMPORT: run_import})
    job.refresh_from_db()
    return job


def test_a_pasted_text_becomes_a_source_with_its_first_revision() -> None:
    job = run(start(Upload(TEXT.encode()), publisher="A paper", published_on="2020-09-15"))

    source = Source.objects.get()
    revision = source.revisions.get()
    assert job.source == source
    assert (source.title, source.publisher) == ("A text", "A paper")
    assert str(source.published_on) == "2020-09-15"
    assert (revision.number, revision.text, revision.length) == (1, TEXT, len(TEXT))
    assert revision.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert Event.objects.filter(type=EventType.SOURCE_IMPORTED, source=source).count() == 1


def test_the_bytes_of_a_file_are_kept_as_they_came() -> None:
    data = b"\xef\xbb\xbfone\r\ntwo"

    run(start(Upload(data, "notes.txt"), title=""))

    revision = Source.objects.get(title="notes").revisions.get()
    assert revision.text == "one\ntwo"
    assert bytes(revision.original) == data
    assert revision.original_name == "notes.txt"


def test_what_the_person_leaves_empty_is_taken_from_the_file() -> None:
    run(start(Upload(PAGE, "page.html"), title=""))

    assert Source.objects.get().title == "Found title"


def test_what_the_person_says_counts_more_than_the_file() -> None:
    run(start(Upload(PAGE, "page.html"), title="My title"))

    assert Source.objects.get().title == "My title"


@pytest.mark.parametrize(
    ("upload", "provenance", "fields"),
    [
        (Upload(b""), {}, {"text"}),
        (Upload(b" \n\t "), {}, {"text"}),
        (Upload(b"a\x00b", "a.txt"), {}, {"file"}),
        (Upload(b"\x89PNG\r\n\x1a\n\x00\x00", "picture.txt"), {}, {"file"}),
        (Upload(b"text", "text.docx"), {}, {"file"}),
        (Upload(b"text"), {"title": ""}, {"title"}),
        (Upload(b"text"), {"title": "t" * 301}, {"title"}),
        (Upload(b"text"), {"title": "a\x00b"}, {"title"}),
        (Upload(b"text"), {"url": "not an address"}, {"url"}),
        (Upload(b"text"), {"published_on": "yesterday"}, {"published_on"}),
        (Upload(b""), {"title": "", "url": "no"}, {"text", "title", "url"}),
    ],
)
def test_bad_input_is_named_and_leaves_no_job(
    upload: Upload, provenance: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as caught:
        start(upload, **provenance)

    assert caught.value.errors.keys() == fields
    assert not Job.objects.exists()


def test_a_text_over_the_limit_is_refused(settings: Settings) -> None:
    settings.IMPORT_LIMIT = 10

    with pytest.raises(Invalid) as caught:
        start(Upload(b"eleven byte"))

    assert list(caught.value.errors) == ["text"]


def test_readers_and_strangers_import_nothing() -> None:
    desk = make_desk()

    for person, error in ((member(desk, Role.READER), Refused), (make_user("Stranger"), NotFound)):
        with pytest.raises(error):
            start_import(
                desk=desk, by=person, provenance=Provenance(title="A"), upload=Upload(b"a")
            )
    assert not Job.objects.exists()


def test_somebody_who_left_the_desk_meanwhile_imports_nothing() -> None:
    job = start(Upload(TEXT.encode()))
    Membership.objects.filter(user=job.created_by).delete()

    run(job)

    assert job.state == Job.State.FAILED
    assert not Source.objects.exists()


def test_a_source_whose_job_cannot_be_finished_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_args: object, **_results: object) -> None:
        raise DomainError("Another attempt has taken over this job.")

    job = start(Upload(TEXT.encode()))
    monkeypatch.setattr(jobs, "finish", lost)

    run(job)

    assert not Source.objects.exists()
    assert not Event.objects.filter(type=EventType.SOURCE_IMPORTED).exists()
