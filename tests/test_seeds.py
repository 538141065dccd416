"""The sample corpus: what the files say, and what loading them gives."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from annotations.models import Annotation, Decision, Desk, Entity, Job, Revision, State
from tests.factories import CORPUS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The demo, loaded once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        call_command("load_seeds", demo=True)
        yield
        transaction.set_rollback(True)


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CORPUS / name).read_text(encoding="utf-8"))


def gold() -> list[dict[str, Any]]:
    lines = (CORPUS / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_article_is_the_one_that_its_provenance_names() -> None:
    provenance = read_toml("provenance.toml")

    data = (CORPUS / provenance["file"]).read_bytes()

    assert hashlib.sha256(data).hexdigest() == provenance["sha256"]
    assert data.decode().startswith(provenance["title"])


def test_states_and_register_name_annotations_that_are_there() -> None:
    refs = {row["ref"] for row in gold()}
    states = read_toml("states.toml")
    listed = [*states["draft"], *states["submitted"], *states["returned"], *states["rejected"]]
    mentions = [ref for each in read_toml("register.toml")["records"] for ref in each["mentions"]]

    assert set(listed) | set(states["second_editor"]) | set(mentions) <= refs
    assert max(Counter(listed).values()) == max(Counter(mentions).values()) == 1


@pytest.mark.usefixtures("demo")
def test_the_demo_has_something_of_every_state() -> None:
    states = Counter(Annotation.objects.values_list("head__state", flat=True))
    assert sum(states.values()) == 60
    assert states.keys() == set(State) - {State.WITHDRAWN}
    assert states[State.APPROVED] == Annotation.objects.published().count() > 40
    assert Job.objects.get().type == Job.Type.RELEASE
    assert Desk.objects.get().is_public


@pytest.mark.usefixtures("demo")
def test_every_seeded_span_has_the_words_of_the_article() -> None:
    text = Revision.objects.get().text
    expected = Counter(
        (span["start"], span["end"], span["exact"]) for row in gold() for span in row["spans"]
    )
    spans = Counter(
        Annotation.objects.values_list(
            "head__spans__start", "head__spans__end", "head__spans__exact"
        )
    )
    assert spans == expected
    assert all(text[start:end] == exact for start, end, exact in spans)


@pytest.mark.usefixtures("demo")
def test_mentions_point_to_the_register_and_links_lead_to_annotations() -> None:
    aliyev = Entity.objects.get(name="Ilham Aliyev")
    mentions = Annotation.objects.filter(head__fields__entity=str(aliyev.id))
    links = Annotation.objects.filter(head__relations__isnull=False)
    assert mentions.count() == 2
    assert links.count() == sum(bool(row["relations"]) for row in gold())


@pytest.mark.usefixtures("demo")
def test_nobody_approved_their_own() -> None:
    for decision in Decision.objects.select_related("version"):
        assert decision.by_id != decision.version.author_id
