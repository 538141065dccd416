"""Importing a text by the form, through the job, to the source."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.models import Desk, Job, Role, Source
from annotations.tasks import run_job
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def editor(desk: Desk, client: Client) -> Client:
    client.force_login(factories.member(desk, Role.EDITOR))
    return client


def address(desk: Desk) -> str:
    return reverse("source_import", args=[desk.slug])


def job_in(location: str) -> UUID:
    return UUID(location.rstrip("/").rsplit("/", 1)[1])


def test_a_pasted_text_becomes_a_source_with_its_provenance(desk: Desk, editor: Client) -> None:
    typed = {
        "text": "Baku said no.\r\n\r\nAnkara said yes.",
        "title": "Two answers",
        "publisher": "The Paper",
        "author": "A Writer",
        "url": "https://example.org/two",
        "published_on": "2020-09-15",
        "retrieved_on": "2024-01-02",
        "language": "en",
        "licence": "CC BY 4.0",
    }

    response = editor.post(address(desk), typed)
    run_job(str(job_in(response["Location"])))

    source = Source.objects.get()
    assert (source.title, source.publisher, source.author) == (
        "Two answers", "The Paper", "A Writer",
    )  # fmt: skip
    assert (source.url, source.language, source.licence) == (
        "https://example.org/two", "en", "CC BY 4.0",
    )  # fmt: skip
    assert (str(source.published_on), str(source.retrieved_on)) == ("2020-09-15", "2024-01-02")
    assert source.revisions.get().text == "Baku said no.\n\nAnkara said yes."


def test_a_file_becomes_a_source_named_after_it(desk: Desk, editor: Client) -> None:
    file = SimpleUploadedFile("speech.txt", "Schön war’s.".encode())

    response = editor.post(address(desk), {"file": file})
    run_job(str(job_in(response["Location"])))

    source = Source.objects.get()
    assert source.title == "speech"
    assert source.revisions.get().text == "Schön war’s."


def test_a_file_is_read_in_the_chosen_encoding(desk: Desk, editor: Client) -> None:
    file = SimpleUploadedFile("speech.txt", "Erdoğan’ın sözü".encode("windows-1254"))

    response = editor.post(address(desk), {"file": file, "encoding": "windows-1254"})
    run_job(str(job_in(response["Location"])))

    assert Source.objects.get().revisions.get().text == "Erdoğan’ın sözü"


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "text", "Paste a text here, or choose a file."),
        ({"text": " \n\t "}, "text", ""),
        ({"text": "A NUL\x00 here"}, "text", ""),
        ({"text": "Good.", "published_on": "15.9.2020"}, "published_on", "2020-09-15"),
        ({"text": "Good.", "url": "not an address"}, "url", "valid URL"),
        ({"text": "Good.", "title": "long " * 80}, "title", "300"),
        ({"text": "No title."}, "title", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: Desk, editor: Client, sent: dict[str, str], field: str, said: str
) -> None:
    response = editor.post(address(desk), sent)

    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field] or field in errors
    assert said in str(errors[field])
    assert f'id="id_{field}_error"' in response.text
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"\xff\xfe\x00\xd8\x41\x00", "not valid"),
        ("a.txt", b"caf\xe9", "not valid in the encoding"),
        ("a.txt", b"%PDF-1.7 something", "PDF"),
        ("a.docx", b"PK", "not a format"),
        ("a.txt", b"", ""),
        ("a.txt", b"nul\x00nul", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_beside_it(
    desk: Desk, editor: Client, name: str, data: bytes, said: str
) -> None:
    response = editor.post(address(desk), {"title": "T", "file": SimpleUploadedFile(name, data)})

    assert response.status_code == 422
    assert said in str(response.context["form"].errors["file"])
    assert not Job.objects.exists()


def test_a_file_above_the_limit_is_refused_unread(
    desk: Desk, editor: Client, settings: Settings
) -> None:
    settings.IMPORT_LIMIT = 1_000

    response = editor.post(address(desk), {"file": SimpleUploadedFile("a.txt", b"a" * 1_001)})

    assert "larger than 0.001 MB" in str(response.context["form"].errors["file"])


def test_text_and_file_together_are_refused(desk: Desk, editor: Client) -> None:
    sent = {"text": "One.", "file": SimpleUploadedFile("a.txt", b"Two.")}

    response = editor.post(address(desk), sent)

    assert "not both" in str(response.context["form"].errors["file"])


def test_nothing_typed_is_lost_on_an_error(desk: Desk, editor: Client) -> None:
    typed = {
        "text": "  Keep <these> words.\n\n Exactly.",
        "title": "My title",
        "publisher": "My publisher",
        "url": "wrong",
        "licence": "My licence",
    }

    response = editor.post(address(desk), typed)

    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert "Keep &lt;these&gt; words.\n\n Exactly." in response.text


def test_htmx_gets_the_form_alone_and_then_the_way_to_the_job(desk: Desk, editor: Client) -> None:
    wrong = editor.post(address(desk), {}, headers={"HX-Request": "true"})
    right = editor.post(
        address(desk), {"text": "Yes.", "title": "T"}, headers={"HX-Request": "true"}
    )

    assert "<html" not in wrong.text
    assert wrong.status_code == 422
    assert job_in(right["HX-Redirect"]) == Job.objects.get().id


def test_the_broker_hears_of_the_job_once_it_is_committed(
    desk: Desk,
    editor: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        editor.post(address(desk), {"text": "Yes.", "title": "T"})

    assert len(callbacks) == 1


def test_a_job_page_shows_progress_and_leads_to_the_source(desk: Desk, editor: Client) -> None:
    page = editor.post(address(desk), {"text": "Yes.", "title": "T"})["Location"]
    asks = {"HX-Request": "true"}

    waiting = editor.get(page, headers=asks)
    run_job(str(job_in(page)))
    done = editor.get(page, headers=asks)

    assert 'hx-trigger="every 1s"' in waiting.text
    source = reverse("annotate", args=[desk.slug, Source.objects.get().id])
    assert f'href="{source}" data-go' in done.text
    assert f'href="{source}" data-go' in editor.get(page).text
    assert "hx-trigger" not in done.text


def test_a_failed_job_says_why_and_shows_the_way_back(desk: Desk, editor: Client) -> None:
    page = editor.post(address(desk), {"text": "Yes.", "title": "T"})["Location"]
    Job.objects.update(input=b"nul\x00")

    run_job(str(job_in(page)))
    shown = editor.get(page)

    assert "NUL" in shown.text
    assert address(desk) in shown.text
    assert "hx-trigger" not in shown.text


def test_a_form_without_its_token_changes_nothing(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.member(desk, Role.EDITOR))

    response = client.post(address(desk), {"text": "Yes.", "title": "T"})

    assert response.status_code == 403
    assert "This form is too old" in response.text
    assert not Job.objects.exists()


def test_htmx_hears_of_an_old_form_and_of_a_lost_sign_in_in_a_sentence(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    asks = {"HX-Request": "true"}
    client.force_login(factories.member(desk, Role.EDITOR))

    old = client.post(address(desk), {"text": "Yes."}, headers=asks)
    client.logout()
    signed_out = client.get(address(desk), headers=asks)

    assert old.status_code == 403
    assert signed_out.status_code == 401
    for response in (old, signed_out):
        assert "You are signed out" in response.text
        assert "<html" not in response.text
