"""Who has a second factor, and who has to set one up before anything else."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from annotations.models import SiteSettings, User

# Recovery codes stand in for one of these and are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor() -> Exists:
    """For querysets of people."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))


def owes_factor() -> Q:
    """For querysets of people: those whom the site's rule keeps from everything else."""
    return Q(Exists(SiteSettings.objects.filter(second_factor_required=True)) & ~has_factor())


def signed_in_person(id: UUID | str) -> User | None:
    """The person of a session, with `owes_factor`; one statement."""
    user = User.objects.annotate(owes=owes_factor()).filter(pk=id).first()
    if user is not None:
        user.owes_factor = user.owes
    return user


def is_required() -> bool:
    return SiteSettings.objects.filter(second_factor_required=True).exists()
