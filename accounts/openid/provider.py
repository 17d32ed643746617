"""The relying party's part of the protocol, on django-allauth's: see `accounts.openid`."""

import secrets
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts.openid.configuration import Provider, provider_named
from accounts.openid.tokens import TokenRefused, identity_claims

SERVER_KEPT = 3600  # seconds for which a provider's published configuration is kept


class PortalAdapter(OpenIDConnectOAuth2Adapter):
    """Believes an id_token only by its signature, and asks userinfo only of the same person."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The published configuration; its issuer must be the one that its address names."""
        name = f"openid-server:{configured(self.provider_id).cache_name}"
        known = cache.get(name)
        if known is None:
            known = dict(super().openid_config)
            cache.set(name, known, timeout=SERVER_KEPT)
        return known

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.PUBLIC_URL + reverse("openid-callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        provider = configured(self.provider_id)
        sent = kwargs["response"].get("id_token")
        if not sent:
            raise ProviderException("no id_token")
        try:
            claims = identity_claims(sent, provider, self.openid_config)
        except TokenRefused as refused:
            raise ProviderException(str(refused)) from refused
        if provider.fetch_userinfo:
            userinfo = self._fetch_user_info(token.token)
            if userinfo.get("sub") != claims["sub"]:
                raise ProviderException("userinfo of somebody else")
            claims = {**userinfo, **claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})


class PortalProvider(OpenIDConnectProvider):
    id = "openid"
    name = "OpenID"
    oauth2_adapter_class = PortalAdapter
    pkce_enabled_default = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("openid-login", args=[self.app.provider_id])

    def get_callback_url(self) -> str:
        return reverse("openid-callback", args=[self.app.provider_id])

    def get_default_scope(self) -> list[str]:
        return list(configured(self.app.provider_id).scope)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing but where to go on comes from the request; the nonce is kept with the state, for the token."""
        kept = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(24)
        kept |= {"process": "login", "scope": self.get_scope(), "auth_params": {"nonce": nonce}, "nonce": nonce}
        return kept

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Names are read from the claims by `accounts.openid.joining`: allauth would cut them at the first space."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


def configured(provider_id: str) -> Provider:
    """Raises `ProviderException` for a provider that is not configured (any more)."""
    provider = provider_named(provider_id)
    if provider is None:
        raise ProviderException("no such provider")
    return provider


provider_classes = [PortalProvider]
