"""The OpenAPI document says what the API does, and anybody can read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft4Validator, FormatChecker
from rest_framework.test import APIClient

from annotations.api.published.annotations import PassageList, ShapedList
from annotations.api.serializers.fields import Input
from annotations.api.views import DeskView, PublishedView, WorkView
from annotations.models import Annotation, Desk, Entity, Kind, RelationType, Role, Source
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import Link
from tests import factories
from tests.api.client import anonymous, as_role, published, work
from tests.api.test_access import PUBLISHED, WORK
from tests.web.rows import make_release


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_and_nothing_in_it_is_guessed() -> None:
    GENERATOR_STATS.reset()

    validate_schema(SchemaGenerator().get_schema(request=None, public=True))

    assert not GENERATOR_STATS


def test_every_route_and_method_is_in_the_document(document: dict[str, Any]) -> None:
    described = {(path, method) for path, method, _ in operations(document)}

    assert len(described) == len(PUBLISHED) + len(WORK)


def test_every_operation_says_what_it_is_and_which_problems_it_has(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert {"400", "401", "403", "404"} <= operation["responses"].keys(), (path, method)
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.parametrize("path", ["annotations", "claims", "quotes", "entities"])
def test_lists_name_their_filters_and_how_to_page(document: dict[str, Any], path: str) -> None:
    said = document["paths"][f"/api/v1/desks/{{desk}}/{path}"]["get"]["parameters"]

    names = {parameter["name"] for parameter in said}
    filters = {"q", "label", "source", "entity", "speaker", "updated_after"}
    assert names >= filters | {"cursor", "page_size", "fields", "include"}


@pytest.mark.django_db
def test_the_document_and_its_page_need_no_sign_in() -> None:
    document = anonymous().get("/api/v1/openapi.json")
    page = anonymous().get("/api/docs/")

    assert document.status_code == 200
    assert document.json()["info"]["title"] == "Imprimatur API"
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_the_document_is_generated_once_and_known_by_its_etag(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = anonymous().get("/api/v1/openapi.json")
    monkeypatch.delattr(SchemaGenerator, "get_schema")

    again = anonymous().get("/api/v1/openapi.json?version=2&lang=de")
    known = anonymous().get("/api/v1/openapi.json", headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "application/vnd.oai.openapi+json"
    assert first.json() == again.json() == json.loads(json.dumps(document))
    assert (known.status_code, known.content) == (304, b"")
    assert known["ETag"] == first["ETag"] == again["ETag"]
    assert {known["Cache-Control"], first["Cache-Control"]} == {"no-cache"}


@pytest.mark.django_db
def test_the_page_needs_no_script_or_style_that_the_policy_forbids(client: Client) -> None:
    page = client.get("/api/docs/")

    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)
    for style in re.findall(r"<style[^>]*>", page.text):
        nonce = re.search(r'nonce="([^"]+)"', style)
        assert nonce
        assert f"'nonce-{nonce[1]}'" in policy
    scripts = re.findall(r'<script[^>]*\ssrc="([^"]+)"', page.text)
    assert len(scripts) == 5
    for address in scripts:
        script = client.get(address.replace("&amp;", "&"))
        assert script.status_code == 200, address
        assert "javascript" in script["Content-Type"], address


class Tour:
    """Asks, and checks each answer against what the document says of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[str] = set()

    def get(self, client: APIClient, address: str, **headers: str) -> Any:
        return self.checked("get", address, client.get(address, headers=headers))

    def send(self, client: APIClient, method: str, address: str, body: Any = None) -> Any:
        header = {"If-Match": '"v1"'} if method in ("patch", "delete") else {}
        response = getattr(client, method)(address, body or {}, headers=header)
        return self.checked(method, address, response)

    def checked(self, method: str, address: str, response: Any) -> Any:
        operation = self.document["paths"][self.path(address)][method]
        answers = operation["responses"]
        status = str(response.status_code)
        assert status in answers, (method, address, status, response.content)
        if status == "204":
            assert not response.content
            self.seen.add(operation["operationId"])
            return None
        media_type = response["Content-Type"].partition(";")[0]
        content = answers[status]["content"]
        assert media_type in content, (method, address, media_type)
        is_json = media_type.endswith("json")
        if is_json:
            schema = resolved(content[media_type]["schema"], self.document)
            checker = Draft4Validator(schema, format_checker=FormatChecker())
            errors = [error.message for error in checker.iter_errors(response.json())]
            assert errors == [], (method, address)
        self.seen.add(operation["operationId"])
        if response.streaming:
            list(response)  # to its end, so that it is closed
        return response.json() if is_json else None

    def path(self, address: str) -> str:
        """The path in the document that matches; of several, the one with fewest variables."""
        bare = address.partition("?")[0]
        found = [
            path
            for path in self.document["paths"]
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)), bare)
        ]
        return min(found, key=lambda path: path.count("{"))


