"""Lists that a client has already are not read again, and what changed always is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Kind, Role, Source, User
from annotations.queries.published.cache_state import standing_of
from annotations.services.desks import set_public
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import edit_annotation
from tests import factories
from tests.api.client import anonymous, as_role, published, with_key
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db

PASSAGES = ("annotations", "claims", "quotes", "entities")
LISTS = (*PASSAGES, "sources", "changes", "releases")


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


@pytest.fixture
def source(desk: Desk) -> Source:
    return factories.make_source(desk)


def shown(source: Source, start: int = 0, **said: Any) -> Annotation:
    return factories.approved(factories.make_annotation(source, spans=[(start, start + 6)], **said))


def asked(desk: Desk, path: str, etag: str = "") -> HttpResponse:
    headers = {"If-None-Match": etag} if etag else {}
    response: HttpResponse = anonymous().get(published(desk, path), headers=headers)
    return response


def etags(desk: Desk, paths: tuple[str, ...] = LISTS) -> dict[str, str]:
    return {path: asked(desk, path)["ETag"] for path in paths}


def changed(desk: Desk, known: dict[str, str]) -> set[str]:
    """The lists that are sent again."""
    return {path for path, etag in known.items() if asked(desk, path, etag).status_code != 304}


@pytest.mark.parametrize("path", [*LISTS, "annotations?kind=entity&fields=id", "claims?q=army"])
def test_a_list_that_is_known_is_not_read(
    desk: Desk,
    source: Source,
    path: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    shown(source)
    make_release(desk)
    first = asked(desk, path)
    assert first["ETag"].startswith('W/"')

    with django_assert_num_queries(2):  # the desk, and how far it has come
        again = asked(desk, path, first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_key_needs_one_statement_more(
    desk: Desk, source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The key's own, which brings its desk; the first that names when it was used."""
    client = with_key(desk, factories.member(desk, Role.EDITOR))
    address = published(desk, "annotations")
    etag = client.get(address)["ETag"]

    with django_assert_num_queries(2):
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_page_of_annotations_is_read_by_one_statement(
    desk: Desk, source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown(source)
    shown(source, 8)

    with django_assert_num_queries(3):
        assert len(asked(desk, "annotations").json()["results"]) == 2


def edited(annotation: Annotation) -> Annotation:
    annotation = Annotation.objects.select_related("head", "desk").get(id=annotation.id)
    return edit_annotation(
        annotation=annotation,
        by=factories.member(annotation.desk, Role.EDITOR),
        expected_version=annotation.head.number,
        label="person",
    )


def retracted(annotation: Annotation) -> None:
    annotation = Annotation.objects.select_related("head", "desk").get(id=annotation.id)
    reviewer = factories.member(annotation.desk, Role.REVIEWER)
    withdraw(annotation=annotation, by=reviewer, reason="Misread.")


@pytest.mark.parametrize(
    ("happens", "shows"),
    [
        (lambda annotation: shown(annotation.source, 8), {*PASSAGES, "sources", "changes"}),
        (
            lambda annotation: shown(annotation.source, kind=Kind.CLAIM),
            {*PASSAGES, "sources", "changes"},
        ),
        (lambda annotation: factories.approved(edited(annotation)), set(LISTS) - {"releases"}),
        (retracted, {*PASSAGES, "sources", "changes"}),
        (edited, set()),
        (lambda annotation: make_release(annotation.desk), {"releases"}),
    ],
    ids=["approved", "another kind", "corrected", "withdrawn", "a draft", "released"],
)
def test_what_changes_something_shows(
    desk: Desk, source: Source, happens: Callable[[Annotation], Any], shows: set[str]
) -> None:
    annotation = shown(source)
    known = etags(desk)
    assert changed(desk, known) == set()

    happens(annotation)

    assert changed(desk, known) == shows


def test_a_new_name_shows_also_of_those_who_left(desk: Desk, source: Source) -> None:
    annotation = shown(source)
    assert annotation.published is not None
    author = annotation.published.author
    author.memberships.all().delete()
    known = etags(desk)

    User.objects.filter(id=author.id).update(name="Another Name")

    assert changed(desk, known) == {*PASSAGES, "changes"}
    [said] = asked(desk, "annotations").json()["results"]
    assert said["author"]["name"] == "Another Name"


def test_only_names_count_as_names(desk: Desk) -> None:
    person = factories.member(desk, Role.EDITOR)
    before = standing_of(desk).names

    person.is_staff = True
    person.save()
    assert standing_of(desk).names == before
    User.objects.filter(id=person.id).update(name="A", email="a@example.org")
    User.objects.filter(id=person.id).update(name="B")
    assert standing_of(desk).names == before + 2


def test_what_is_known_is_not_there_for_those_who_may_no_longer_read(
    desk: Desk, source: Source
) -> None:
    shown(source)
    known = etags(desk)

    set_public(desk=desk, by=factories.member(desk, Role.MANAGER), public=False)

    statuses = {asked(desk, path, etag).status_code for path, etag in known.items()}
    assert statuses == {401}
    member = as_role(desk, Role.READER)
    again = member.get(published(desk, "annotations"), headers={"If-None-Match": known["claims"]})
    assert again.status_code == 200


def test_each_address_has_its_own(desk: Desk, source: Source) -> None:
    shown(source)
    addresses = (
        "annotations",
        "annotations?page_size=1",
        "annotations?fields=id",
        "annotations?q=a",
    )

    assert len(set(etags(desk, addresses).values())) == len(addresses)


def test_one_desk_s_events_are_not_another_s(desk: Desk, source: Source) -> None:
    shown(source)
    known = etags(desk)

    shown(factories.make_source(factories.make_desk()))

    assert changed(desk, known) == set()
