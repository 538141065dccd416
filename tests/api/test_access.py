"""Every route and method of the API for everybody who may ask. One without a row here fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from annotations.api import urls
from annotations.models import (
    Annotation,
    Comment,
    Desk,
    Entity,
    Job,
    Kind,
    Relation,
    RelationType,
    Release,
    Role,
    Scope,
    Source,
)
from annotations.models.identity import new_id
from annotations.services.accounts.administration import close_desk, set_administrator
from annotations.services.desks import set_member
from annotations.services.keys import revoke_key
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.services.tagging.annotations import delete_annotation
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api import client as clients
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """What a route asks of who is let in, and the status that they get."""

    lowest: Role
    status: int = 200
    only: Role | None = None  # the role of the one author who may, where rank does not help


# The lowest role, and what success looks like.
WORK = {
    ("work-sources", "post"): Row(Role.EDITOR, 202),
    ("work-source", "get"): Row(Role.READER),
    ("work-source-annotations", "get"): Row(Role.READER),
    ("work-source-annotations", "post"): Row(Role.EDITOR, 201),
    ("batch", "post"): Row(Role.EDITOR, 201),
    ("work-annotations", "get"): Row(Role.READER),
    ("work-annotation", "get"): Row(Role.READER),
    ("work-annotation", "patch"): Row(Role.EDITOR),
    ("work-annotation", "delete"): Row(Role.EDITOR),
    ("restore", "post"): Row(Role.EDITOR),
    ("submit", "post"): Row(Role.EDITOR),
    ("recall", "post"): Row(Role.EDITOR, only=Role.EDITOR),
    ("decisions", "post"): Row(Role.REVIEWER),
    ("withdraw", "post"): Row(Role.REVIEWER),
    ("comments", "get"): Row(Role.READER),
    ("comments", "post"): Row(Role.EDITOR, 201),
    ("comments-seen", "post"): Row(Role.READER, 204),
    ("comment", "patch"): Row(Role.EDITOR, only=Role.EDITOR),
    ("comment", "delete"): Row(Role.EDITOR),
    ("comment-restore", "post"): Row(Role.EDITOR),
    ("comment-resolve", "post"): Row(Role.EDITOR),
    ("comment-reopen", "post"): Row(Role.EDITOR),
    ("members", "get"): Row(Role.READER),
    ("relations", "post"): Row(Role.EDITOR, 201),
    ("relation", "delete"): Row(Role.EDITOR),
    ("register", "get"): Row(Role.READER),
    ("register", "post"): Row(Role.EDITOR, 201),
    ("work-releases", "post"): Row(Role.MANAGER, 202),
    ("job", "get"): Row(Role.READER),
    ("search", "get"): Row(Role.READER),
    ("search", "post"): Row(Role.EDITOR, 201),
    ("suggestions", "get"): Row(Role.READER),
    ("accept", "post"): Row(Role.EDITOR),
    ("dismiss", "post"): Row(Role.EDITOR),
    ("reopen", "post"): Row(Role.EDITOR),
}
PUBLISHED = {
    (name, "get")
    for name in (
        "annotations", "annotation", "export", "claims", "quotes", "entities", "changes", "sources",
        "source",
        "text", "claim", "quote", "entity", "container", "source-container", "releases", "latest",
        "release", "release-file", "diff",
    )
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A desk with one of everything: the arguments and the body of each route."""

    desk: Desk
    arguments: dict[str, list[Any]]
    bodies: dict[tuple[str, str], dict[str, Any]]

    def ask(self, client: APIClient, name: str, method: str) -> int:
        """The status; what was written is undone, so that the next request finds all in place."""
        address = reverse(f"api:{name}", args=[self.desk.slug, *self.arguments.get(name, [])])
        with transaction.atomic():
            response = getattr(client, method)(
                address,
                self.bodies.get((name, method), {}),
                headers={"If-Match": '"v1"'} if method in ("patch", "delete") else {},
            )
            transaction.set_rollback(True)
        if response.streaming:
            list(response)  # to its end, so that it is closed
        return response.status_code


@dataclass(frozen=True)
class Things:
    """One of each thing that a route may be about."""

    source: Source
    record: Entity
    draft: Annotation
    waiting: Annotation
    shown: Annotation
    deleted: Annotation
    claim: Annotation
    said: Annotation
    twice: Annotation
    relation: Relation
    comment: Comment
    release: Release
    job: Job
    proposed: list[str]


