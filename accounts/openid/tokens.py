"""Tokens of a provider, believed only when signed by one of its published keys and meant for us.

django-allauth skips the signature of a token that came from the token endpoint; we never do. Keys are kept for a while
and asked for again when a token names one that is not among them, so that a provider may change its keys at any time.
"""

import json
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from django.core.cache import cache

from accounts.openid.configuration import Provider

LEEWAY = 30  # seconds by which clocks may differ
KEYS_KEPT, KEYS_ASKED_AGAIN = 3600, 10  # seconds
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class TokenRefused(Exception):
    """A token that is not believed; the argument says why, for the log."""


def identity_claims(token: str, provider: Provider, server: Mapping[str, Any]) -> dict[str, Any]:
    """What an id_token says. `server` is the provider's published configuration. Raises `TokenRefused`."""
    claims = _believed(token, provider, server, required=("exp", "iat", "sub", "iss", "aud"))
    _meant_for_us(claims, provider)
    return claims


def logout_claims(token: str, provider: Provider, server: Mapping[str, Any]) -> dict[str, Any]:
    """What a logout_token says (OpenID Connect Back-Channel Logout 1.0, 2.6); each is believed once. Raises
    `TokenRefused`."""
    claims = _believed(token, provider, server, required=("exp", "iat", "iss", "aud", "jti"))
    _meant_for_us(claims, provider)
    if not isinstance(claims.get("events"), dict) or LOGOUT_EVENT not in claims["events"]:
        raise TokenRefused("no logout event")
    if "nonce" in claims:
        raise TokenRefused("a logout token has no nonce")
    if not (claims.get("sub") or claims.get("sid")):
        raise TokenRefused("neither sub nor sid")
    if not cache.add(f"openid-logout:{provider.id}:{claims['jti']}", 1, timeout=3600):
        raise TokenRefused("used before")
    return claims


def _believed(
    token: str, provider: Provider, server: Mapping[str, Any], *, required: tuple[str, ...]
) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in provider.algorithms:
            raise TokenRefused("algorithm not allowed")
        claims = jwt.decode(
            token,
            key=_key(str(header.get("kid", "")), provider, server).key,
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=server["issuer"],
            leeway=LEEWAY,
            options={"require": list(required)},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as problem:
        raise TokenRefused(type(problem).__name__) from problem
    return dict(claims)


def _meant_for_us(claims: Mapping[str, Any], provider: Provider) -> None:
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise TokenRefused("meant for several parties")


def _key(kid: str, provider: Provider, server: Mapping[str, Any]) -> jwt.PyJWK:
    """The published key of this name; asked for again when it is new, but not more often than every ten seconds."""
    name = f"openid-keys:{provider.cache_name}"
    known = cache.get(name)
    if known is None or kid not in _by_name(known):
        if known is not None and not cache.add(f"{name}:asked", 1, timeout=KEYS_ASKED_AGAIN):
            raise TokenRefused("unknown key")
        known = _published(server["jwks_uri"])
        cache.set(name, known, timeout=KEYS_KEPT)
    key = _by_name(known).get(kid)
    if key is None:
        raise TokenRefused("unknown key")
    return jwt.PyJWK(key)


def _by_name(keys: str) -> dict[str, dict[str, Any]]:
    return {str(key.get("kid", "")): key for key in json.loads(keys)["keys"] if key.get("use", "sig") == "sig"}


def _published(address: str) -> str:
    with get_adapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        return json.dumps(answer.json())
