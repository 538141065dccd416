"""Which desks a person has, and what a desk tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from annotations import policy
from annotations.errors import NotFound
from annotations.models import (
    RELATES,
    Codebook,
    Desk,
    FieldDefinition,
    Kind,
    Label,
    Membership,
    Role,
    User,
)
from annotations.policy import Action
from annotations.queries.prepared_statements import columns, rows_of, taken

_DESK = f"""
    SELECT {columns(Desk, "desk")}, membership.role
    FROM annotations_desk desk
    LEFT JOIN annotations_membership membership
        ON membership.desk_id = desk.id AND membership.user_id = %(person)s::uuid
    WHERE desk.slug = %(slug)s
"""  # noqa: S608 - the names of our own columns


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("desk").order_by("desk__name")


def members_of(desk: Desk) -> QuerySet[Membership]:
    return Membership.objects.filter(desk=desk).select_related("user").order_by("user__name", "id")


def desk_for(
    user: User | AnonymousUser, slug: str, action: Action = Action.READ_WORK
) -> tuple[Desk, Role]:
    """The desk and the person's role on it.

    All members of a closed desk count as readers, except for ending access to it. NotFound
    for strangers, Refused.
    """
    desk, role = desk_and_role(user, slug)
    if desk is None:
        raise NotFound(policy.NO_SUCH_DESK)
    role = policy.admit(role, action, desk)
    keeps_role = desk.closed_at is None or action in policy.ENDING_ACCESS
    return desk, role if keeps_role else Role.READER


def desk_and_role(
    user: User | AnonymousUser, slug: str
) -> tuple[Desk, Role | None] | tuple[None, None]:
    """The desk, if there is one, and the person's role on it; whether they may is not asked."""
    person = user.pk if user.is_authenticated and user.is_active else None
    for row in rows_of(_DESK, {"slug": slug, "person": person}):
        values = iter(row)
        desk, role = taken(Desk, values), next(values)
        return desk, Role(role) if role else None
    return None, None


def public_desk(slug: str) -> Desk:
    """A desk whose published annotations are open to all. Raises NotFound for any other."""
    desk = Desk.objects.filter(slug=slug).first()
    if desk is None:
        raise NotFound(policy.NO_SUCH_DESK)
    policy.admit_reader(desk, None, None)
    return desk


def public_desks() -> QuerySet[Desk]:
    """Those whose published annotations are open to all, by name."""
    return Desk.objects.filter(is_public=True).order_by("name", "id")


@dataclass(frozen=True)
class Vocabulary:
    """A codebook by kind: its labels by name, its fields in order."""

    labels: Mapping[str, Mapping[str, Label]]
    fields: Mapping[str, Sequence[FieldDefinition]]


def codebook_of(desk: Desk) -> Codebook:
    """The newest codebook with its labels and fields, in order."""
    newest = desk.codebooks.order_by("-version").values_list("id", flat=True)
    return codebook(newest[0])


@lru_cache(maxsize=256)
def codebook(id: int) -> Codebook:
    """The codebook with its labels and fields, in order; it never changes, so it is read once."""
    return Codebook.objects.prefetch_related(
        Prefetch("labels", Label.objects.order_by("position")),
        Prefetch("fields", FieldDefinition.objects.order_by("position")),
    ).get(id=id)


@lru_cache(maxsize=256)
def vocabulary(id: int) -> Vocabulary:
    """What can be said with the codebook of this id."""
    labels, fields = codebook(id).labels.all(), codebook(id).fields.all()
    return Vocabulary(
        {kind: {each.name: each for each in labels if each.kind == kind} for kind in Kind},
        {kind: [each for each in fields if each.kind == kind] for kind in Kind},
    )


def codebook_document(desk: Desk) -> dict[str, Any]:
    """The codebook as JSON: labels, typed fields and relations of each kind."""
    newest = codebook_of(desk)
    return {
        "version": newest.version,
        "guidelines": newest.guidelines,
        "kinds": [_kind_document(newest, kind) for kind in Kind],
    }


def _kind_document(codebook: Codebook, kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "title": kind.label,
        "labels": [
            {"name": label.name, "title": label.title, "description": label.description}
            for label in codebook.labels.all()
            if label.kind == kind
        ],
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "type": field.type,
                "required": field.required,
                "choices": field.choices,
                "help": field.help,
            }
            for field in codebook.fields.all()
            if field.kind == kind
        ],
        "relations": [
            {"type": type.value, "title": type.label, "to": sorted(targets)}
            for type, (origins, targets) in RELATES.items()
            if kind in origins
        ],
    }
