"""What each route is asked with on a large desk: the ids in its path, and variants of its query.

Needs Django's settings.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import django

django.setup()

from annotations.models import (  # noqa: E402 - needs the line before
    Annotation,
    Desk,
    Entity,
    Event,
    Job,
    Kind,
    RecordTally,
    Release,
    Source,
    State,
    Suggestion,
    User,
)

PAGE = "desks/<slug:desk>/"
READ = "read/<slug:desk>/"
OPEN = "api/v1/desks/<slug:desk>/"
WORK = "api/v1/work/desks/<slug:desk>/"

Query = Mapping[str, object]


def _published(desk: Desk, kind: Kind = Kind.CLAIM) -> Any:
    return Annotation.objects.filter(desk=desk, kind=kind).exclude(published=None).order_by("id")


def _busiest(desk: Desk) -> Entity:
    """The first by name has a seventh of all mentions."""
    found = Entity.objects.filter(desk=desk, name__startswith="Record ").order_by("name").first()
    if found is None:
        raise RuntimeError("The register is empty.")
    return found


def _rarest(desk: Desk) -> UUID:
    return RecordTally.objects.filter(desk=desk).earliest("mentions", "name").record_id


def manager(desk: Desk) -> User:
    return User.objects.get(memberships__desk=desk, memberships__role="manager")


def _in_review(desk: Desk) -> Any:
    rows = Annotation.objects.filter(desk=desk, head__state=State.SUBMITTED, deleted_at=None)
    return rows.order_by("head__submitted_at", "id")


ARGUMENTS: dict[Any, Callable[[Desk], object]] = {
    "desk": lambda desk: desk.slug,
    "source": lambda desk: _published(desk)[10].source_id,
    "job": lambda desk: _job(desk).id,
    "annotation": lambda desk: _in_review(desk)[0].id,
    "number": lambda desk: Release.objects.filter(desk=desk).latest("number").number,
    "key": lambda _: UUID(int=1),
    "invitation": lambda _: UUID(int=1),
    "person": lambda desk: manager(desk).id,
    "webhook": lambda _: UUID(int=1),
    ("docs/<path:name>/", "name"): lambda _: "api/guide",
    ("api/guide/<slug:name>", "name"): lambda _: "guide",
    (f"{READ}entities/<uuid:id>/", "id"): lambda desk: _busiest(desk).id,
    (f"{READ}passages/<uuid:id>/", "id"): lambda desk: _published(desk)[10].id,
    (f"{READ}passages/<uuid:id>/text", "id"): lambda desk: _published(desk)[10].id,
    (f"{READ}passages/<uuid:id>/card", "id"): lambda desk: _published(desk)[10].id,
    (f"{OPEN}annotations/<uuid:id>", "id"): lambda desk: _published(desk)[10].id,
    (f"{OPEN}claims/<uuid:id>", "id"): lambda desk: _published(desk)[10].id,
    (f"{OPEN}quotes/<uuid:id>", "id"): lambda desk: _published(desk, Kind.QUOTE)[10].id,
    (f"{OPEN}entities/<uuid:id>", "id"): lambda desk: _busiest(desk).id,
    (f"{WORK}jobs/<uuid:id>", "id"): lambda desk: _job(desk).id,
    (f"{WORK}relations/<uuid:id>", "id"): lambda _: UUID(int=1),
}
# Of the routes that begin so, the argument "id".
IDS = {
    f"{OPEN}sources/<uuid:id>": ARGUMENTS["source"],
    f"{WORK}sources/<uuid:id>": ARGUMENTS["source"],
    f"{WORK}annotations/<uuid:id>": ARGUMENTS["annotation"],
    f"{WORK}comments/<uuid:id>": lambda _: UUID(int=1),
}


def argument(route: str, name: str) -> Callable[[Desk], object] | None:
    """How to find a value for the route's argument; None where it is not known."""
    found = ARGUMENTS.get((route, name)) or ARGUMENTS.get(name)
    if found or name != "id":
        return found
    return next((of for begun, of in IDS.items() if route.startswith(begun)), None)


