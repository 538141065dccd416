"""Less of each result by `fields`, more by `include`; pages under which rows come and go."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Kind, RelationType, Role, Source
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published, read
from tests.api.published.test_published import shown

pytestmark = pytest.mark.django_db

LISTS = ["annotations", "claims", "quotes", "entities"]


@pytest.fixture
def corpus(desk: Desk, source: Source) -> dict[str, Annotation]:
    """A claim about a mention, one that contradicts it, a quote, and a link to a draft."""
    record = factories.make_entity(desk, "Baku")
    mention = shown(source, spans=[(29, 33)], fields={"entity": str(record.id)})
    hidden = factories.make_annotation(source, spans=[(0, 6)])
    links = [Link(RelationType.ABOUT, mention.id), Link(RelationType.ABOUT, hidden.id)]
    claim = shown(source, kind=Kind.CLAIM, spans=[(29, 51)], links=links)
    other = shown(source, kind=Kind.CLAIM, links=[Link(RelationType.CONTRADICTS, claim.id)])
    quote = shown(source, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, mention.id)])
    elsewhere = shown(factories.make_source(desk, title="Another"), label="organization")
    return {
        "mention": mention, "claim": claim, "other": other, "quote": quote, "elsewhere": elsewhere,
    }  # fmt: skip


def ids(documents: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in documents}


@pytest.mark.parametrize("path", LISTS)
def test_each_result_has_the_members_that_are_asked_for(
    desk: Desk, corpus: dict[str, Annotation], path: str
) -> None:
    whole = read(anonymous(), published(desk, path))["results"]

    some = read(anonymous(), published(desk, path), fields="spans,id")["results"]

    assert some == [{"spans": each["spans"], "id": each["id"]} for each in whole]


@pytest.mark.parametrize("query", [{"fields": "id,colour"}, {"fields": ""}, {"include": "author"}])
def test_a_name_that_there_is_not_is_refused_with_those_that_are(
    desk: Desk, corpus: dict[str, Annotation], query: dict[str, str]
) -> None:
    for path in [*LISTS, f"annotations/{corpus['claim'].id}"]:
        response = anonymous().get(published(desk, path), query)

        assert response.status_code == 400
        [(name, [sentence])] = response.json()["errors"].items()
        assert name in query
        assert ("relations" in sentence) == (path.startswith("annotations") or "include" in query)


def test_what_results_lead_to_comes_along_once(
    desk: Desk, source: Source, corpus: dict[str, Annotation]
) -> None:
    said = read(anonymous(), published(desk, "claims"), include="source,entities,relations")

    included = said["included"]
    assert [each["id"] for each in included["sources"]] == [str(source.id)]
    assert [each["name"] for each in included["entities"]] == ["Baku"]
    assert ids(included["annotations"]) == {
        str(corpus[name].id) for name in ("mention", "claim", "other")
    }
    assert included["annotations"] == sorted(included["annotations"], key=lambda each: each["id"])


def test_one_annotation_takes_both_too(desk: Desk, corpus: dict[str, Annotation]) -> None:
    address = published(desk, f"annotations/{corpus['claim'].id}")

    said = read(anonymous(), address, fields="id", include="relations")

    assert set(said) == {"id", "included"}
    assert ids(said["included"]["annotations"]) == {
        str(corpus[name].id) for name in ("mention", "other")
    }


def test_what_comes_along_takes_no_more_statements_for_more_results(
    desk: Desk, corpus: dict[str, Annotation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (1, 100):
        with django_assert_num_queries(8):
            read(
                anonymous(), published(desk, "annotations"),
                include="source,entities,relations", page_size=size,
            )  # fmt: skip


def test_filters_combine_on_every_list(desk: Desk, corpus: dict[str, Annotation]) -> None:
    mention, source = corpus["mention"], corpus["mention"].source_id
    everything = {"source": source, "entity": mention.id, "q": "baku"}

    found = {
        path: [
            each["id"] for each in read(anonymous(), published(desk, path), **everything)["results"]
        ]
        for path in LISTS
    }

    assert found["claims"] == [str(corpus["claim"].id)]
    assert found["entities"] == [str(mention.id)]
    assert found["quotes"] == []
    assert found["annotations"] == [str(mention.id), str(corpus["claim"].id)]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    size=st.integers(1, 4),
    happenings=st.lists(
        st.tuples(st.sampled_from(["publish", "withdraw", "nothing"]), st.integers(0, 9)),
        max_size=6,
    ),
)
def test_rows_that_stay_are_listed_once_while_others_come_and_go(
    size: int, happenings: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        desk = factories.make_desk(is_public=True)
        source = factories.make_source(desk)
        reviewer = factories.member(desk, Role.REVIEWER)
        rows = [factories.make_annotation(source, spans=[(n, n + 3)]) for n in range(10)]
        there = {row.id for row in rows[::2]}
        for row in rows[::2]:
            factories.approved(row)
        stayed, coming = set(there), iter(happenings)

        seen, address = [], f"{published(desk, 'annotations')}?page_size={size}"
        while address:
            page = read(anonymous(), address)
            seen += [each["id"] for each in page["results"]]
            address = page["next"]
            what, which = next(coming, ("nothing", 0))
            row = Annotation.objects.select_related("head", "desk").get(id=rows[which].id)
            if what == "publish" and row.head and row.head.state == "draft":
                factories.approved(row)
            elif what == "withdraw" and row.published_id:
                withdraw(annotation=row, by=reviewer, reason="It was wrong.")
                stayed.discard(row.id)

        assert len(seen) == len(set(seen))
        assert {str(id) for id in stayed} <= set(seen)
        transaction.set_rollback(True)
