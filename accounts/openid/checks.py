"""Says at start what is wrong with the configured providers."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register

from accounts.openid.configuration import BadConfiguration, providers


@register()
def providers_are_usable(app_configs: Any, **_kw: Any) -> list[Error]:
    try:
        found = providers()
    except (BadConfiguration, TypeError, ValueError, AttributeError) as problem:
        return [Error(f"OPENID_PROVIDERS: {problem}.", id="openid.E001")]
    plain = [each.id for each in found if settings.PRODUCTION and urlsplit(each.server_url).scheme != "https"]
    if plain:
        return [Error(f"OPENID_PROVIDERS: {', '.join(plain)} is not reached by https.", id="openid.E002")]
    weak = [each.id for each in found if any(a == "none" or a.startswith("HS") for a in each.algorithms)]
    if weak:
        return [Error(f"OPENID_PROVIDERS: {', '.join(weak)} allows unsigned or shared-key tokens.", id="openid.E003")]
    return []
