"""The client in docs/client: in step with the OpenAPI document, and working."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import socket
import threading
import types
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from pytest_django.live_server_helper import LiveServer

from annotations.models import Desk, Role
from annotations.services.review import withdraw
from tests import factories
from tests.web.rows import make_release

MODULE = Path(__file__).parents[3] / "docs" / "client" / "imprimatur.py"
# What each type of the client is in the document.
TYPES = {
    "Span": "SpanOutput",
    "Relation": "LinkOutput",
    "Author": "AuthorOutput",
    "Annotation": "AnnotationOutput",
    "Record": "EntityOutput",
    "Mention": "MentionOutput",
    "SourceReference": "SourceReference",
    "Claim": "ClaimOutput",
    "Quote": "QuoteOutput",
    "EntityMention": "EntityMentionOutput",
    "RecordWithMentions": "EntityDetailOutput",
    "Retraction": "RetractionOutput",
    "Change": "ChangeOutput",
    "Changes": "ChangesOutput",
    "ReleaseFile": "ReleaseFileOutput",
}


def client() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("imprimatur", MODULE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", TYPES)
def test_its_types_have_the_members_that_the_document_names(name: str) -> None:
    schemas = SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"]
    described = schemas[TYPES[name]]

    typed = getattr(client(), name)

    assert typed.__total__
    assert typed.__annotations__.keys() == described["properties"].keys()
    assert set(described["required"]) == typed.__required_keys__


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return factories.make_desk(is_public=True)


def test_it_lists_reads_follows_and_downloads(
    desk: Desk, live_server: LiveServer, tmp_path: Path
) -> None:
    source = factories.make_source(desk)
    first, second = (
        factories.approved(factories.make_annotation(source, spans=[(start, start + 4)]))
        for start in (0, 8)
    )
    ours = client().Desk(live_server.url, desk.slug)
    copy: dict[str, Any] = {}

    after = ours.follow(copy)
    assert copy == {each["id"]: each for each in ours.annotations()}
    assert copy[str(first.id)] == ours.annotation(str(first.id))
    [span] = copy[str(second.id)]["spans"]
    assert ours.text(str(source.id))[span["start"] : span["end"]] == span["exact"]
    assert [each["id"] for each in ours.annotations(q="Ankara", kind="entity")] == []
    withdraw(annotation=first, by=factories.member(desk, Role.REVIEWER), reason="Misread.")
    assert ours.follow(copy, after) > after
    assert list(copy) == [str(second.id)]

    release = make_release(desk)
    [file] = ours.download(tmp_path / "release")
    assert file.name == "manifest.json"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == release.files.get().sha256


def test_it_gives_a_record_with_all_its_mentions(desk: Desk, live_server: LiveServer) -> None:
    record = factories.make_entity(desk, "Baku", wikidata="Q9248")
    source = factories.make_source(desk, language="en-GB")
    rows = [
        factories.make_annotation(source, spans=[(n, n + 4)], fields={"entity": str(record.id)})
        for n in range(3)
    ]
    ids = [str(factories.approved(row).id) for row in rows]
    ours = client().Desk(live_server.url, desk.slug)

    assert ours.record(str(record.id))["mention_count"] == 3
    assert [each["id"] for each in ours.mentions_of(str(record.id))] == ids
    assert [each["id"] for each in ours.mentions(wikidata="Q9248")] == ids
    assert [each["id"] for each in ours.sources(language="en")] == [str(source.id)]
    assert list(ours.sources(language="tr")) == []


def test_it_begins_a_copy_with_the_export_and_follows(desk: Desk, live_server: LiveServer) -> None:
    source = factories.make_source(desk)
    first, second = (
        factories.approved(factories.make_annotation(source, spans=[(start, start + 4)]))
        for start in (0, 8)
    )
    ours = client().Desk(live_server.url, desk.slug)

    annotations, after = ours.export()
    copy = {each["id"]: each for each in annotations}

    assert copy == {each["id"]: each for each in ours.annotations()}
    assert list(copy) == [str(first.id), str(second.id)]
    withdraw(annotation=first, by=factories.member(desk, Role.REVIEWER), reason="Misread.")
    assert ours.follow(copy, after) > after
    assert list(copy) == [str(second.id)]


CUT = (
    b'HTTP/1.1 200 OK\r\nLink: <http://x/changes?after=7>; rel="next"\r\n'
    b"Transfer-Encoding: chunked\r\n\r\n" + b'a\r\n{"id": 1}\n\r\n'
)


def test_an_export_that_was_cut_off_is_not_taken_for_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(CUT)

        server = threading.Thread(target=answer)
        server.start()
        port = listening.getsockname()[1]
        annotations, after = client().Desk(f"http://127.0.0.1:{port}", "desk").export()

        with pytest.raises(http.client.IncompleteRead):
            list(annotations)
        assert after == 7
        server.join()


def test_a_refusal_says_why(desk: Desk, live_server: LiveServer) -> None:
    module = client()
    ours = module.Desk(live_server.url, desk.slug)

    with pytest.raises(module.Problem) as refused:
        next(ours.annotations(kind="poem"))

    assert refused.value.status == 400
    assert list(refused.value.errors) == ["kind"]
