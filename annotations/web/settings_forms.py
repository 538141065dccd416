"""The forms of a desk's settings."""

from __future__ import annotations

from typing import Any

from django import forms

from annotations.models import Desk, Membership, Role, User
from annotations.queries.desks import members_of
from annotations.web.forms import PageForm

NOBODY = "Nobody has an account with this address. Invite the person on the tab “Invitations”."


class MemberForm(PageForm):
    email = forms.EmailField(label="Email address")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, label="Role")

    def clean_email(self) -> User:
        """The person who signs in with this address."""
        try:
            return User.objects.get_by_natural_key(self.cleaned_data["email"])
        except User.DoesNotExist:
            raise forms.ValidationError(NOBODY) from None


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
        help_text="For desks of one person. Otherwise leave it off: four eyes see more than two.",
    )
