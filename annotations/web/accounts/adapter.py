"""How allauth's pages behave here: accounts are made for people, and addresses are confirmed."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import (
    ChangePasswordForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from annotations.errors import Conflict
from annotations.models import AccountEventType, User
from annotations.queries.accounts.second_factors import signed_in_person
from annotations.queries.keys import living_keys
from annotations.services.accounts.log import record_account_event
from annotations.services.accounts.mailing import deliver, mail_server_is_set
from annotations.services.keys import revoke_all_keys
from annotations.web.accounts.sign_in_limits import (
    SENTENCE,
    forget_tries,
    remember_device,
    take_a_try,
)

UNKNOWN_CLIENT = "0.0.0.0"  # noqa: S104 - nobody listens there; a socket has no address


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody makes an account on their own: its address would be without proof."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As `project.serve` found it; X-Forwarded-For is not read again."""
        try:
            return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
        except ValueError:
            return UNKNOWN_CLIENT

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._login_failed_rl_usage = take_a_try(request, str(credentials.get("email", "")))
        if self._login_failed_rl_usage is None:
            raise ValidationError(SENTENCE, code="too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth calls it when a password was set by a mailed link."""
        forget_tries(request, str(credentials.get("email", "")))

    def set_password(self, user: User, password: str) -> None:
        """Nothing else of the account is written: it may have been closed meanwhile."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing where no server is set. Raises Conflict when it is away."""
        if mail_server_is_set():
            deliver(self.render_mail(template_prefix, email, {"email": email, **context}))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What was done stands, whether or not the mail server is there to tell of it."""
        with suppress(Conflict):
            super().send_notification_mail(*args, **kwargs)

    def format_email_subject(self, subject: str) -> str:
        return f"Imprimatur: {subject}"


class Backend(AuthenticationBackend):
    """Sign-in by the address of the account and no other."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        found: User | None = self._check_password(user, password)
        return found

    def get_user(self, user_id: str) -> User | None:
        """The person of a session, and whether the site's rule on second factors keeps them out."""
        user = signed_in_person(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class EndingKeys(forms.Form):
    """Asks, beside a new password, whether the keys of the account shall end."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # allauth writes “New Password” twice
            field.label = str(field.label).capitalize()
            field.widget.attrs.pop("placeholder", None)
        if living_keys(self.user).exists():
            self.fields["end_keys"] = forms.BooleanField(
                required=False,
                label="Also revoke all my API keys",
                help_text="Programs that use them stop working. "
                "Do so if others may know your password.",
            )

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.cleaned_data.get("end_keys"):
            revoke_all_keys(user=self.user)


class ChangeForm(EndingKeys, ChangePasswordForm):
    pass


class SetForm(EndingKeys, SetPasswordForm):
    pass


class ResetKeyForm(EndingKeys, ResetPasswordKeyForm):
    def save(self) -> None:
        """Raises Conflict where the link was used by another request meanwhile."""
        now = User.objects.select_for_update(no_key=True).get(pk=self.user.pk)
        if (now.password, now.password_links) != (self.user.password, self.user.password_links):
            raise Conflict("This link no longer works: it was used, or a newer one was made.")
        super().save()


class ResetForm(ResetPasswordForm):
    """Sends the link to addresses that count: others may be somebody else's mailbox."""

    def clean_email(self) -> str:
        if not mail_server_is_set():
            raise ValidationError("This site has no mail server. Ask a site administrator.")
        email = str(self.cleaned_data["email"]).lower()
        user = User.objects.by_address(email)
        self.users = [user] if user and user.is_active else []
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        for user in self.users:
            record_account_event(type=AccountEventType.PASSWORD_RESET_SENT, user=user)
        return str(super().save(request, **kwargs))
