"""Which desks a person has, and what a desk tags."""

from __future__ import annotations

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


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("desk").order_by("desk__name")


def members_of(desk: Desk) -> QuerySet[Membership]:
    return Membership.objects.filter(desk=desk).select_related("user").order_by("user__name", "id")


def desk_for(
    user: User | AnonymousUser, slug: str, action: Action = Action.READ_WORK
) -> tuple[Desk, Role]:
    """The desk and the person's role on it. Raises NotFound for strangers, Refused."""
    desk = Desk.objects.filter(slug=slug).first()
    if desk is None:
        raise NotFound(policy.NO_SUCH_DESK)
    return desk, policy.require(user, desk, action)


def codebook_of(desk: Desk) -> Codebook:
    """The newest codebook with its labels and fields, in order."""
    newest = desk.codebooks.prefetch_related(
        Prefetch("labels", Label.objects.order_by("position")),
        Prefetch("fields", FieldDefinition.objects.order_by("position")),
    ).order_by("-version")
    return newest[0]


def codebook_document(desk: Desk) -> dict[str, Any]:
    """The codebook as JSON: labels, typed fields and relations of each kind."""
    codebook = codebook_of(desk)
    return {
        "version": codebook.version,
        "guidelines": codebook.guidelines,
        "kinds": [_kind_document(codebook, kind) for kind in Kind],
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