def make_place(*, is_public: bool) -> Place:
    desk = factories.make_desk(is_public=is_public)
    things = make_things(desk)
    return Place(desk, arguments_of(things), bodies_of(things))


def make_things(desk: Desk) -> Things:
    source, record = factories.make_source(desk), factories.make_entity(desk, "Baku")
    editor = factories.member(desk, Role.EDITOR)
    draft, deleted = (
        factories.make_annotation(source, spans=[span]) for span in ((0, 6), (29, 33))
    )
    delete_annotation(annotation=deleted, by=editor, expected_version=1)
    shown = factories.make_annotation(source, spans=[(19, 22)], fields={"entity": str(record.id)})
    claim, said = (
        factories.approved(factories.make_annotation(source, kind=kind, spans=[(34, 41)]))
        for kind in (Kind.CLAIM, Kind.QUOTE)
    )
    quote = factories.make_annotation(
        source, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, draft.id)]
    )
    twice, searched = (
        factories.make_annotation(factories.make_source(desk, text="Baku and Baku"), spans=[(0, 4)])
        for _ in range(2)
    )
    proposed = suggest_occurrences(annotation=searched, by=editor).ids
    return Things(
        source=source,
        record=record,
        draft=draft,
        waiting=factories.submitted(factories.make_annotation(source, spans=[(8, 18)])),
        shown=factories.approved(shown),
        deleted=deleted,
        claim=claim,
        said=said,
        twice=twice,
        relation=quote.head.relations.get(),
        comment=factories.make_comment(draft),
        release=make_release(desk),
        job=Job.objects.create(desk=desk, type=Job.Type.IMPORT, created_by=editor),
        proposed=[str(id) for id in proposed],
    )


def arguments_of(things: Things) -> dict[str, list[Any]]:
    """By the name of the route, what its path holds after the desk."""
    of_published = {
        "annotation": things.shown.id,
        "claim": things.claim.id,
        "quote": things.said.id,
        "entity": things.record.id,
        **dict.fromkeys(("source", "text", "source-container"), things.source.id),
        **dict.fromkeys(("release", "diff"), things.release.number),
    }
    of_work = {
        **dict.fromkeys(("work-source", "work-source-annotations", "batch"), things.source.id),
        **dict.fromkeys(
            ("work-annotation", "submit", "comments", "comments-seen"), things.draft.id
        ),
        "restore": things.deleted.id,
        **dict.fromkeys(("decisions", "recall"), things.waiting.id),
        "withdraw": things.shown.id,
        **dict.fromkeys(
            ("comment", "comment-restore", "comment-resolve", "comment-reopen"), things.comment.id
        ),
        "relation": things.relation.uid,
        "job": things.job.id,
        "search": things.twice.id,
    }
    one = {name: [value] for name, value in {**of_published, **of_work}.items()}
    return {**one, "release-file": [things.release.number, "manifest.json"]}


def bodies_of(things: Things) -> dict[tuple[str, str], dict[str, Any]]:
    """By the name of the route and the method."""
    link = {"from": str(things.draft.id), "version": 1, "type": "same_as"}
    return {
        ("work-sources", "post"): {"text": "A text.", "title": "A title"},
        ("work-source-annotations", "post"): tag(),
        ("batch", "post"): {"annotations": [{"id": str(new_id()), **tag()}]},
        ("work-annotations", "get"): {"q": "Ankara"},
        ("work-annotation", "patch"): {"label": "person"},
        ("submit", "post"): {"version": 1},
        ("recall", "post"): {"version": 1},
        ("decisions", "post"): {"version": 1, "verdict": "approve"},
        ("withdraw", "post"): {"reason": "It was wrong."},
        ("comments", "post"): {"body": "Is that so?"},
        ("comment", "patch"): {"body": "That is so."},
        ("relations", "post"): {**link, "to": str(things.shown.id)},
        ("accept", "post"): {"ids": things.proposed},
        ("dismiss", "post"): {"ids": things.proposed},
        ("reopen", "post"): {"ids": things.proposed},
        ("register", "post"): {"name": "Ankara", "type": "place"},
    }


def tag() -> dict[str, Any]:
    return {"kind": "entity", "label": "place", "spans": [{"start": 0, "end": 6}]}


