"""What keeps an account from being closed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from annotations.models import Desk, Membership, Role, User


def desks_without_another_manager(user: User) -> list[Desk]:
    """Open desks that only this person manages, by name."""
    others = Membership.objects.filter(
        desk=OuterRef("pk"), role=Role.MANAGER, user__is_active=True
    ).exclude(user=user)
    mine = Desk.objects.filter(
        memberships__user=user, memberships__role=Role.MANAGER, closed_at=None
    )
    return list(mine.filter(~Exists(others)).order_by("name"))
