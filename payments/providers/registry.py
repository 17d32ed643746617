"""The providers of this installation. A new one is a folder with a `Provider`, named here."""

from datetime import datetime

from payments import accounts
from payments.models import CollectionAccount
from payments.providers.base import Provider
from payments.providers.pos.terminal import Terminal
from payments.providers.vietqr.bank import Bank
from payments.providers.vnpay.gateway import Vnpay

_PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (Bank(), Vnpay(), Terminal())}


def all_providers() -> tuple[Provider, ...]:
    return tuple(_PROVIDERS.values())


def online_methods() -> list[str]:
    """Methods of payments that a provider can be asked about."""
    return [provider.method for provider in _PROVIDERS.values() if provider.online]


def provider_named(name: str) -> Provider | None:
    return _PROVIDERS.get(name)


def provider_of(method: str) -> Provider | None:
    """The provider through which payments of a method go; None for cash and cards at a counter."""
    return next((provider for provider in _PROVIDERS.values() if provider.method == method), None)


def offered_providers(agency_code: str, *, at: datetime) -> list[tuple[Provider, CollectionAccount]]:
    """The ways in which the agency takes money online now, each with the account it goes to."""
    return offered_among(accounts.own_accounts(agency_code, at=at))


def offered_among(own: dict[str, CollectionAccount]) -> list[tuple[Provider, CollectionAccount]]:
    """The ways online of an agency with these accounts of its own; the province's account serves where it has none."""
    found = []
    for provider in _PROVIDERS.values():
        if not provider.online:
            continue
        account = own.get(provider.name) or accounts.province_account(provider)
        if account is not None and not provider.missing(account):
            found.append((provider, account))
    return found