def routes() -> Iterator[tuple[str, str]]:
    for route in [*urls.published, *urls.editorial]:
        assert isinstance(route, URLPattern)
        view = route.callback.view_class  # type: ignore[attr-defined]
        for method in view.http_method_names:
            if method not in ("head", "options") and hasattr(view, method):
                yield str(route.name), method


def test_every_route_and_method_has_a_row() -> None:
    assert set(routes()) == PUBLISHED | WORK.keys()


def expired(desk: Desk) -> APIClient:
    past = timezone.now() - timedelta(seconds=1)
    key, secret = factories.make_key(desk, factories.member(desk, Role.MANAGER))
    type(key).objects.filter(id=key.id).update(created_at=past - timedelta(days=1), expires_at=past)
    return clients.with_secret(secret)


def revoked(desk: Desk) -> APIClient:
    manager = factories.member(desk, Role.MANAGER)
    key, secret = factories.make_key(desk, manager)
    revoke_key(key=key, by=manager)
    return clients.with_secret(secret)


def of_another_desk(desk: Desk) -> APIClient:
    """A key for all scopes there, held by somebody who manages both desks."""
    other, manager = factories.make_desk(), factories.member(desk, Role.MANAGER)
    set_member(
        desk=other, by=factories.member(other, Role.MANAGER), user=manager, role=Role.MANAGER
    )
    return clients.with_key(other, manager)


def editors_key(*scopes: Scope) -> Callable[[Desk], APIClient]:
    return lambda desk: clients.with_key(desk, factories.member(desk, Role.EDITOR), *scopes)


def by_role(role: Role) -> Callable[[Desk], APIClient]:
    return lambda desk: clients.as_role(desk, role)


@dataclass(frozen=True)
class Caller:
    """Who asks. `role` is what the credentials are worth; `refusal` when they are worth nothing."""

    client: Callable[[Desk], APIClient]
    closed: int
    public: int = 200
    role: Role | None = None
    refusal: int = 403
    reads_only: bool = False

    def expected(self, method: str, row: Row) -> int:
        if self.role is None:
            return self.refusal
        if self.role.rank < row.lowest.rank or (self.reads_only and method != "get"):
            return 403
        return 403 if row.only not in (None, self.role) else row.status


CALLERS = {
    "anonymous": Caller(lambda _: clients.anonymous(), closed=401, refusal=401),
    "stranger": Caller(
        lambda _: clients.as_role(factories.make_desk(), Role.MANAGER), closed=404, refusal=404
    ),
    "reader": Caller(by_role(Role.READER), closed=200, role=Role.READER),
    "editor": Caller(by_role(Role.EDITOR), closed=200, role=Role.EDITOR),
    "reviewer": Caller(by_role(Role.REVIEWER), closed=200, role=Role.REVIEWER),
    "manager": Caller(by_role(Role.MANAGER), closed=200, role=Role.MANAGER),
    "key published:read": Caller(editors_key(Scope.PUBLISHED_READ), closed=200, refusal=403),
    "key work:read": Caller(
        editors_key(Scope.WORK_READ), closed=403, role=Role.EDITOR, reads_only=True
    ),
    "key work:write": Caller(editors_key(Scope.WORK_WRITE), closed=403, role=Role.EDITOR),
    "key expired": Caller(expired, closed=401, public=401, refusal=401),
    "key revoked": Caller(revoked, closed=401, public=401, refusal=401),
    "key of another desk": Caller(of_another_desk, closed=404, refusal=404),
    "key unknown": Caller(
        lambda _: clients.with_secret("imp_nothing"), closed=401, public=401, refusal=401
    ),
}
everybody = pytest.mark.parametrize("who", CALLERS.values(), ids=CALLERS.keys())


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[dict[bool, Place], Path]]:
    """A closed and a public place, which no request changes for good; and where their files are."""
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files):
        yield {each: make_place(is_public=each) for each in (False, True)}, files
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture
def places(kept: tuple[dict[bool, Place], Path], settings: Settings) -> dict[bool, Place]:
    made, settings.MEDIA_ROOT = kept
    return made


@everybody
def test_editorial_work_is_for_the_role_and_the_scope(
    who: Caller, places: dict[bool, Place]
) -> None:
    place = places[False]
    client = who.client(place.desk)

    statuses = {route: place.ask(client, *route) for route in WORK}

    assert statuses == {route: who.expected(route[1], row) for route, row in WORK.items()}


