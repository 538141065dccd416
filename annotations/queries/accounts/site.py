"""What administrators see of the site: people, desks and jobs, without what is on the desks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet

from annotations.errors import NotFound
from annotations.models import Desk, Job, Membership, Role, User
from annotations.queries.accounts.second_factors import has_factor
from annotations.queries.counting import some_of
from annotations.text.words import spaced


def people(words: str = "") -> QuerySet[User]:
    """By name; those whose name or address has the words in it."""
    found = User.objects.annotate(has_factor=has_factor()).order_by("name", "id")
    if not words.strip():
        return found
    has_part = Q(email__icontains=words.strip())
    if part := spaced(words):
        has_part |= Q(name__spaced__contains=part)
    return found.filter(has_part)


def people_without_factor() -> QuerySet[User]:
    return User.objects.filter(~has_factor(), is_active=True)


def person(id: UUID) -> User:
    """With their memberships and desks. Raises NotFound."""
    memberships = Membership.objects.select_related("desk").order_by("desk__name")
    found = people().filter(id=id).prefetch_related(Prefetch("memberships", memberships)).first()
    if found is None:
        raise NotFound("There is no such account.")
    return found


def desks() -> QuerySet[Desk]:
    """By name, with how many members they have and who manages them."""
    managers = Membership.objects.filter(role=Role.MANAGER).select_related("user")
    return (
        Desk.objects.annotate(members=some_of(Membership.objects.filter(desk=OuterRef("pk"))))
        .prefetch_related(Prefetch("memberships", managers.order_by("user__name"), "managers"))
        .order_by("name", "id")
    )


def desk_by(slug: str) -> Desk:
    """Raises NotFound."""
    found = Desk.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such desk.")
    return found


def jobs() -> QuerySet[Job]:
    """Newest first, without what they work on and what they say of it."""
    return (
        Job.objects.only("id", "type", "state", "attempts", "created_at", "finished_at", "desk")
        .select_related("desk")
        .order_by("-created_at", "-id")
    )
