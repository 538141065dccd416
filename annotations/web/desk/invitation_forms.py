"""The forms around invitations: to make one, and to make an account by one."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from annotations.models import Role
from annotations.models.invitations import MOST_USES
from annotations.web.forms import PageForm

LIVES = [("1", "1 day"), ("7", "7 days"), ("30", "30 days")]


class AccountInvitationForm(PageForm):
    """An invitation to an account, without a desk."""

    email = forms.CharField(
        required=False,
        label="Email address",
        help_text="Leave empty to get a link to share yourself.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    most = forms.IntegerField(
        required=False,
        label="Maximum number of uses",
        help_text="Only for an invitation by link.",
        initial=1,
        min_value=1,
        max_value=MOST_USES,
    )
    lives = forms.ChoiceField(choices=LIVES, label="Expires after", initial="7")

    def clean_most(self) -> int:
        return self.cleaned_data["most"] or 1

    def lifetime(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["lives"]))


class InvitationForm(AccountInvitationForm):
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, label="Role")


class NewAccountForm(PageForm):
    """The email field is left out where the invitation says the address."""

    name = forms.CharField(
        label="Your name",
        help_text="As colleagues see it, and readers where your work is published.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label="Email address",
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        help_text="At least 8 characters, not only digits, and no common password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, email: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if email:
            del self.fields["email"]
