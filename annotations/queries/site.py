"""What administrators see of the site: people, desks and jobs, without what is on the desks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from annotations.errors import NotFound
from annotations.models import Desk, Job, Membership, Role, User
from annotations.queries.second_factors import has_factor


def people(words: str = "") -> QuerySet[User]:
    """By name; those whose name or address contains the words."""
    found = User.objects.annotate(has_factor=has_factor()).order_by("name", "id")
    return found.filter(Q(name__icontains=words) | Q(email__icontains=words)) if words else found


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
        Desk.objects.annotate(members=Count("memberships"))
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
