"""Where django-allauth asks us: which providers there are, how they are reached, and what came of a sign-in."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest, HttpResponse
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from accounts.openid.configuration import providers
from journal.outgoing_calls import CallFailed, Request, call_neighbour

log = logging.getLogger(__name__)
CONNECTION = "openid:"
SECONDS = 10.0  # for a provider's answer
_OF_THE_WIRE = ("Content-Encoding", "Content-Length", "Transfer-Encoding")  # the body is whole and unpacked already


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


def connection_name(address: str) -> str:
    """One for each provider's host, so that a provider that rests keeps nobody from signing in elsewhere."""
    return f"{CONNECTION}{urlsplit(address).netloc.rpartition('@')[2]}"[:80]


class _OneClient(BaseAdapter):
    """Hands what django-allauth asks to the client that all our calls go through (journal.outgoing_calls)."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        url = str(request.url)
        body = request.body.encode() if isinstance(request.body, str) else request.body
        assert body is None or isinstance(body, bytes), "nothing is streamed to a provider"
        asked = Request(
            str(request.method),
            url,
            operation=urlsplit(url).path.rpartition("/")[2][:80],
            headers={name: str(value) for name, value in request.headers.items()},
            content=body,
            patience=SECONDS,
        )
        try:
            outcome = call_neighbour(connection_name(url), asked)
        except CallFailed as failed:
            raise requests.ConnectionError(str(failed), request=request) from failed
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = outcome.status or 0, url, request
        answer.headers = CaseInsensitiveDict(outcome.headers)
        for name in _OF_THE_WIRE:
            answer.headers.pop(name, None)
        answer.encoding = get_encoding_from_headers(answer.headers)
        answer.raw = BytesIO(outcome.body)
        return answer

    def close(self) -> None:
        """Nothing is held open here."""


class _Session(requests.Session):
    """Goes through our one client alone, which waits for nobody longer than `SECONDS`, and follows no redirects."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.adapters.clear()
        for scheme in ("https://", "http://"):
            self.mount(scheme, _OneClient())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs["allow_redirects"] = False
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
