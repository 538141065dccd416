"""Invitations that still work."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from annotations.errors import NotFound
from annotations.models import Desk, Invitation, User

ENDED = "This invitation has been used, revoked or has expired. Ask for a new one."


def open_invitations() -> QuerySet[Invitation]:
    """Neither revoked nor expired nor used up."""
    return Invitation.objects.filter(
        revoked_at=None, expires_at__gt=timezone.now(), used__lt=F("most")
    )


def invitations_to(desk: Desk | None) -> QuerySet[Invitation]:
    """The open ones to this desk, newest first; None for those to an account without a desk."""
    invitations = open_invitations().filter(desk=desk).select_related("invited_by", "desk")
    return invitations.order_by("-created_at", "-id")


def invitation_to(desk: Desk | None, id: UUID) -> Invitation:
    """Raises NotFound."""
    invitation = invitations_to(desk).filter(id=id).first()
    if invitation is None:
        raise NotFound("There is no such invitation, or it no longer works.")
    return invitation


def invitation_by(token: str) -> Invitation:
    """The open invitation with this token. Raises NotFound."""
    invitation = (
        open_invitations()
        .filter(sha256=token_hash(token))
        .select_related("desk", "invited_by")
        .first()
    )
    if invitation is None:
        raise NotFound(ENDED)
    return invitation


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether this account may use it: any for a link, else the one that has the address."""
    return not invitation.email or invitation.email.lower() == user.email.lower()


def token_hash(token: str) -> str:
    """Plain SHA-256 suffices: a token has 256 random bits, so it cannot be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()
