"""How somebody may be told outside the portal: their own choice, or the e-mail address that came with the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Account
from notices import providers
from notices.models import CARRIED, OUTSIDE, Channel, ContactChoice


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell: on the portal when they have an account, and outside it.

    `address` (e-mail) and `phone` came with the case and go before those of the account. `order`: the channels to
    use instead of those chosen, for what the person asked for this very moment.
    """

    account: Account | None = None
    address: str = ""
    language: str = "vi"
    phone: str = ""
    order: tuple[str, ...] = ()


def choices_of(account: Account | None) -> ContactChoice | None:
    return ContactChoice.objects.filter(account=account).first() if account is not None else None


def choices_of_accounts(accounts: Iterable[Account]) -> dict[int, ContactChoice]:
    """The choice of each account that has made one, by the account's id."""
    keys = {account.pk for account in accounts}
    if not keys:
        return {}
    return {choice.account_id: choice for choice in ContactChoice.objects.filter(account__in=keys)}


def ways_to_reach(recipient: Recipient, choice: ContactChoice | None) -> list[tuple[str, str]]:
    """(channel, address) in the order to be tried. Without a choice: e-mail, to the address that was given."""
    given: dict[str, str] = {Channel.EMAIL: recipient.address, **dict.fromkeys(CARRIED, recipient.phone)}
    if recipient.order:
        order = list(recipient.order)
    elif choice is not None:
        order = list(choice.channels)
        given = _completed(given, recipient.account)
    else:
        order = [Channel.EMAIL]
    return [(channel, given[channel]) for channel in order if given.get(channel) and providers.is_ready(channel)]


def addresses_of(account: Account) -> dict[str, str]:
    """Where an account can be reached, by channel; empty texts where nowhere."""
    return _completed(dict.fromkeys(OUTSIDE, ""), account)


def _completed(given: dict[str, str], account: Account | None) -> dict[str, str]:
    person = getattr(account, "person", None) if account is not None else None
    email = given[Channel.EMAIL] or (account.email if account else "") or (person.email if person else "")
    phone = given[Channel.SMS] or (person.phone if person else "")
    return {Channel.EMAIL: email, **dict.fromkeys(CARRIED, phone)}


@transaction.atomic
def choose_channel(account: Account, channels: list[str], *, morning_digest: bool, at: datetime) -> ContactChoice:
    """Keep the choice. An empty list: nothing but the portal."""
    Account.objects.select_for_update().get(pk=account.pk)
    choice, _made = ContactChoice.objects.update_or_create(
        account=account,
        defaults={"channels": channels, "morning_digest": morning_digest, "chosen_at": at},
    )
    return choice
