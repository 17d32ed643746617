"""The providers of this installation. A new one is a module with a `Provider`, registered here."""

from payments.providers.bank import Bank
from payments.providers.base import Provider

_PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (Bank(),)}


def provider_named(name: str) -> Provider | None:
    return _PROVIDERS.get(name)


def online_providers() -> Provider | None:
    """The provider that takes transfers here; None while none is configured, then people pay at the counter."""
    return next((provider for provider in _PROVIDERS.values() if provider.is_ready()), None)