def _job(desk: Desk) -> Job:
    return Job.objects.get_or_create(desk=desk, type=Job.Type.IMPORT, created_by=manager(desk))[0]


def _cursor(key: object) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _near_the_end(rows: Any, field: str = "id") -> object:
    return rows.order_by(f"-{field}").values_list(field, flat=True)[20]


def _last_of(kind: Kind) -> Callable[[Desk], Query]:
    return lambda desk: {"cursor": _cursor(_near_the_end(_published(desk, kind)))}


def _query(**values: object) -> Callable[[Desk], Query]:
    return lambda _: values


FIRST = {"first page": _query()}
LAST = {**FIRST, "last page": _query(before="")}
PASSAGES = {
    "label": lambda desk: {"label": _published(desk).latest("id").published.label.name},
    "source": lambda desk: {"source": _published(desk)[10].source_id},
    "entity": lambda desk: {"entity": _busiest(desk).id},
    "rare entity": lambda desk: {"entity": _rarest(desk)},
    "speaker": _query(speaker="speaker 100"),
    "no such speaker": _query(speaker="nobody at all"),
    "q": _query(q="bamon"),
    "last page of q": lambda desk: {
        "q": "bamon",
        "cursor": _cursor(_published(desk).reverse()[30].id),
    },
    "common words": _query(q="of its own sentence"),
    "phrase": _query(q="its-own"),
    "two words": _query(q="bamon bamor"),
    "words of other kinds": _query(q="claim look said"),
    "no such word": _query(q="zzzzzz"),
    "rare word": _query(q="777777"),
    "q and source": lambda desk: {"q": "bamon", "source": _published(desk)[10].source_id},
    "q and entity": lambda desk: {"q": "look", "entity": _busiest(desk).id},
    "q and label": lambda desk: {"q": "look", "label": _published(desk)[10].published.label.name},
    "q and speaker": _query(q="claim", speaker="speaker 100"),
    "updated_after": lambda desk: {
        "updated_after": _published(desk).latest("id").published_at.isoformat()
    },
    "include": _query(include="entities,relations,source"),
}
VARIANTS: dict[str, dict[str, Callable[[Desk], Query]]] = {
    f"{PAGE}sources/": LAST,
    f"{PAGE}review/": LAST,
    f"{PAGE}review/<uuid:annotation>/": {
        "first": _query(),
        "last": lambda desk: {"<annotation>": _in_review(desk).reverse()[0].id},
        "published": lambda desk: {"<annotation>": _published(desk)[10].id},
    },
    f"{PAGE}suggestions/": LAST,
    f"{PAGE}mentions/": LAST,
    f"{PAGE}releases/": LAST,
    f"{PAGE}activity/": {**FIRST, "last page": _query(before=40)},
    f"{READ}": LAST,
    f"{READ}claims/": {
        **FIRST,
        "last page": lambda desk: {"after": _published(desk)[20].id},
        "verdict": _query(verdict="supported"),
        "rare verdict": _query(verdict="misleading"),
        "unused verdict": _query(verdict="false"),
        "disputed": _query(disputed=1),
        "q": _query(q="bamon"),
        "common words": _query(q="own sent"),
        "words of other kinds": _query(q="claim look"),
        "no such word": _query(q="zzzzzz"),
        "rare word": _query(q="777777"),
        "last page of q": lambda desk: {"q": "clai", "after": _published(desk)[20].id},
        "q and verdict": _query(q="bamo", verdict="misleading"),
    },
    f"{READ}quotes/": LAST,
    f"{READ}entities/": LAST,
    f"{READ}entities/<uuid:id>/": {
        "busy": _query(),
        "rare": lambda desk: {"<id>": _rarest(desk)},
    },
    f"{OPEN}annotations": {
        **FIRST,
        "last page": lambda desk: {
            "cursor": _cursor(
                _near_the_end(Annotation.objects.filter(desk=desk).exclude(published=None))
            )
        },
        "kind": _query(kind="flag"),
        **PASSAGES,
    },
    f"{OPEN}annotations/": {
        "container": _query(),
        "first page": _query(page="first"),
        "last page": lambda desk: {
            "page": _near_the_end(Annotation.objects.filter(desk=desk).exclude(published=None))
        },
    },
    f"{OPEN}annotations/<uuid:id>": {
        "": _query(),
        "linked data": _query(**{"<accept>": "application/ld+json"}),
    },
    f"{OPEN}claims": {
        **FIRST,
        "last page": _last_of(Kind.CLAIM),
        **PASSAGES,
        "claimant": _query(claimant="spokesman 96"),
        "no such claimant": _query(claimant="nobody at all"),
        "verdict": _query(verdict="supported"),
        "rare verdict": _query(verdict="misleading"),
        "unused verdict": _query(verdict="false"),
    },
    f"{OPEN}quotes": {
        **FIRST,
        "last page": _last_of(Kind.QUOTE),
        **PASSAGES,
        "affiliation": _query(affiliation="office 99"),
        "no such affiliation": _query(affiliation="nobody at all"),
    },
    f"{OPEN}entities": {
        **FIRST,
        "last page": _last_of(Kind.ENTITY),
        **PASSAGES,
        "wikidata": _query(wikidata="Q1"),
        "no such wikidata": _query(wikidata="Q999999999"),
    },
    f"{OPEN}entities/<uuid:id>": {
        "busy": _query(),
        "rare": lambda desk: {"<id>": _rarest(desk)},
    },
    f"{OPEN}changes": {
        "first page": _query(after=0),
        "last page": lambda desk: {"after": Event.objects.filter(desk=desk).latest("seq").seq - 20},
    },
    f"{OPEN}sources": {
        **FIRST,
        "last page": lambda desk: {
            "cursor": _cursor(_near_the_end(Source.objects.filter(desk=desk)))
        },
        "q": _query(q="report 9999"),
        "no such q": _query(q="zzzzzz"),
        "publisher": _query(publisher="publisher 96"),
        "no such publisher": _query(publisher="nobody at all"),
        "language": _query(language="tr"),
        "no such language": _query(language="de"),
        "published_from": _query(published_from="2020-01-01"),
        "published_until": _query(published_until="2020-01-01"),
    },
    f"{OPEN}releases": {**FIRST, "last page": _query(cursor=_cursor(20))},
    f"{OPEN}releases/<int:number>/diff": {"": _query(**{"from": 1, "<number>": 2})},
    f"{WORK}annotations": {
        "q": _query(q="bamo"),
        "two words": _query(q="bamo bak"),
        "common words": _query(q="clai sente"),
        "two beginnings": _query(q="bamo kuri"),
        "label": _query(q="bamo check"),
        "words of other kinds": _query(q="claim look said"),
        "kind": _query(q="claim", kind="quote"),
        "no such word": _query(q="zzzzzz"),
        "rare word": _query(q="777777"),
        "ids": lambda desk: {"ids": ",".join(str(each.id) for each in _published(desk)[:20])},
    },
    f"{WORK}suggestions": {
        **FIRST,
        "last page": lambda desk: {
            "cursor": _cursor(_near_the_end(Suggestion.objects.filter(desk=desk, state="open")))
        },
        "state": _query(state="dismissed"),
        "source": lambda desk: {"source": Suggestion.objects.filter(desk=desk)[0].source_id},
    },
    f"{WORK}entities": {
        **FIRST,
        "q": _query(q="record 4999"),
        "no such q": _query(q="zzzzzz"),
        "ids": lambda desk: {"ids": _busiest(desk).id},
    },
    "read/oembed": {
        "": lambda desk: {"url": f"http://x/read/{desk.slug}/passages/{_published(desk)[10].id}/"}
    },
}
