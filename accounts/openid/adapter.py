"""Where django-allauth asks us: which providers there are, how they are reached, and what came of a sign-in."""

import logging
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest, HttpResponse

from accounts.openid.configuration import providers

log = logging.getLogger(__name__)
SECONDS = 10  # for a provider's answer


@dataclass(frozen=True)
class Outcome:
    """What came back from a provider: believed claims and where to go on; or none, when it was refused or cancelled."""

    claims: dict[str, Any] | None = None
    next: str = ""
    cancelled: bool = False
    away: bool = False  # the provider did not answer


def outcome_of(request: HttpRequest) -> Outcome:
    """What `PortalSocialAccountAdapter` found in this request."""
    return getattr(request, "openid_outcome", Outcome())


def _end(request: HttpRequest, outcome: Outcome) -> ImmediateHttpResponse:
    """Ends allauth's part; the view that called it reads the outcome."""
    request.openid_outcome = outcome  # type: ignore[attr-defined]
    return ImmediateHttpResponse(HttpResponse())


class _Session(requests.Session):
    """Follows no redirects and waits for nobody longer than `SECONDS`."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs["timeout"], kwargs["allow_redirects"] = SECONDS, False
        return super().request(*args, **kwargs)


class PortalSocialAccountAdapter(DefaultSocialAccountAdapter):
    """Keeps no rows of allauth's own: identities are `accounts.models.Identity`."""

    def get_requests_session(self) -> requests.Session:
        return _Session()

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            SocialApp(
                provider="openid",
                provider_id=each.id,
                name=each.name,
                client_id=each.client_id,
                secret=each.client_secret,
                settings={"server_url": each.server_url},
            )
            for each in providers()
            if provider in (None, "openid", each.id) and client_id in (None, each.client_id)
        ]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The token answers the very request that this browser made; the rest is `accounts.openid.joining`'s."""
        claims = sociallogin.account.extra_data["id_token"]
        provider_id = sociallogin.account.provider
        nonce = sociallogin.state.get("nonce") or ""
        if not nonce or not compare_digest(str(claims.get("nonce", "")), nonce):
            log.warning("openid sign-in refused", extra={"provider": provider_id, "why": "nonce"})
            raise _end(request, Outcome())
        raise _end(request, Outcome(claims, sociallogin.state.get("next") or ""))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        provider_id = getattr(getattr(provider, "app", None), "provider_id", "")
        why = str(exception) if type(exception).__name__ == "ProviderException" else type(exception).__name__
        log.warning("openid sign-in refused", extra={"provider": provider_id, "why": why, "error": str(error)})
        away = isinstance(exception, requests.RequestException)
        raise _end(request, Outcome(cancelled=error == "cancelled", away=away))