@everybody
def test_a_public_desk_opens_no_editorial_work(who: Caller, places: dict[bool, Place]) -> None:
    place = places[True]
    client = who.client(place.desk)

    statuses = {route: place.ask(client, *route) for route in WORK}

    assert statuses == {route: who.expected(route[1], row) for route, row in WORK.items()}


@everybody
@pytest.mark.parametrize("is_public", [False, True], ids=["closed", "public"])
def test_what_is_published_is_for_all_on_a_public_desk_only(
    who: Caller, is_public: bool, places: dict[bool, Place]
) -> None:
    place = places[is_public]
    client = who.client(place.desk)

    statuses = {route: place.ask(client, *route) for route in PUBLISHED}

    assert statuses == dict.fromkeys(PUBLISHED, who.public if is_public else who.closed)


def test_a_closed_desk_and_no_desk_look_the_same_without_credentials() -> None:
    closed = factories.make_desk()

    answers = [
        clients.anonymous().get(f"/api/v1/desks/{slug}/annotations")
        for slug in (closed.slug, "no-such-desk")
    ]

    assert answers[0].content == answers[1].content
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0]["WWW-Authenticate"] == 'Bearer realm="Imprimatur"'


def test_rows_of_another_desk_are_not_found_on_ones_own(places: dict[bool, Place]) -> None:
    place, own = places[True], places[False]
    client = clients.as_role(own.desk, Role.MANAGER)
    named = set(place.arguments) - {"release", "release-file", "diff"}  # numbered on each desk
    moved = Place(own.desk, place.arguments, place.bodies)

    statuses = {
        route: moved.ask(client, *route) for route in [*PUBLISHED, *WORK] if route[0] in named
    }

    assert statuses == dict.fromkeys(statuses, 404)
    assert len(statuses) > 12


BY_PROTOCOL = {"annotation", "container", "source-container"}  # these say what they allow


@pytest.mark.parametrize("method", ["put", "options", "trace"])
def test_methods_without_a_row_are_closed(method: str, places: dict[bool, Place]) -> None:
    place = places[True]
    client = clients.as_role(place.desk, Role.MANAGER)
    open_to_all = BY_PROTOCOL if method == "options" else set()
    names = {name for name, _ in [*PUBLISHED, *WORK]} - open_to_all

    statuses = {place.ask(client, name, method) for name in names}

    assert statuses == {405}


def test_a_person_who_was_switched_off_is_let_in_nowhere() -> None:
    desk = factories.make_desk()
    editor = factories.member(desk, Role.EDITOR)
    key, session = clients.with_key(desk, editor), clients.signed_in(editor)
    editor.is_active = False
    editor.save()

    for client in (key, session):
        assert client.get(clients.published(desk, "annotations")).status_code == 401
        assert client.get(clients.work(desk, "entities")).status_code == 401


def test_a_key_is_worth_no_more_than_its_holder_s_role_now() -> None:
    desk = factories.make_desk()
    editor = factories.member(desk, Role.EDITOR)
    client = clients.with_key(desk, editor)
    set_member(desk=desk, by=factories.member(desk, Role.MANAGER), user=editor, role=Role.READER)

    response = client.post(clients.work(desk, "entities"), {"name": "Ankara", "type": "place"})

    assert response.status_code == 403


@pytest.mark.parametrize("by_key", [True, False])
def test_a_closed_desk_is_read_and_every_write_is_refused(by_key: bool) -> None:
    desk = factories.make_desk()
    manager = factories.member(desk, Role.MANAGER)
    client = APIClient()
    if by_key:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {factories.make_key(desk, manager)[1]}")
    else:
        client.force_login(manager)
    close_desk(desk=desk, by=set_administrator(user=factories.make_user(), by=None, wanted=True))
    routes = {each.name: each for each in urls.editorial if isinstance(each, URLPattern)}

    for name, method in WORK:
        numbered = [new_id()] if "<uuid" in str(routes[name].pattern) else []
        url = reverse(f"api:{name}", args=[desk.slug, *numbered])
        answer = client.generic(method.upper(), url, "{}", content_type="application/json")
        if method == "get" or name == "comments-seen":
            assert answer.status_code in (200, 400, 404), (name, method)
        else:
            assert answer.status_code == 403, (name, method)
            assert "closed" in answer.json()["detail"], (name, method)
