"""How allauth's second factors behave here, and the gate for people who owe one."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth_forms
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch

from annotations.errors import Refused
from annotations.models import User
from annotations.policy import SECOND_FACTOR_OWED
from annotations.web.accounts.allauth_internals import generate_totp_secret
from annotations.web.errors import error_page

log = structlog.get_logger(__name__)

MOST_PASSKEYS = 20  # of one person
LONGEST_NAME = 80  # characters
LONGEST_CREDENTIAL = 20_000  # characters of JSON
# What is reached without the factor that is owed: to set it up, to leave, and what is public.
OPEN_PAGES = {
    "account_logout", "account_reauthenticate", "account_theme", "document", "document_file",
    "documentation", "guide", "guide_client", "livez", "readyz",
}  # fmt: skip
OPEN_PLACES = ("api/", "read/")  # the API refuses by itself; reading rooms are everybody's


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are encrypted by a key that follows from SECRET_KEY, so that no dump has them."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """After SECRET_KEY was changed no code is right, and an administrator has to help."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("second_factor_unreadable", reason="SECRET_KEY was changed")
            return generate_totp_secret()

    def get_totp_issuer(self) -> str:
        return f"Imprimatur ({self._get_site_name()})"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Passkey {number}"


class Credential(forms.JSONField):
    """What a browser's navigator.credentials says, bounded, and of the shape that is read."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise forms.ValidationError("This is not what a passkey says.")
        try:
            read = super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError("This is not what a passkey says.") from error
        if read is not None and not (isinstance(read, dict) and _has_no_numbers(read)):
            raise forms.ValidationError("This is not what a passkey says.")
        return read

    def bound_data(self, data: Any, initial: Any) -> str:  # noqa: ARG002
        """It is good for one answer, so that the form does not show it again."""
        return ""

    def prepare_value(self, value: Any) -> str:  # noqa: ARG002
        return ""


class CredentialForm(forms.Form):
    """Whatever is sent is answered by a sentence: the library reads it without asking its shape."""

    credential = Credential()

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            OverflowError,
        ) as error:
            log.info("passkey_unreadable", reason=type(error).__name__)
            self.add_error(None, "The passkey could not be read. Try again.")
            self.add_error("credential", "The passkey could not be read. Try again.")


class AddPasskeyForm(CredentialForm, allauth_forms.AddWebAuthnForm):
    name = forms.CharField(
        required=False,
        max_length=LONGEST_NAME,
        label="Name",
        help_text="To tell it from others, e.g. “Laptop”.",
    )
    passwordless = forms.BooleanField(
        required=False,
        initial=True,
        label="Sign in with it alone, without the password",
        help_text="It then asks for your fingerprint, face or PIN. Old security keys cannot.",
    )

    def clean(self) -> dict[str, Any]:
        mine = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN)
        if mine.count() >= MOST_PASSKEYS:
            raise forms.ValidationError(f"An account has at most {MOST_PASSKEYS} passkeys.")
        return super().clean() or {}


class RenamePasskeyForm(allauth_forms.EditWebAuthnForm):
    name = forms.CharField(max_length=LONGEST_NAME, label="Name")


class UsePasskeyForm(CredentialForm, allauth_forms.AuthenticateWebAuthnForm):
    """After the password."""


class SignInByPasskeyForm(CredentialForm, allauth_forms.LoginWebAuthnForm):
    """Instead of the password."""


class ConfirmByPasskeyForm(CredentialForm, allauth_forms.ReauthenticateWebAuthnForm):
    """Before something that needs to be confirmed."""


class SecondFactorMiddleware:
    """Leads people who owe a second factor to set it up, whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],  # noqa: ARG002
        args: tuple[Any, ...],  # noqa: ARG002
        kwargs: Mapping[str, Any],  # noqa: ARG002
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or _is_open(match):
            return None
        if not isinstance(request.user, User) or not request.user.owes_factor:
            return None
        if request.method == "GET" and "text/html" in request.headers.get("Accept", "text/html"):
            return redirect("mfa_index")
        return error_page(request, Refused(SECOND_FACTOR_OWED))


def _has_no_numbers(read: object) -> bool:
    """No passkey says one, and the library would make so many bytes of it, gigabytes if asked."""
    waiting = [read]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, int | float) and not isinstance(each, bool):
            return False
    return True


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers keep passkeys for a name, never for a number (WebAuthn 3, section 5.1.2)."""
    try:
        ipaddress.ip_address(urlsplit(f"//{request.get_host()}").hostname or "")
    except ValueError:
        return True
    return False


def _is_open(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    return name in OPEN_PAGES or name.startswith("mfa_") or match.route.startswith(OPEN_PLACES)


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(key: str) -> bytes:
    digest = hashlib.sha256(b"second factors:" + key.encode()).digest()
    return base64.urlsafe_b64encode(digest)
