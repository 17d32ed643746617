"""Short-lived access tokens by OAuth 2 client credentials (RFC 6749, section 4.4): the system's own long-lived token is
its client secret.

An access token is worth what its system, post and holder's account are worth at the moment of each request, and never
more than the scopes that it was given for. A new client secret ends all of them.
"""

import base64
import binascii
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.utils import timezone
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from core.refusals import Refused
from exchange.models import AccessToken
from exchange.systems import system_of_secret, token_digest


def token_response(*, body: str, headers: dict[str, str]) -> tuple[dict[str, str], str, int]:
    """(headers, JSON body, status) for a request to the token endpoint, as RFC 6749 has them."""
    server = BackendApplicationServer(_Systems(), token_expires_in=settings.API_TOKEN_SECONDS)
    return server.create_token_response("/api/v1/token/", http_method="POST", body=body, headers=headers)  # type: ignore[no-any-return]


class _Systems(RequestValidator):
    """What oauthlib asks about connected systems."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        client_id, secret = _credentials(request)
        try:
            system = system_of_secret(secret.encode(), at=timezone.now())
        except Refused:
            return False
        if client_id != system.client_id:
            return False
        request.client = system
        return True

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kw: Any
    ) -> bool:
        return grant_type == "client_credentials"

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return list(request.client.scopes)

    def validate_scopes(self, client_id: str, scopes: Any, client: Any, request: Any, *args: Any, **kw: Any) -> bool:
        return set(scopes) <= set(client.scopes)

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        now, system = timezone.now(), request.client
        AccessToken.objects.filter(system=system, expires_at__lte=now).delete()
        AccessToken.objects.create(
            system=system,
            token_sha256=token_digest(token["access_token"].encode()),
            scopes=sorted(request.scopes),
            expires_at=now + timedelta(seconds=token["expires_in"]),
        )


def _credentials(request: Any) -> tuple[str, str]:
    """(client id, secret) from HTTP Basic, else from the body; empty where there are none."""
    header = str(request.headers.get("Authorization", ""))
    if not header.lower().startswith("basic "):
        return str(request.client_id or ""), str(request.client_secret or "")
    try:
        pair = base64.b64decode(header[6:].strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _colon, secret = pair.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
