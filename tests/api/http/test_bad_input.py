"""Bad input gets its clear error and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings
from rest_framework.test import APIClient

from annotations.models import Desk, Kind, Role, Source
from annotations.models.identity import new_id
from tests import factories
from tests.api.client import as_role, post_escaped, work
from tests.api.http.refused import problem, rows, spans, tag, tagging

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"title": "T", "text": ""}, "text", "no text"),
        ({"title": "T", "text": " \n\t "}, "text", "no text"),
        ({"title": "T", "text": "a\x00b"}, "text", "ull character"),
        ({"title": "T", "text": "a\ud800b"}, "text", "urrogate"),
        ({"title": "T", "text": 7}, "text", "valid string"),
        ({"title": "T"}, "text", "either text or a file"),
        ({"title": "T", "text": "x" * 1_001}, "text", "larger than"),
        ({"text": "A text."}, "title", "blank"),
        ({"title": "a\x00b", "text": "A text."}, "title", "ull character"),
        ({"title": "T" * 301, "text": "A text."}, "title", "300"),
        ({"title": "T", "text": "A text.", "published_on": "9 May"}, "published_on", "2020-09-15"),
        ({"title": "T", "text": "A text.", "published_on": 2020}, "published_on", "valid string"),
        ({"title": "T", "text": "A text.", "url": "javascript:1"}, "url", "URL"),
        ({"title": "T", "text": "A text.", "colour": "red"}, "colour", "no such field"),
        ({"title": "T", "text": "A text.", "file": "x"}, "file", "not a file"),
    ],
    ids=repr,
)
def test_a_text_that_cannot_be_taken(
    desk: Desk,
    settings: Settings,
    body: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    settings.IMPORT_LIMIT = 1_000
    editor = as_role(desk, Role.EDITOR)

    errors = problem(post_escaped(editor, work(desk, "sources"), body), 422)["errors"]

    assert list(errors) == [field]
    assert sentence in " ".join(errors[field])


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", b"  \n ", "no text"),
        ("a.txt", b"caf\xe9 \xff\xfe\xfd and more \x81\x8d", "not valid in the encoding utf-8"),
        ("a.txt", b"one\x00two", "NUL character"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "PNG image"),
        ("a.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
        ("a.html", b"<html><body> </body></html>", "no text"),
        ("a.docx", b"PK\x03\x04", "not a format"),
        ("a.txt", b"x" * 1_001, "larger than"),
    ],
)
def test_a_file_that_cannot_be_taken(
    desk: Desk, settings: Settings, name: str, data: bytes, sentence: str
) -> None:
    settings.IMPORT_LIMIT = 1_000
    editor = as_role(desk, Role.EDITOR)
    body = {"title": "T", "file": SimpleUploadedFile(name, data)}

    errors = problem(editor.post(work(desk, "sources"), body, format="multipart"), 422)["errors"]

    assert list(errors) == ["file"]
    assert sentence in " ".join(errors["file"])


@pytest.mark.usefixtures("unchanged")
def test_a_body_over_the_limit_is_not_read(
    desk: Desk, editor: APIClient, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    problem(editor.post(work(desk, "sources"), {"title": "T", "text": "x" * 2_000}), 413)
    problem(
        editor.post(
            work(desk, "sources"),
            {"title": "T", "file": SimpleUploadedFile("a.txt", b"x" * 2_000)},
            format="multipart",
        ),
        413,
    )


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"spans": spans((0, 10_000))}, "spans", "lies outside the text, which has 77 characters"),
        ({"spans": spans((6, 6))}, "spans", "6–6 is empty"),
        ({"spans": spans((6, 2))}, "spans", "6–2 is empty"),
        ({"spans": spans((6, 7))}, "spans", "white space"),
        ({"spans": spans((0, 6), (3, 8))}, "spans", "overlap"),
        ({"spans": spans((0, 6), (0, 6))}, "spans", "overlap"),
        ({"spans": []}, "spans", "at least one"),
        ({"spans": spans(*[(n, n + 1) for n in range(21)])}, "spans", "20"),
        ({"spans": spans((-1, 6))}, "spans.0.start", "greater than or equal to 0"),
        ({"spans": spans((0, 2**31))}, "spans.0.end", "less than or equal to"),
        ({"spans": spans((0, 10**400))}, "spans.0.end", "less than or equal to"),
        ({"spans": spans((0.5, 6))}, "spans.0.start", "integer"),
        ({"spans": spans(("0", 6))}, "spans.0.start", "integer"),
        ({"spans": spans((True, 6))}, "spans.0.start", "integer"),
        ({"spans": spans((None, 6))}, "spans.0.start", "null"),
        ({"spans": [{"start": 0}]}, "spans.0.end", "required"),
        ({"spans": [{"start": 0, "end": 6, "len": 6}]}, "spans.0.len", "no such field"),
        ({"spans": [7]}, "spans.0", "dictionary"),
        ({"spans": {"start": 0, "end": 6}}, "spans", "list"),
        ({"spans": ...}, "spans", "required"),
        ({"label": "planet"}, "label", "must be one of: person"),
        ({"label": "checkable"}, "label", "must be one of: person"),
        ({"label": 7}, "label", "valid string"),
        ({"label": "a\x00"}, "label", "ull character"),
        ({"kind": "rumour"}, "kind", "not a valid choice"),
        ({"kind": {}}, "kind", "not a valid choice"),
        ({"kind": "claim", "label": "checkable"}, "fields.normalized", "is required"),
        ({"kind": "claim", "label": "checkable", "fields": {}}, "fields.normalized", "is required"),
        ({"fields": {"colour": "red"}}, "fields.colour", "no field “colour”"),
        ({"fields": {"entity": str(new_id())}}, "fields.entity", "no record"),
        ({"fields": {"wikidata": "Berlin"}}, "fields.wikidata", "Q39259"),
        ({"fields": {"wikidata": 64}}, "fields.wikidata", "text"),
        ({"fields": {"wikidata": "Q\ud800"}}, "fields.wikidata", "urrogate"),
        ({"fields": []}, "fields", "dictionary"),
        ({"relations": [{"type": "said_by", "to": str(new_id())}]}, "relations", "this desk"),
        ({"relations": [{"type": "likes", "to": str(new_id())}]}, "relations.0.type", "choice"),
        ({"relations": [{"type": "about", "to": 7}]}, "relations.0.to", "UUID"),
        ({"id": "7"}, "id", "UUID"),
        ({"id": 7}, "id", "UUID"),
        ({"colour": "red"}, "colour", "no such field"),
        ({"\ud800": "red"}, "\ud800", "no such field"),
    ],
    ids=ascii,
)
def test_a_tag_that_cannot_be_taken(
    source: Source, editor: APIClient, said: dict[str, Any], field: str, sentence: str
) -> None:
    errors = problem(post_escaped(editor, tagging(source), tag(**said)), 422)["errors"]

    assert list(errors) == [field]
    assert sentence in " ".join(errors[field])


@pytest.mark.usefixtures("unchanged")
def test_words_that_are_not_there_are_named_beside_those_that_are(
    source: Source, editor: APIClient
) -> None:
    wrong = tag(spans=[{"start": 0, "end": 6, "exact": "Athens"}])

    [sentence] = problem(editor.post(tagging(source), wrong), 422)["errors"]["spans"]

    assert "“Ankara”" in sentence
    assert "“Athens”" in sentence
    assert "code points" in sentence


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 422),
        (b'{"spans": NaN}', "application/json", 400),
        (b'{"kind": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"spans": ' + b"9" * 5_000 + b"}", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"7", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"kind=claim", "application/x-www-form-urlencoded", 415),
        (b"<kind/>", "application/xml", 415),
        (b"{}", "text/plain", 415),
        (b"kind", "multipart/form-data; boundary=x", 415),
        (b"{}", "nonsense", 415),
    ],
)
def test_a_body_that_is_no_object_of_json(
    source: Source, editor: APIClient, body: bytes, media_type: str, status: int
) -> None:
    problem(editor.generic("POST", tagging(source), body, media_type), status)


@pytest.mark.usefixtures("unchanged")
def test_a_form_that_is_broken(desk: Desk, editor: APIClient) -> None:
    for media_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        response = editor.generic("POST", work(desk, "sources"), b"--y\r\nwhat", media_type)

        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"


def test_an_edit_that_cannot_be_taken(source: Source, editor: APIClient) -> None:
    annotation = factories.make_annotation(source, kind=Kind.CLAIM)
    before = rows()

    for body, field in (
        ({"spans": spans((0, 10_000))}, "spans"),
        ({"label": "planet"}, "label"),
        ({"fields": {}}, "fields.normalized"),
        ({"kind": "entity"}, "kind"),
        ({"relations": [{"type": "about", "to": str(annotation.id)}]}, "relations"),
    ):
        response = editor.patch(
            work(source.desk, f"annotations/{annotation.id}"), body, headers={"If-Match": '"v1"'}
        )

        assert list(problem(response, 422)["errors"]) == [field]
    assert rows() == before


def test_an_outdated_version_changes_nothing(source: Source, editor: APIClient) -> None:
    annotation = factories.make_annotation(source)
    address = work(source.desk, f"annotations/{annotation.id}")
    editor.patch(address, {"label": "person"}, headers={"If-Match": '"v1"'})
    before = rows()

    edited = editor.patch(address, {"label": "event"}, headers={"If-Match": '"v1"'})
    submitted = editor.post(f"{address}/submit", {"version": 1})

    for response in (edited, submitted):
        assert problem(response, 412)["current"]["version"] == 2
    assert rows() == before


@pytest.mark.parametrize("version", [0, -1, "1", 1.5, True, None, 10**30])
def test_a_version_that_is_none(source: Source, editor: APIClient, version: object) -> None:
    annotation = factories.make_annotation(source)

    response = editor.post(
        work(source.desk, f"annotations/{annotation.id}/submit"), {"version": version}
    )

    assert list(problem(response, 422)["errors"]) == ["version"]


def test_a_decision_that_is_none(source: Source) -> None:
    annotation = factories.submitted(factories.make_annotation(source))
    before = rows()

    for body, field in (
        ({"version": 1, "verdict": "maybe"}, "verdict"),
        ({"version": 1}, "verdict"),
        ({"version": 1, "verdict": "return"}, "note"),
        ({"version": 1, "verdict": "return", "note": "x" * 5_001}, "note"),
        ({"version": 1, "verdict": "approve", "note": "a\x00"}, "note"),
    ):
        response = as_role(source.desk, Role.REVIEWER).post(
            work(source.desk, f"annotations/{annotation.id}/decisions"), body
        )

        assert list(problem(response, 422)["errors"]) == [field]
    assert rows() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "place"}, "name"),
        ({"name": " ", "type": "place"}, "name"),
        ({"name": "x" * 201, "type": "place"}, "name"),
        ({"name": "Baku", "type": "planet"}, "type"),
        ({"name": "Baku", "type": "place", "wikidata": "Berlin"}, "wikidata"),
        ({"name": "Baku", "type": "place", "aliases": "Bakı"}, "aliases"),
        ({"name": "Baku", "type": "place", "aliases": [7]}, "aliases.0"),
    ],
)
def test_a_record_that_cannot_be_taken(
    desk: Desk, editor: APIClient, body: dict[str, Any], field: str
) -> None:
    assert list(problem(editor.post(work(desk, "entities"), body), 422)["errors"]) == [field]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("q", ["x" * 201, "a\x00b"])
def test_a_search_that_cannot_be_made(desk: Desk, editor: APIClient, q: str) -> None:
    response = editor.get(work(desk, "entities"), {"q": q})

    assert list(problem(response, 400)["errors"]) == ["q"]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize(
    "address",
    ["/api/v1/", "/api/v1/desks/x/", "/api/v1/desks/x/annotations/7", "/api/v1/work/desks/x/"],
)
def test_an_address_under_which_there_is_nothing(address: str, method: str) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(factories.make_user())

    problem(getattr(client, method)(address), 404)


def test_an_id_of_another_kind_of_row(source: Source, editor: APIClient) -> None:
    problem(editor.get(work(source.desk, f"annotations/{source.id}")), 404)
