"""Editorial work by the API: import, tag, submit, decide, withdraw, relate, release."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from annotations.models import (
    Annotation,
    Desk,
    Entity,
    Event,
    Job,
    Kind,
    Role,
    Scope,
    Source,
    Version,
)
from annotations.models.identity import new_id
from annotations.services import jobs
from annotations.tasks import WORK
from tests import factories
from tests.api.client import as_role, published, read, with_key, work
from tests.services.tagging.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def editor(desk: Desk) -> APIClient:
    return as_role(desk, Role.EDITOR)


@pytest.fixture
def reviewer(desk: Desk) -> APIClient:
    return as_role(desk, Role.REVIEWER)


def tag(**said: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": "entity",
        "label": "place",
        "spans": [{"start": 0, "end": 6, "exact": "Ankara"}],
        **said,
    }


def tagging(source: Source) -> str:
    return work(source.desk, f"sources/{source.id}/annotations")


def at(annotation: Annotation, step: str = "") -> str:
    return work(annotation.desk, f"annotations/{annotation.id}{step and '/'}{step}")


def run(client: APIClient, address: str) -> dict[str, Any]:
    """Does the job that stands at this address, and what it says then."""
    jobs.run(Job.objects.get(id=address.rpartition("/")[2]).id, WORK)
    return read(client, address)


def test_a_pasted_text_becomes_a_source(desk: Desk, editor: APIClient) -> None:
    response = editor.post(
        work(desk, "sources"),
        {"text": "Ankara  agreed.\n", "title": "A title", "published_on": "2020-09-15"},
    )

    assert response.status_code == 202
    assert response["Location"] == work(desk, f"jobs/{response.json()['id']}")
    job = run(editor, response["Location"])
    assert (job["state"], job["progress"]) == ("done", 100)
    source = read(editor, work(desk, f"sources/{job['source']}"))
    assert source["title"] == "A title"
    assert source["published_on"] == "2020-09-15"
    assert source["revision"]["number"] == 1
    assert source["revision"]["length"] == len(source["revision"]["text"])
    assert "Ankara" in source["revision"]["text"]


def test_a_file_becomes_a_source(desk: Desk, editor: APIClient) -> None:
    html = "<html><head><title>Talks</title></head><body><p>Ankara agreed.</p></body></html>"

    response = editor.post(
        work(desk, "sources"),
        {"file": SimpleUploadedFile("talks.html", html.encode()), "publisher": "The Gazette"},
        format="multipart",
    )

    assert response.status_code == 202, response.content
    source = Source.objects.get(id=run(editor, response["Location"])["source"])
    assert (source.title, source.publisher) == ("Talks", "The Gazette")
    assert source.revisions.get().text.strip() == "Ankara agreed."


def test_a_file_in_another_encoding_is_read_as_it_says(desk: Desk, editor: APIClient) -> None:
    file = SimpleUploadedFile("talks.txt", "İstanbul agreed.".encode("cp1254"))

    response = editor.post(
        work(desk, "sources"),
        {"file": file, "encoding": "windows-1254", "title": "Talks"},
        format="multipart",
    )

    source = Source.objects.get(id=run(editor, response["Location"])["source"])
    assert source.revisions.get().text.strip() == "İstanbul agreed."


def test_the_same_id_again_makes_no_second_annotation(source: Source, editor: APIClient) -> None:
    body = tag()

    first, again = editor.post(tagging(source), body), editor.post(tagging(source), body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first["ETag"] == '"v1"'
    assert first.json()["state"] == "draft"
    assert first.json()["id"] == body["id"]
    assert Version.objects.count() == 1


def test_an_id_is_made_for_those_who_send_none(source: Source, editor: APIClient) -> None:
    body = tag()
    del body["id"]

    ids = {editor.post(tagging(source), body).json()["id"] for _ in range(2)}

    assert ids == {str(each.id) for each in Annotation.objects.all()}
    assert len(ids) == 2


def test_an_id_of_somebody_else_is_a_conflict(source: Source, editor: APIClient) -> None:
    body = tag()
    editor.post(tagging(source), body)

    response = as_role(source.desk, Role.REVIEWER).post(tagging(source), body)

    assert response.status_code == 409
    assert body["id"] in response.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_one_id_sent_by_two_requests_at_once_makes_one_annotation() -> None:
    source = factories.make_source(factories.make_desk())
    client, body = as_role(source.desk, Role.EDITOR), tag()
    cookies = client.cookies

    def send() -> int:
        own = APIClient()
        own.cookies = cookies
        return own.post(tagging(source), body).status_code

    statuses = at_once(send, send)

    assert sorted(statuses) == [200, 201]
    assert Version.objects.count() == 1


def test_a_batch_is_written_in_the_order_in_which_it_was_sent(
    source: Source, editor: APIClient
) -> None:
    place = tag()
    quote = tag(
        kind="quote",
        label="direct",
        spans=[{"start": 7, "end": 17}],
        relations=[{"type": "said_by", "to": place["id"]}],
    )

    response = editor.post(f"{tagging(source)}/batch", {"annotations": [quote, place]})

    assert response.status_code == 201, response.content
    found = response.json()["annotations"]
    assert [each["id"] for each in found] == [quote["id"], place["id"]]
    assert found[0]["relations"][0]["to"] == place["id"]
    again = editor.post(f"{tagging(source)}/batch", {"annotations": [quote, place]})
    assert (again.status_code, again.json()) == (200, response.json())


def test_a_batch_with_one_mistake_writes_nothing(source: Source, editor: APIClient) -> None:
    wrong = tag(spans=[{"start": 0, "end": 6, "exact": "Athens"}])

    response = editor.post(f"{tagging(source)}/batch", {"annotations": [tag(), wrong]})

    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["annotations.1.spans"]
    assert Annotation.objects.count() == 0
    assert Event.objects.filter(source=source).count() == 1  # its import


def test_a_tag_takes_as_many_statements_as_a_thousand(
    source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = with_key(source.desk, factories.member(source.desk, Role.EDITOR), Scope.WORK_WRITE)
    length = source.revisions.get().length
    client.post(tagging(source), tag())  # notes the use of the key, and reads the codebook

    with django_assert_num_queries(3):
        single = client.post(tagging(source), tag())
    for count in (10, 1_000):
        spans = [[{"start": n % (length - 6), "end": n % (length - 6) + 6}] for n in range(count)]
        body = {"annotations": [tag(spans=each) for each in spans]}
        with django_assert_num_queries(5):  # two of them begin and end the transaction
            batch = client.post(f"{tagging(source)}/batch", body)
        assert batch.status_code == 201, batch.content
        assert len(batch.json()["annotations"]) == count

    assert single.status_code == 201
    found = read(as_role(source.desk, Role.READER), tagging(source))["annotations"]
    text = source.revisions.get().text
    assert len(found) == 1_012
    assert all(text[s["start"] : s["end"]] == s["exact"] for each in found for s in each["spans"])


def test_a_batch_takes_a_thousand_and_no_more(source: Source, editor: APIClient) -> None:
    many = [tag(spans=[{"start": 0, "end": 6}]) for _ in range(1_001)]

    response = editor.post(f"{tagging(source)}/batch", {"annotations": many})

    assert response.status_code == 422
    assert Annotation.objects.count() == 0


def test_the_annotations_of_a_source_come_with_the_place_in_its_stream(
    source: Source, editor: APIClient
) -> None:
    annotation = factories.make_annotation(source)

    found = read(editor, tagging(source))

    assert [each["id"] for each in found["annotations"]] == [str(annotation.id)]
    assert found["cursor"] == Event.objects.order_by("-seq")[0].seq


def test_an_edit_names_the_version_that_it_changes(source: Source, editor: APIClient) -> None:
    annotation = factories.make_annotation(source)

    response = editor.patch(at(annotation), {"label": "person"}, headers={"If-Match": '"v1"'})

    assert response.status_code == 200
    assert (response["ETag"], response.json()["label"]) == ('"v2"', "person")
    assert response.json()["spans"][0]["exact"] == "Ankara"
    assert read(editor, at(annotation)) == response.json()


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_change_without_a_version_or_of_an_old_one_changes_nothing(
    source: Source, editor: APIClient, method: str
) -> None:
    annotation = factories.make_annotation(source)
    editor.patch(at(annotation), {"label": "person"}, headers={"If-Match": '"v1"'})

    def send(header: dict[str, str]) -> Any:
        return getattr(editor, method)(at(annotation), {"label": "event"}, headers=header)

    assert send({}).status_code == 428
    assert send({"If-Match": "*"}).status_code == 400
    assert send({"If-Match": '"v1", "v2"'}).status_code == 400
    outdated = send({"If-Match": '"v1"'})
    assert outdated.status_code == 412
    assert outdated.json()["current"]["version"] == 2
    assert outdated.json()["current"]["label"] == "person"
    assert read(editor, at(annotation)) == outdated.json()["current"]


def test_a_deletion_can_be_undone(source: Source, editor: APIClient) -> None:
    annotation = factories.make_annotation(source)

    deleted = editor.delete(at(annotation), headers={"If-Match": 'W/"v1"'})

    assert (deleted.status_code, deleted.json()["deleted"]) == (200, True)
    assert editor.get(at(annotation)).status_code == 404
    assert read(editor, tagging(source))["annotations"] == []
    restored = editor.post(at(annotation, "restore"))
    assert (restored.status_code, restored.json()["deleted"]) == (200, False)
    assert read(editor, at(annotation)) == restored.json()


def test_what_is_published_must_be_withdrawn_before_it_is_deleted(
    source: Source, editor: APIClient
) -> None:
    annotation = factories.approved(factories.make_annotation(source))

    response = editor.delete(at(annotation), headers={"If-Match": '"v1"'})

    assert response.status_code == 409
    assert "withdraw it" in response.json()["detail"]


def test_from_a_draft_to_publication_and_back(
    source: Source, editor: APIClient, reviewer: APIClient
) -> None:
    annotation = factories.make_annotation(source)
    reader = as_role(source.desk, Role.READER)
    feed = published(source.desk, f"annotations/{annotation.id}")

    submitted = editor.post(at(annotation, "submit"), {"version": 1})
    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    assert reader.get(feed).status_code == 404
    approval = {"version": 1, "verdict": "approve"}
    approved = reviewer.post(at(annotation, "decisions"), approval)
    assert (approved.status_code, approved.json()["published_version"]) == (200, 1)
    assert approved.json()["decision"]["verdict"] == "approve"
    assert read(reader, feed)["version"] == 1
    again = reviewer.post(at(annotation, "decisions"), approval)
    assert again.status_code == 409
    withdrawn = reviewer.post(at(annotation, "withdraw"), {"reason": "It was wrong."})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert withdrawn.json()["published_version"] is None
    assert reader.get(feed).status_code == 404


def test_nobody_approves_their_own(source: Source, reviewer: APIClient) -> None:
    author = factories.member(source.desk, Role.REVIEWER)
    annotation = factories.submitted(factories.make_annotation(source, by=author))

    response = reviewer.post(at(annotation, "decisions"), {"version": 1, "verdict": "approve"})

    assert response.status_code == 403
    assert "another reviewer" in response.json()["detail"]
    annotation.refresh_from_db()
    assert annotation.published_id is None


@pytest.mark.parametrize("verdict", ["return", "reject"])
def test_a_refusal_needs_a_note(source: Source, reviewer: APIClient, verdict: str) -> None:
    annotation = factories.submitted(factories.make_annotation(source))
    body = {"version": 1, "verdict": verdict}

    without = reviewer.post(at(annotation, "decisions"), {**body, "note": "  "})
    assert without.status_code == 422
    assert list(without.json()["errors"]) == ["note"]
    outdated = reviewer.post(at(annotation, "decisions"), {**body, "version": 2, "note": "Why"})
    assert outdated.status_code == 412
    noted = reviewer.post(at(annotation, "decisions"), {**body, "note": "Take it all."})
    assert noted.status_code == 200
    assert noted.json()["decision"]["note"] == "Take it all."


def test_a_relation_is_the_next_version_of_the_one_that_carries_it(
    source: Source, editor: APIClient
) -> None:
    quote = factories.make_annotation(source, kind=Kind.QUOTE)
    place = factories.make_annotation(source)
    body = {"from": str(quote.id), "version": 1, "type": "said_by", "to": str(place.id)}

    made = editor.post(work(source.desk, "relations"), body)

    assert made.status_code == 201, made.content
    relation = made.json()
    assert relation == {
        "id": relation["id"],
        "type": "said_by",
        "from": str(quote.id),
        "to": str(place.id),
        "version": 2,
    }
    assert editor.post(work(source.desk, "relations"), body).status_code == 412
    twice = editor.post(work(source.desk, "relations"), {**body, "version": 2})
    assert twice.status_code == 422
    address = work(source.desk, f"relations/{relation['id']}")
    assert editor.delete(address).status_code == 428
    dropped = editor.delete(address, headers={"If-Match": '"v2"'})
    assert (dropped.status_code, dropped.json()["relations"]) == (200, [])
    assert editor.delete(address, headers={"If-Match": '"v3"'}).status_code == 404


def test_the_register_takes_and_finds_records(desk: Desk, editor: APIClient) -> None:
    address = work(desk, "entities")

    made = editor.post(
        address, {"name": "Baku", "type": "place", "aliases": ["Bakı"], "wikidata": "Q9248"}
    )

    assert made.status_code == 201
    record = Entity.objects.get()
    assert made.json() == {
        "id": str(record.id),
        "name": "Baku",
        "type": "place",
        "aliases": ["Bakı"],
        "wikidata": "Q9248",
    }
    assert read(editor, address, q="bak") == [made.json()]
    assert read(editor, address, q="Ankara") == []
    assert editor.post(address, {"name": "Baku", "type": "place"}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_release_is_cut_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_send", lambda _id: None)
    desk = factories.make_desk()
    manager = as_role(desk, Role.MANAGER)
    assert manager.post(work(desk, "releases"), {}).status_code == 409
    factories.approved(factories.make_annotation(factories.make_source(desk)))

    response = manager.post(work(desk, "releases"), {"notes": "The first."})

    assert response.status_code == 202
    assert run(manager, response["Location"])["release"] == 1
