"""Where an agency's money goes: the account of a provider that holds on a day, and its secret.

An agency's own account comes first, then its successors' after a merger, then the whole province's by the settings.
"""

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency
from agencies.succession import with_predecessors
from payments.models import CollectionAccount, Payment
from payments.providers.base import Provider

_BEGINNING = date(2000, 1, 1)  # the province's account holds whenever the settings name it
_LONGEST_CHAIN = 5


def own_accounts(agency_code: str, *, at: datetime) -> dict[str, CollectionAccount]:
    """The agency's own accounts at `at` by the provider's name, or its successors' where it has none. Two queries."""
    day = timezone.localdate(at)
    codes = [agency_code, *successor_codes(agency_code, on=day)]
    rows = list(CollectionAccount.objects.valid(on=day).filter(agency_code__in=codes))
    return {row.provider: row for code in reversed(codes) for row in rows if row.agency_code == code}


def account_for(provider: Provider, agency_code: str, *, at: datetime) -> CollectionAccount | None:
    """The account in which `provider` collects for the agency at `at`; None when there is none."""
    return own_accounts(agency_code, at=at).get(provider.name) or province_account(provider)


def province_account(provider: Provider) -> CollectionAccount | None:
    """The account of the settings, kept as a row so that the ledger can name it; None when they are not complete."""
    options = provider.province_options()
    if options is None:
        return None
    if found := CollectionAccount.objects.filter(agency_code="", provider=provider.name, options=options).first():
        return found
    key = free_key(provider, options)
    facts = {"provider": provider.name, "options": options, "valid_from": _BEGINNING}
    return CollectionAccount.objects.get_or_create(key=key, defaults=facts)[0]


def free_key(provider: Provider, options: dict[str, Any]) -> str:
    """The key for a new row of the account with these options: its own, numbered where the account had rows before."""
    key = provider.account_key(options)
    same = CollectionAccount.objects.filter(key__regex=rf"^{re.escape(key)}(-[0-9]+)?$").count()
    return f"{key}-{same + 1}" if same else key


def account_of(payment: Payment, provider: Provider) -> CollectionAccount | None:
    """The account of an attempt; attempts without one went to the province's."""
    return payment.account if payment.account_id is not None else province_account(provider)


def secret_of(account: CollectionAccount, provider: Provider) -> str:
    """The account's secret from the environment; "" when it is missing."""
    named = settings.PAYMENT_SECRETS.get(account.key, "")
    return named or (provider.province_secret() if account.agency_code == "" else "")


def accounts_of(provider: Provider) -> list[CollectionAccount]:
    """Every account of the provider, ended ones too: calls about older payments still come."""
    found = list(CollectionAccount.objects.filter(provider=provider.name))
    province = province_account(provider)
    return found if province is None or province in found else [*found, province]


def end_accounts(agency_code: str, *, last_day: date) -> list[int]:
    """Let the agency's own accounts hold until the end of `last_day`; returns the ids of those that lasted longer.

    Codes that are out still find their charge; later attempts go to the successor's account.
    """
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)
    rows = CollectionAccount.objects.filter(lasting, agency_code=agency_code, valid_from__lte=last_day)
    ids = list(rows.values_list("pk", flat=True))
    CollectionAccount.objects.filter(pk__in=ids).update(valid_to=last_day)
    return ids


def successor_codes(agency_code: str, *, on: date) -> list[str]:
    """Codes of the agencies that took over from one that ended by merger, nearest first."""
    found: list[str] = []
    agency = Agency.objects.filter(code=agency_code).order_by("-valid_from").first()
    while agency is not None and agency.valid_to is not None and agency.valid_to < on and len(found) < _LONGEST_CHAIN:
        agency = agency.successor
        if agency is None or agency.code in found:
            break
        found.append(agency.code)
    return found


def predecessor_codes(agency: Agency) -> list[str]:
    """The agency's code and those of agencies whose business it took over."""
    return list(dict.fromkeys(body.code for body in with_predecessors(agency.pk)))
