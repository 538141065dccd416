"""The forms of a desk's settings."""

from __future__ import annotations

from typing import Any

from django import forms

from annotations.models import Desk, Membership, Role, User
from annotations.queries.desks import members_of
from annotations.web.forms import PageForm

UNCONFIRMED = (
    "The account with this address has not confirmed it, so it is not certain whose it is. Send "
    "its owner an invitation instead, or ask a site administrator to confirm the address."
)
NOBODY = "There is no account with this address. Invite the person on the “Invitations” tab."


class MemberForm(PageForm):
    email = forms.EmailField(label="Email address")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, label="Role")

    def clean_email(self) -> User:
        """The person who has confirmed this address."""
        address = self.cleaned_data["email"]
        if user := User.objects.by_address(address):
            if not user.is_active:
                raise forms.ValidationError("The account with this address is closed.")
            return user
        known = User.objects.filter(email__iexact=address).exists()
        raise forms.ValidationError(UNCONFIRMED if known else NOBODY)


class MembershipForm(PageForm):
    member = forms.ModelChoiceField(Membership.objects.none())

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(desk)  # type: ignore[attr-defined]


class RoleForm(MembershipForm):
    role = forms.ChoiceField(choices=Role.choices)


class SwitchForm(PageForm):
    is_public = forms.BooleanField(
        required=False,
        label="Public desk",
        help_text="Anyone may read what this desk approved, without a key.",
    )
    authors_may_approve = forms.BooleanField(
        required=False,
        label="Authors may approve their own versions",
        help_text="Only for one-person desks.",
    )
