"""The compact response says what the work API says, without a Python object an annotation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from annotations.models import Annotation, Desk, Kind, RelationType, Role, Source
from annotations.queries.annotations.work import work_documents
from annotations.services.tagging.annotations import delete_annotation
from annotations.services.tagging.new_version import Link
from tests.factories import (
    approved,
    make_annotation,
    make_comment,
    make_desk,
    make_source,
    make_user,
    member,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def reader(desk: Desk) -> Client:
    client = Client()
    client.force_login(member(desk, Role.READER))
    return client


def address(source: Source) -> str:
    return f"/desks/{source.desk.slug}/sources/{source.id}/annotations/"


def compact(client: Client, source: Source) -> dict[str, Any]:
    response = client.get(address(source))
    assert response.status_code == 200
    return json.loads(response.content)


def spelled_out(compact: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows as the work API writes them, without what the page has in its text."""
    people = compact["people"]
    talk = {id: {"open": open, "total": total} for id, open, total in compact["talk"]}
    return [
        {
            "id": id,
            "kind": kind,
            "label": label,
            "state": state,
            "version": version,
            "published_version": published,
            "author": {"id": people[author][0], "name": people[author][1]},
            "created_at": created,
            "updated_at": updated,
            "revision": revision,
            "spans": list(zip(ends[::2], ends[1::2], strict=True)),
            "relations": [{"id": uid, "type": type, "to": to} for uid, type, to in links],
            "decision": decision
            and dict(zip(["verdict", "note", "by", "at"], decision, strict=True)),
            "origin": origin,
            "fields": fields,
            "comments": talk.get(id, {"open": 0, "total": 0}),
        }
        for id, kind, label, state, version, published, author, created, updated, revision, ends,
            links, decision, origin, fields in compact["annotations"]
    ]  # fmt: skip


def by_work_api(source: Source) -> list[dict[str, Any]]:
    present = Annotation.objects.present().filter(source=source).order_by("id")
    documents = json.loads(json.dumps(work_documents(present), default=str))
    left_out = {"prefix", "suffix", "source", "revision_sha256", "deleted"}
    for document in documents:
        document["spans"] = [(span["start"], span["end"]) for span in document["spans"]]
        document["created_at"] = milliseconds(document["created_at"])
        document["updated_at"] = milliseconds(document["updated_at"])
        if document["decision"]:
            document["decision"]["at"] = milliseconds(document["decision"]["at"])
    return [
        {key: value for key, value in each.items() if key not in left_out} for each in documents
    ]


def milliseconds(time: str) -> int:
    since = datetime.fromisoformat(time) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // (since.resolution * 1000)


def test_it_says_what_the_work_api_says(reader: Client, desk: Desk, source: Source) -> None:
    baku = make_annotation(source, spans=[(29, 33)])
    make_comment(baku, thread=make_comment(baku))
    make_comment(baku)
    gone = make_annotation(source, spans=[(20, 24)])
    elsewhere = make_annotation(make_source(desk), kind=Kind.CLAIM)
    about = [Link(RelationType.ABOUT, baku.id), Link(RelationType.ABOUT, gone.id)]
    make_annotation(source, kind=Kind.FLAG, links=about, fields={"note": 'A "note"\n\\ 🎉 é'})
    make_annotation(source, kind=Kind.CLAIM, links=[Link(RelationType.CONTRADICTS, elsewhere.id)])
    make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17), (34, 38)])
    submitted(make_annotation(source))
    approved(make_annotation(source))
    returned(make_annotation(source))
    rejected(make_annotation(source))
    delete_annotation(annotation=gone, by=member(desk, Role.EDITOR), expected_version=1)

    rows = spelled_out(compact(reader, source))

    assert rows == by_work_api(source)
    assert {row["state"] for row in rows} == {
        "draft", "submitted", "approved", "returned", "rejected",
    }  # fmt: skip
    assert {row["decision"]["verdict"] for row in rows if row["decision"]} == {
        "approve", "return", "reject",
    }  # fmt: skip
    assert str(gone.id) not in {row["id"] for row in rows}


def test_a_source_without_annotations_is_valid_json(reader: Client, source: Source) -> None:
    found = compact(reader, source)

    assert (found["annotations"], found["people"]) == ([], [])
    assert found["cursor"] >= 1


def test_it_costs_few_statements_however_much_is_tagged(
    reader: Client, source: Source, django_assert_max_num_queries: Any
) -> None:
    for end in range(1, 21):
        make_annotation(source, spans=[(0, end)])

    with django_assert_max_num_queries(7):
        assert len(compact(reader, source)["annotations"]) == 20


def test_it_is_sent_again_only_when_something_happened(reader: Client, source: Source) -> None:
    first = reader.get(address(source))
    known = {"If-None-Match": first["ETag"]}
    assert reader.get(address(source), headers=known).status_code == 304

    make_annotation(source)

    assert reader.get(address(source), headers=known).status_code == 200
    assert {"private", "no-store"} <= set(first["Cache-Control"].split(", "))


def test_it_is_sent_again_when_a_member_has_another_name(reader: Client, source: Source) -> None:
    author = make_annotation(source).created_by
    known = {"If-None-Match": reader.get(address(source))["ETag"]}

    author.name = "Another Name"
    author.save()

    again = reader.get(address(source), headers=known)
    assert again.status_code == 200
    assert "Another Name" in again.content.decode()


def test_it_is_compressed_and_still_known_by_its_tag(reader: Client, source: Source) -> None:
    make_annotation(source)
    packed = {"Accept-Encoding": "gzip"}
    for end in range(2, 12):
        make_annotation(source, spans=[(1, end)])

    first = reader.get(address(source), headers=packed)

    assert first["Content-Encoding"] == "gzip"
    again = reader.get(address(source), headers={**packed, "If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_strangers_find_nothing_and_visitors_must_sign_in(source: Source) -> None:
    stranger = Client()
    stranger.force_login(make_user())

    assert stranger.get(address(source)).status_code == 404
    assert Client().get(address(source)).status_code == 401
