"""Schemathesis asks every operation for what its document allows and for what it forbids.

All of its checks are on, but for the one that would read parts of files. First comes what the
document's bounds and wrong methods, headers and media types give, asked by a manager; then a few
random requests of each operation, asked by everybody. The checks that follow a row through several
requests have nothing to follow here: tests/services/tagging/test_any_order.py does that.

The requests are always the same, so that a run is short and tells of the code alone;
`SCHEMATHESIS_EXAMPLES=500` asks for more, and for others each time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.meta import TestPhase

from annotations.models import Role, Scope
from annotations.queries.published import export
from annotations.services import jobs
from tests import factories
from tests.api import test_access

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
JUDGED = ["2xx", "3xx", "401", "403", "404", "409", "429"]
# A schema cannot say which cursors and names of fields there are (400), which version is the newest
# (412), where a file ends (416), which labels and fields the codebook has and where the text ends
# (422).
REJECTED_FOR_WHAT_IT_MEANS = ["400", "412", "416", "422"]
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": JUDGED + REJECTED_FOR_WHAT_IT_MEANS},
        "missing_required_header": {
            "expected-statuses": ["400", "401", "403", "404", "406", "415", "422", "428"]
        },
    },
    "operations": [
        {  # a part of a JSON file is no JSON
            "include-operation-id": "releases_file",
            "checks": {"response_schema_conformance": {"enabled": False}},
        }
    ],
}


def the_document() -> schemathesis.BaseSchema:
    said = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))
    schema = schemathesis.openapi.from_dict(said, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = get_wsgi_application()
    return schema


schema = the_document()


@dataclass(frozen=True)
class Surroundings:
    """Rows at every address, and the secrets of those who ask: none, one to read, a manager's."""

    place: test_access.Place
    secrets: tuple[str, ...]

    def arguments(self, path: str) -> dict[str, str | int]:
        """What makes a path of the document one at which there is something."""
        dummies = {"desk": "d", "id": UUID(int=0), "number": 1, "name": "n"}
        route = resolve(path.format(**dummies))
        _, *names = route.kwargs
        given = self.place.arguments.get(route.url_name, [])
        found = [each if isinstance(each, int) else str(each) for each in given]
        return {"desk": self.place.desk.slug, **dict(zip(names, found, strict=False))}


@pytest.fixture
def surroundings(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    monkeypatch.setattr(jobs, "_send", lambda _id: None)
    # Answers that nobody reads to the end are closed here whenever they happen to be collected.
    monkeypatch.setattr(export, "_free", BoundedSemaphore(1_000))
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)  # the connection is the test's
    place = test_access.make_place(is_public=True)
    secrets = [
        factories.make_key(place.desk, factories.member(place.desk, role), *scopes)[1]
        for role, scopes in ((Role.EDITOR, [Scope.WORK_READ]), (Role.MANAGER, list(Scope)))
    ]
    yield Surroundings(place, ("", *secrets))
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES or 5,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_the_document_says(
    case: schemathesis.Case, surroundings: Surroundings
) -> None:
    for name, value in surroundings.arguments(case.operation.path).items():
        case.path_parameters[name] = value
    case.headers.pop("Authorization", None)
    case.cookies.clear()
    is_random = case.meta is not None and case.meta.phase.name == TestPhase.FUZZING
    for secret in surroundings.secrets if is_random else surroundings.secrets[-1:]:
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"} if secret else {})