def resolved(schema: Any, document: dict[str, Any]) -> Any:
    """JSON Schema from OpenAPI 3.0: references in place, `nullable` as a type, no other keys."""
    if isinstance(schema, list):
        return [resolved(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        found = resolved(document["components"]["schemas"][schema["$ref"].split("/")[-1]], document)
    else:
        found = {name: resolved(each, document) for name, each in schema.items()}
    if found.pop("nullable", False):
        return {"anyOf": [{"type": "null"}, found]}
    if "properties" in found and isinstance(found["properties"], dict):
        found.setdefault("additionalProperties", False)
    return found


def tour_of_talk(tour: Tour, desk: Desk, annotation: str) -> None:
    manager, me = as_role(desk, Role.MANAGER), factories.member(desk, Role.MANAGER)
    talk = work(desk, f"annotations/{annotation}/comments")
    said = tour.send(manager, "post", talk, {"body": "Is that so?", "mentions": [str(me.id)]})
    tour.send(manager, "post", talk, {"id": said["id"], "body": "Is that so?"})
    tour.send(manager, "post", talk, {"body": "Yes.", "thread": said["id"]})
    comment = work(desk, f"comments/{said['id']}")
    tour.send(manager, "patch", comment, {"body": "Really?"})
    for step in ("resolve", "reopen", "restore", "resolve"):
        tour.send(manager, "post", f"{comment}/{step}")
    tour.send(manager, "delete", comment)
    tour.get(manager, talk)
    tour.checked("post", f"{talk}/seen", manager.post(f"{talk}/seen"))
    tour.get(manager, work(desk, "members"))


@dataclass(frozen=True)
class Published:
    """What a desk has published, one of each kind, and a flag that it has withdrawn since."""

    source: Source
    record: Entity
    quote: Annotation
    claim: Annotation
    flag: Annotation


def publish(desk: Desk) -> Published:
    source = factories.make_source(desk, published_on="2020-09-15")
    record = factories.make_entity(desk, "Baku", wikidata="Q9248")
    mention, _ = (
        factories.approved(factories.make_annotation(source, fields={"entity": str(each.id)}))
        for each in (record, factories.make_entity(desk, "Nowhere"))
    )
    said_by = Link(RelationType.SAID_BY, mention.id)
    quote = factories.approved(factories.make_annotation(source, kind=Kind.QUOTE, links=[said_by]))
    claim = factories.make_annotation(
        source,
        kind=Kind.CLAIM,
        fields={"normalized": "A claim.", "evidence": ["https://example.org/"]},
        links=[Link(RelationType.ABOUT, mention.id), Link(RelationType.STATED_IN, quote.id)],
    )
    flag = factories.approved(factories.make_annotation(source, kind=Kind.FLAG))
    withdraw(annotation=flag, by=factories.member(desk, Role.REVIEWER), reason="It was wrong.")
    make_release(desk)
    return Published(source, record, quote, factories.approved(claim), flag)


def tour_of_published(tour: Tour, desk: Desk, shown: Published) -> None:
    source, record = f"sources/{shown.source.id}", f"entities/{shown.record.id}"
    claim, quote = shown.claim.id, shown.quote.id
    for path in (
        "annotations", "annotations?page_size=1", "annotations/export",
        f"annotations/{claim}", "claims", "quotes",
        "entities", "changes", "sources", source, f"{source}/text", f"claims/{claim}",
        f"quotes/{quote}", record, f"{record}?page_size=1",
        "annotations/", "annotations/?page=first&iris=1", f"{source}/annotations/",
        "releases", "releases/1", "releases/latest", "releases/1/diff", "annotations?kind=x",
        f"annotations/{shown.flag.id}",
    ):  # fmt: skip
        tour.get(anonymous(), published(desk, path))
    for path in (f"annotations/{claim}", f"claims/{claim}", f"quotes/{quote}"):
        tour.get(anonymous(), published(desk, path), Accept="application/ld+json")


def tour_of_work(tour: Tour, desk: Desk, shown: Published) -> None:
    manager = as_role(desk, Role.MANAGER)
    tagging = work(desk, f"sources/{shown.source.id}/annotations")
    tag = {"kind": "entity", "label": "place", "spans": [{"start": 0, "end": 6}]}
    made = [tour.send(manager, "post", tagging, tag)["id"] for _ in range(4)]
    first, second, third, fourth = (work(desk, f"annotations/{id}") for id in made)
    tour.send(manager, "post", f"{tagging}/batch", {"annotations": [{**tag, "id": made[0]}]})
    tour.send(manager, "post", tagging, {})
    tour.get(manager, tagging)
    tour.get(anonymous(), tagging)
    tour.get(manager, first)
    tour.get(manager, work(desk, "annotations?q=ank"))
    tour.send(manager, "patch", first, {"label": "person"})
    assert tour.send(manager, "patch", first, {"label": "person"})["status"] == 412
    tour.send(manager, "delete", second)
    tour.send(manager, "post", f"{second}/restore")
    link = {"from": made[3], "version": 1, "type": "same_as", "to": made[0]}
    relation = tour.send(manager, "post", work(desk, "relations"), link)
    tour.send(manager, "delete", work(desk, f"relations/{relation['id']}"))
    tour.get(manager, fourth)
    tour_of_review(tour, manager, third)
    claim = work(desk, f"annotations/{shown.claim.id}")
    tour.send(manager, "post", f"{claim}/withdraw", {"reason": "Wrong."})
    tour_of_talk(tour, desk, made[0])


def tour_of_review(tour: Tour, manager: APIClient, annotation: str) -> None:
    """The manager may not approve what they wrote, but may return it."""
    tour.send(manager, "post", f"{annotation}/submit", {"version": 1})
    tour.send(manager, "post", f"{annotation}/recall", {"version": 1})
    tour.send(manager, "post", f"{annotation}/submit", {"version": 1})
    decision = {"version": 1, "verdict": "approve"}
    tour.send(manager, "post", f"{annotation}/decisions", decision)
    decision = {"version": 1, "verdict": "return", "note": "Why"}
    assert tour.send(manager, "post", f"{annotation}/decisions", decision)["decision"]


def tour_of_the_desk(tour: Tour, desk: Desk, shown: Published) -> None:
    manager = as_role(desk, Role.MANAGER)
    tour.get(manager, work(desk, f"sources/{shown.source.id}"))
    tour.get(manager, work(desk, "entities"))
    tour.send(manager, "post", work(desk, "entities"), {"name": "Ankara", "type": "place"})
    ask_for_proposals(tour, manager, desk)
    job = tour.send(manager, "post", work(desk, "sources"), {"title": "T", "text": "A text."})
    tour.get(manager, work(desk, f"jobs/{job['id']}"))
    tour.send(manager, "post", work(desk, "releases"), {"notes": ""})


@pytest.mark.django_db
def test_every_answer_is_as_the_document_says(document: dict[str, Any]) -> None:
    tour, desk = Tour(document), factories.make_desk(is_public=True)
    shown = publish(desk)

    tour_of_published(tour, desk, shown)
    tour_of_work(tour, desk, shown)
    tour_of_the_desk(tour, desk, shown)

    asked = {operation["operationId"] for _, _, operation in operations(document)}
    assert asked - tour.seen == {"releases_file"}  # a file is what it is


def ask_for_proposals(tour: Tour, manager: APIClient, desk: Desk) -> None:
    source = factories.make_source(desk, text="Baku and Baku")
    mention = factories.make_annotation(source, spans=[(0, 4)])
    search = work(desk, f"annotations/{mention.id}/suggestions")
    tour.get(manager, search)
    proposed = tour.send(manager, "post", search)["suggestions"]
    ids = {"ids": [each["id"] for each in proposed]}
    tour.send(manager, "post", search, {"scope": "desk"})
    tour.get(manager, work(desk, "suggestions"))
    tour.get(manager, work(desk, "suggestions?state=lost"))
    for step in ("accept", "reopen", "dismiss", "accept"):
        tour.send(manager, "post", work(desk, f"suggestions/{step}"), ids)


def test_notes_for_those_who_change_the_code_stay_out(document: dict[str, Any]) -> None:
    said = json.dumps(document)

    for each in (DeskView, PublishedView, WorkView, PassageList, ShapedList, Input):
        assert each.__doc__
        assert each.__doc__ not in said
