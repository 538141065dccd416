"""Signing in by the OpenID provider that the environment names (OpenID Connect Core 1.0).

allauth has the flow: state, PKCE (RFC 7636) and sessions. Added here is what it leaves out: the
nonce, the issuer's own word for its address, the signature of every ID token, and whose userinfo
it is. Who may come in is said in `SocialAccountAdapter`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import jwt
import structlog
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from annotations.models import User
from annotations.services.accounts.addresses import create_account
from annotations.services.accounts.names import name_from

log = structlog.get_logger(__name__)

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # never a shared key
LEEWAY = 60  # seconds by which the two clocks may differ
REMEMBERED = 300  # seconds for which a process need not ask where the provider's pages are
LONGEST_SUBJECT = 191  # characters that an account keeps
UNREACHABLE = (RequestException, OAuth2Error, KeyError, ValueError)


class OpenIdClient(OpenIDConnectOAuth2Adapter):
    """Talks with the provider. What it says wrongly raises OAuth2Error."""

    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Discovery 1.0, section 4.3: it must name itself as it was named to us."""
        key = f"openid-configuration:{self.provider_id}"
        config: dict[str, Any] | None = cache.get(key)
        if config is None:
            config = super().openid_config
            if config.get("issuer") != self.provider_id:
                raise OAuth2Error(f"The issuer calls itself {config.get('issuer')!r}.")
            cache.set(key, config, REMEMBERED)
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002
        return request.build_absolute_uri(reverse("single_sign_on_return"))

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str = ""
    ) -> dict[str, Any]:
        self.verifier = pkce_code_verifier
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        *,
        response: dict[str, Any],
    ) -> SocialLogin:
        said = self._id_token(app, str(response.get("id_token", "")))
        if "userinfo_endpoint" in self.openid_config:
            userinfo = self._fetch_user_info(token.token)
            if userinfo.get("sub") != said["sub"]:  # Core 1.0, section 5.3.2
                raise OAuth2Error("The userinfo is of another account.")
            said = {**said, **userinfo}
        return self.get_provider().sociallogin_from_response(request, _kept(said))

    def _id_token(self, app: SocialApp, written: str) -> dict[str, Any]:
        """Core 1.0, section 3.1.3.7, its signature checked whatever way it came."""
        try:
            said: dict[str, Any] = jwt.decode(
                written,
                key=self._key_of(written),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.provider_id,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            raise OAuth2Error("The ID token is not valid.") from error
        if said.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The ID token is for another client.")
        if not hmac.compare_digest(str(said.get("nonce")).encode(), nonce(self.verifier).encode()):
            raise OAuth2Error("The ID token answers another request.")
        if not 0 < len(said["sub"]) <= LONGEST_SUBJECT:
            raise OAuth2Error("The ID token's subject is too long.")
        return said

    def _key_of(self, written: str) -> jwt.PyJWK:
        """The key that the token names; the only one where it names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json())
        named = jwt.get_unverified_header(written).get("kid")
        if named is None and len(keys.keys) == 1:
            return keys.keys[0]
        return keys[str(named)]


class OpenIdProvider(OpenIDConnectProvider):
    oauth2_adapter_class = OpenIdClient

    @property
    def server_url(self) -> str:
        return self.wk_server_url(self.app.provider_id.rstrip("/"))

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:  # noqa: ARG002
        return reverse("single_sign_on")

    def get_callback_url(self) -> str:
        return reverse("single_sign_on_return")

    def get_pkce_params(self) -> dict[str, str]:
        """The verifier stays in the session; the nonce follows from it and so needs no place."""
        params: dict[str, str] = super().get_pkce_params()
        return {**params, "nonce": nonce(params["code_verifier"])}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets in who has an account by an address that both it and the provider confirmed.

    The provider's number for a person (`sub`, with the issuer) is kept from the first time on, so
    that it alone counts later, whatever becomes of addresses.
    """

    def get_app(self, request: HttpRequest, provider: str, client_id: str = "") -> SocialApp:  # noqa: ARG002
        chosen = settings.SINGLE_SIGN_ON
        if chosen is None:
            raise SocialApp.DoesNotExist
        return SocialApp(
            provider=OpenIdProvider.id,
            provider_id=chosen.issuer,
            name=chosen.name,
            client_id=chosen.client_id,
            secret=chosen.client_secret,
            settings={"oauth_pkce_enabled": True},
        )

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str = ""
    ) -> OpenIdProvider:
        return OpenIdProvider(request, app=self.get_app(request, provider, client_id))

    def list_providers(self, request: HttpRequest) -> list[OpenIdProvider]:  # noqa: ARG002
        """None for the pages of allauth: ours has the one button."""
        return []

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account that has confirmed this address too; others do not count."""
        address = confirmed(sociallogin)
        user = User.objects.by_address(address) if address else None
        return (user, address) if user else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing or self.is_open_for_signup(request, sociallogin):
            return
        address = confirmed(sociallogin)
        why = "unconfirmed" if not address else "unproved" if _is_taken(address) else "unknown"
        log.info("single_sign_on_refused", why=why)
        raise ImmediateHttpResponse(_refused(request, sociallogin.provider, why, 403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        address = confirmed(sociallogin)
        chosen = settings.SINGLE_SIGN_ON
        named = bool(chosen and address.rpartition("@")[2] in chosen.domains)
        return named and not _is_taken(address)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:  # noqa: ARG002
        """An account by the address that the provider confirmed."""
        address = confirmed(sociallogin)
        named = str(sociallogin.account.extra_data.get("name") or "")
        user = create_account(
            email=address,
            name=name_from(named, address.partition("@")[0]),
            note=f"By {sociallogin.account.get_provider().name}",
        )
        sociallogin.connect(request, user)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: OpenIdProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> None:
        log.warning("single_sign_on_failed", error=error, exception=str(exception or ""))
        raise ImmediateHttpResponse(_refused(request, provider, "failed", 401))


def nonce(verifier: str) -> str:
    """Ties an ID token to the session that asked for it (Core 1.0, section 15.5.2)."""
    digest = hashlib.sha256(b"nonce:" + verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def confirmed(sociallogin: SocialLogin) -> str:
    """The address in small letters; "" if the provider did not confirm it."""
    return next((each.email.lower() for each in sociallogin.email_addresses if each.verified), "")


def _is_taken(address: str) -> bool:
    """By whatever account, whether or not that has confirmed it."""
    return User.objects.filter(email__iexact=address).exists()


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    """What is needed of the claims, no more. Some providers write booleans as words.

    Letters beyond ASCII could be taken for others where case is ignored (the Kelvin sign for a k).
    """
    address = str(said.get("email") or "")
    return {
        "sub": said["sub"],
        "email": address,
        "email_verified": said.get("email_verified") in (True, "true") and address.isascii(),
        "name": str(said.get("name") or ""),
    }


@require_POST
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Leads to the provider by a page that goes on by itself.

    An answer that redirects would be part of the form's, which the policy of our pages keeps here
    (CSP 3, section 6.4.2), wherever the provider sends people next.
    """
    provider = _provider(request)
    next_url = get_next_redirect_url(request)
    try:
        answer = provider.redirect(request, process=AuthProcess.LOGIN, next_url=next_url)
    except UNREACHABLE as error:
        log.warning("single_sign_on_failed", exception=str(error))
        return _refused(request, provider, "unreachable", 502)
    return render(
        request, "socialaccount/leaving.html", {"name": provider.name, "address": answer.url}
    )


@require_GET
def single_sign_on_return(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back, with a code or an error."""
    provider = _provider(request)
    client = OpenIdClient(request, provider.app.provider_id)
    answer: HttpResponse = OAuth2CallbackView.adapter_view(client)(request)
    return answer


def _provider(request: HttpRequest) -> OpenIdProvider:
    if settings.SINGLE_SIGN_ON is None:
        raise Http404
    provider: OpenIdProvider = get_adapter(request).get_provider(request, OpenIdProvider.id)
    return provider


def _refused(request: HttpRequest, provider: OpenIdProvider, why: str, status: int) -> HttpResponse:
    context = {"why": why, "name": provider.name}
    return render(request, "socialaccount/refused.html", context, status=status)
