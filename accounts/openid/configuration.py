"""Which OpenID providers there are, and what their claims mean here: a setting, because providers differ.

    OPENID_PROVIDERS = [{
        "id": "vneid", "name": "VNeID", "for": "citizens", "server_url": "https://…", "client_id": "…",
        "client_secret": "…", "claims": {"number": "citizen_pid", "name": "name", "birth_date": "birthdate"},
        "level_claim": "acr", "levels": {"1": 1, "2": 2}, "minimum_level": 1,
    }]

`levels` maps the provider's words to `accounts.models.Level`; a word that is not there is no level. Staff providers
(`"for": "staff"`) name the claim with the sign-in name in `claims.username`, and in `second_factor` the words of `amr`
or `acr` that say a second factor was used. `name_en` is what English pages call it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.translation import get_language

CITIZENS, STAFF = "citizens", "staff"
_REQUIRED = ("id", "name", "server_url", "client_id", "client_secret")
_CLAIMS = {"number": "citizen_pid", "name": "name", "birth_date": "birthdate", "username": "preferred_username"}


class BadConfiguration(ValueError):
    """OPENID_PROVIDERS cannot be used; the text says which part."""


@dataclass(frozen=True)
class Provider:
    id: str
    name: str
    server_url: str
    client_id: str
    client_secret: str
    name_en: str = ""
    audience: str = CITIZENS
    claims: Mapping[str, str] = field(default_factory=lambda: dict(_CLAIMS))
    level_claim: str = "acr"
    levels: Mapping[str, int] = field(default_factory=lambda: {"1": 1, "2": 2})
    minimum_level: int = 1
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    second_factor: frozenset[str] = frozenset()
    scope: tuple[str, ...] = ("openid", "profile")
    fetch_userinfo: bool = False

    @property
    def cache_name(self) -> str:
        """Under which its published facts are kept: those of another address are another provider's."""
        return f"{self.id}:{hashlib.sha256(self.server_url.encode()).hexdigest()[:16]}"

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def level(self, claims: Mapping[str, Any]) -> int | None:
        """How surely the provider identified the person at this sign-in; None when it says nothing that is known."""
        return self.levels.get(str(claims.get(self.level_claim, "")))

    def claim_text(self, claims: Mapping[str, Any], fact: str) -> str:
        """What the provider says of `number`, `name`, `birth_date` or `username`; empty when nothing."""
        value = claims.get(self.claims.get(fact, ""), "")
        return value.strip() if isinstance(value, str) else ""

    def used_second_factor(self, claims: Mapping[str, Any]) -> bool:
        words = claims.get("amr") or []
        said = {str(word) for word in words} if isinstance(words, list) else {str(words)}
        return bool(self.second_factor & (said | {str(claims.get("acr", ""))}))


@lru_cache(maxsize=1)
def providers() -> tuple[Provider, ...]:
    """Every configured provider. Raises `BadConfiguration`."""
    found = tuple(_provider(row) for row in settings.OPENID_PROVIDERS)
    if len({each.id for each in found}) < len(found):
        raise BadConfiguration("two providers have the same id")
    return found


def provider_named(provider_id: str) -> Provider | None:
    return next((each for each in providers() if each.id == provider_id), None)


def providers_for(audience: str) -> list[Provider]:
    return [each for each in providers() if each.audience == audience]


def _provider(row: Mapping[str, Any]) -> Provider:
    if lacking := [name for name in _REQUIRED if not row.get(name)]:
        raise BadConfiguration(f"{row.get('id', '?')}: {', '.join(lacking)} is missing")
    audience = row.get("for", CITIZENS)
    if audience not in (CITIZENS, STAFF):
        raise BadConfiguration(f"{row['id']}: “for” is {CITIZENS} or {STAFF}")
    levels = {str(word): int(level) for word, level in row.get("levels", {"1": 1, "2": 2}).items()}
    if not set(levels.values()) <= {0, 1, 2}:
        raise BadConfiguration(f"{row['id']}: levels are 0, 1 or 2")
    return Provider(
        **{name: row[name] for name in _REQUIRED},
        name_en=row.get("name_en", ""),
        audience=audience,
        claims={**_CLAIMS, **row.get("claims", {})},
        level_claim=row.get("level_claim", "acr"),
        levels=levels,
        minimum_level=int(row.get("minimum_level", 1)),
        algorithms=tuple(row.get("algorithms", ("RS256", "PS256", "ES256"))),
        second_factor=frozenset(row.get("second_factor", ())),
        scope=tuple(row.get("scope", ("openid", "profile"))),
        fetch_userinfo=bool(row.get("fetch_userinfo", False)),
    )


def _forget(setting: str, **_kw: Any) -> None:
    if setting == "OPENID_PROVIDERS":
        providers.cache_clear()


setting_changed.connect(_forget)
