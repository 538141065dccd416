"""One claim and one quote by themselves."""

from __future__ import annotations

import pytest

from annotations.models import Desk, Kind, RelationType
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published, read
from tests.api.published.test_published import shown

pytestmark = pytest.mark.django_db


def test_each_is_as_in_its_list_and_in_the_words_of_schema_org(desk: Desk) -> None:
    source = factories.make_source(desk)
    baku = factories.make_entity(desk, "Baku", wikidata="Q9248")
    mention = shown(source, fields={"entity": str(baku.id)})
    fields = {"normalized": "Baku said no.", "verdict": "supported"}
    about, by = (Link(type, mention.id) for type in (RelationType.ABOUT, RelationType.SAID_BY))
    claim = shown(source, kind=Kind.CLAIM, fields=fields, links=[about])
    quote = shown(source, kind=Kind.QUOTE, links=[by])

    for path, row in (("claims", claim), ("quotes", quote)):
        [listed] = read(anonymous(), published(desk, path))["results"]
        assert read(anonymous(), published(desk, f"{path}/{row.id}")) == listed

    linked = {"Accept": "application/ld+json"}
    review = anonymous().get(published(desk, f"claims/{claim.id}"), headers=linked)
    quotation = anonymous().get(published(desk, f"quotes/{quote.id}"), headers=linked)
    assert review["Content-Type"] == "application/ld+json"
    assert (review.json()["@type"], review.json()["author"]["name"]) == ("ClaimReview", desk.name)
    assert review.json()["itemReviewed"]["about"][0]["name"] == "Baku"
    assert quotation.json()["creator"]["sameAs"] == "http://www.wikidata.org/entity/Q9248"
    assert review["Vary"].find("Accept") >= 0


def test_what_is_of_another_kind_or_not_published_is_not_there(desk: Desk) -> None:
    source = factories.make_source(desk)
    quote = shown(source, kind=Kind.QUOTE)
    draft = factories.make_annotation(source, kind=Kind.CLAIM)

    for row in (quote, draft):
        response = anonymous().get(published(desk, f"claims/{row.id}"))
        assert response.status_code == 404


def test_one_is_not_sent_twice(desk: Desk) -> None:
    address = published(desk, f"claims/{shown(factories.make_source(desk), kind=Kind.CLAIM).id}")
    etag = anonymous().get(address)["ETag"]

    assert anonymous().get(address, headers={"If-None-Match": etag}).status_code == 304
