"""The site's rule on second factors, and help for people who lost theirs."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from annotations import policy
from annotations.errors import Conflict
from annotations.models import AccountEventType, SiteSettings, User
from annotations.queries.accounts.second_factors import FACTORS
from annotations.services.accounts.log import record_account_event


@transaction.atomic
def require_second_factors(*, by: User, required: bool) -> None:
    """Whether everybody has to have one. Raises Refused, Conflict for who has none themselves."""
    policy.require_administrator(by)
    settings, _ = SiteSettings.objects.select_for_update().get_or_create(id=1)
    if required and not Authenticator.objects.filter(user=by, type__in=FACTORS).exists():
        raise Conflict("Set up a second factor of your own first, so that you are not kept out.")
    if settings.second_factor_required != required:
        settings.second_factor_required = required
        settings.save(update_fields=["second_factor_required"])
        note = "Second factors are required" if required else "Second factors are up to people"
        record_account_event(type=AccountEventType.SITE_CHANGED, user=by, note=note)


@transaction.atomic
def remove_second_factors(*, user: User, by: User) -> None:
    """All of a person who can no longer use them, recovery codes included. Raises Refused."""
    policy.require_administrator(by)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        record_account_event(
            type=AccountEventType.FACTOR_REMOVED, user=user, by=by, note="All of them"
        )
