"""Rows for tests, made by the services that make them in life."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from annotations.importers import read_pasted
from annotations.models import (
    Annotation,
    ApiKey,
    Comment,
    Decision,
    Desk,
    Entity,
    Kind,
    Membership,
    Role,
    Scope,
    Source,
    User,
    Webhook,
)
from annotations.models.identity import new_id
from annotations.services.comments import write_comment
from annotations.services.desks import create_desk, set_member
from annotations.services.keys import make_key as make_key_of
from annotations.services.register import create_entity
from annotations.services.review import decide, submit
from annotations.services.sources import Provenance, Upload, write_source
from annotations.services.tagging.annotations import write_annotation
from annotations.services.tagging.drafts import Draft, Link, Part
from annotations.services.webhooks.manage import add_webhook

CORPUS = Path(__file__).parents[1] / "seeds" / "turkey-azerbaijan"
TEXT = "Ankara „welcomed“ the talks. Baku said no on 9 May. Nobody 𝔠ounted the votes."
PASSWORD = "correct horse battery staple"
HOOK = "http://127.0.0.1:9/hook"  # nobody listens there
LABELS = {Kind.CLAIM: "checkable", Kind.ENTITY: "place", Kind.QUOTE: "direct", Kind.FLAG: "garbled"}
REQUIRED: dict[Kind, dict[str, object]] = {
    Kind.CLAIM: {"normalized": "Baku said no to the talks."},
    Kind.FLAG: {"note": "A word is missing here."},
}
OTHERS = (Role.READER, Role.EDITOR, Role.REVIEWER)

_numbers = itertools.count(1)


@cache
def default_codebook() -> dict[str, Any]:
    """The codebook that new desks start with, as the seeds have it."""
    return tomllib.loads((CORPUS / "codebook.toml").read_text(encoding="utf-8"))


def make_user(name: str = "Somebody", *, email: str = "", password: str = PASSWORD) -> User:
    return User.objects.create_user(email or _address_of(name), password, name=name)


def _address_of(name: str) -> str:
    return f"{name.lower().replace(' ', '-')}-{next(_numbers)}@example.org"


def make_desk(slug: str = "", *, is_public: bool = False) -> Desk:
    """A desk with a member for each role; `member` finds them.

    Nearly every test makes one, so the members come by two statements instead of their services.
    """
    number = next(_numbers)
    password = make_password(PASSWORD)
    manager, *others = User.objects.bulk_create(
        User(
            email=_address_of(role.label), email_confirmed=True, name=role.label, password=password
        )
        for role in (Role.MANAGER, *OTHERS)
    )
    desk = create_desk(
        slug=slug or f"desk-{number}",
        name=f"Desk {number}",
        manager=manager,
        codebook=default_codebook(),
        is_public=is_public,
    )
    Membership.objects.bulk_create(
        Membership(desk=desk, user=user, role=role)
        for user, role in zip(others, OTHERS, strict=True)
    )
    return desk


def member(desk: Desk, role: Role) -> User:
    """The desk's first member in this role."""
    memberships = Membership.objects.select_related("user").order_by("id")
    return memberships.filter(desk=desk, role=role)[0].user


def add_member(desk: Desk, role: Role, name: str = "") -> User:
    """One more member, for instance a second editor."""
    user = make_user(name or f"Second {role.label}")
    set_member(desk=desk, by=member(desk, Role.MANAGER), user=user, role=role)
    return user


def make_source(
    desk: Desk, *, text: str = TEXT, title: str = "A text", **provenance: str
) -> Source:
    return write_source(
        desk=desk,
        by=member(desk, Role.EDITOR),
        provenance=Provenance(title=title, **provenance),
        imported=read_pasted(text, limit=20_000_000),
        upload=Upload(text.encode()),
    )


def create_annotation(
    *,
    source: Source,
    by: User,
    kind: str,
    label: str,
    parts: Sequence[Part],
    fields: Mapping[str, object],
    links: Sequence[Link] = (),
    id: UUID | None = None,
) -> tuple[Annotation, bool]:
    """As write_annotation; the row and whether it is new."""
    draft = Draft(kind, label, parts, fields, links, id or new_id())
    written = write_annotation(desk=source.desk_id, source=source.id, by=by, draft=draft)
    rows = Annotation.objects.select_related("desk", "source", "created_by", "head")
    return rows.get(id=written.id), written.is_new


def make_annotation(
    source: Source,
    *,
    kind: Kind = Kind.ENTITY,
    label: str = "",
    spans: Sequence[tuple[int, int]] = ((0, 6),),
    fields: Mapping[str, object] | None = None,
    links: Sequence[Link] = (),
    by: User | None = None,
    id: UUID | None = None,
) -> Annotation:
    """A draft by the desk's editor; what is not given is the least that the codebook takes."""
    annotation, _ = create_annotation(
        source=source,
        by=by or member(source.desk, Role.EDITOR),
        kind=kind,
        label=label or LABELS[kind],
        parts=[Part(start, end) for start, end in spans],
        fields=REQUIRED.get(kind, {}) if fields is None else fields,
        links=links,
        id=id,
    )
    return annotation


def submitted(annotation: Annotation) -> Annotation:
    """The annotation with its newest version in review, submitted by its author."""
    head = annotation.versions.select_related("author").order_by("-number")[0]
    return submit(annotation=annotation, by=head.author, expected_version=head.number)


def decided(
    annotation: Annotation, verdict: Decision.Verdict, *, note: str = "", by: User | None = None
) -> Annotation:
    """Submitted if it was not, and decided by the desk's reviewer."""
    head = annotation.versions.order_by("-number")[0]
    if head.state != "submitted":
        annotation = submitted(annotation)
    return decide(
        annotation=annotation,
        by=by or member(annotation.desk, Role.REVIEWER),
        expected_version=head.number,
        verdict=verdict,
        note=note,
    )


def approved(annotation: Annotation) -> Annotation:
    return decided(annotation, Decision.Verdict.APPROVE)


def returned(annotation: Annotation) -> Annotation:
    return decided(annotation, Decision.Verdict.RETURN, note="Take the whole sentence.")


def rejected(annotation: Annotation) -> Annotation:
    return decided(annotation, Decision.Verdict.REJECT, note="The text does not say this.")


def make_comment(
    annotation: Annotation,
    body: str = "Is this the whole claim?",
    *,
    by: User | None = None,
    thread: Comment | None = None,
    mentions: Sequence[User] = (),
    id: UUID | None = None,
) -> Comment:
    """By the desk's editor; in a thread of its own unless it answers one."""
    comment, _ = write_comment(
        annotation=annotation,
        by=by or member(annotation.desk, Role.EDITOR),
        body=body,
        thread=thread.id if thread else None,
        mentions=[user.id for user in mentions],
        id=id,
    )
    return comment


def make_entity(
    desk: Desk,
    name: str = "Baku",
    type: str = "place",
    *,
    aliases: Sequence[str] = (),
    wikidata: str = "",
) -> Entity:
    return create_entity(
        desk=desk,
        by=member(desk, Role.EDITOR),
        name=name,
        type=type,
        aliases=aliases,
        wikidata=wikidata,
    )


def make_key(
    desk: Desk,
    by: User,
    *scopes: Scope,
    name: str = "A script",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The key and its secret; for all scopes when none is named."""
    return make_key_of(
        desk=desk, by=by, name=name, scopes=scopes or list(Scope), expires_at=expires_at
    )


def make_webhook(desk: Desk, url: str = HOOK) -> Webhook:
    """Needs the fixture `webhooks_may_lead_here`."""
    return add_webhook(desk=desk, by=member(desk, Role.MANAGER), url=url)
