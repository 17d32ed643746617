"""What a payment provider is to the rest of the app.

A provider may only carry: it asks for money and reads what the other side says. Whether a payment is confirmed is
decided in `payments.verification`, against our own record, for all providers alike.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils.functional import Promise

from core.refusals import Refused
from payments.models import CollectionAccount, Payment, ProviderCall, Refund


class Status(StrEnum):
    PAID = "paid"
    WAITING = "waiting"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # the provider has no such order
    TAKEN_BACK = "taken_back"  # paid once, and gone again at the provider; the amount is what went


@dataclass(frozen=True)
class Report:
    """What a provider says, its signature found genuine. `amount` in đồng; `fields` as they came, to be kept."""

    reference: str
    status: Status
    amount: int
    transaction: str
    fields: dict[str, str] = field(default_factory=dict)
    place: str = ""  # key of the collection account whose secret fitted
    named: Payment | None = None  # the attempt of that reference, where it was read with its account and charge


@dataclass(frozen=True)
class Received:
    """A callback as it came."""

    method: str
    query: str
    body: bytes


class Unreadable(Exception):
    """What came is no report; the argument says why (for the log, in English)."""


class BadSignature(Exception):
    """The signature does not fit; `fields` are what came, to be kept and not to be believed."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("bad signature")
        self.fields = fields


class Unreachable(Exception):
    """The provider did not answer, or not in its language. Nothing is known; ask again later."""


class RefundRefused(Refused):
    """The provider will not refund it; the sentence is for staff."""

    def __init__(self, sentence: str) -> None:
        super().__init__("refund_refused", sentence)


Outcome = ProviderCall.Outcome
# What the caller reads, as in the codes of VNPAY 2.1.0; anything but 99 ends its repetitions.
CODES = {
    Outcome.CONFIRMED: ("00", "confirmed"),
    Outcome.NOT_PAID: ("00", "noted"),
    Outcome.SURPLUS: ("00", "noted as surplus"),
    Outcome.UNKNOWN: ("01", "order not found"),
    Outcome.REPEATED: ("02", "already confirmed"),
    Outcome.WRONG_AMOUNT: ("04", "amount differs from the order"),
    Outcome.BAD_SIGNATURE: ("97", "invalid signature"),
    Outcome.UNREADABLE: ("99", "not readable"),
    Outcome.TAKEN_BACK: ("00", "noted as taken back"),
}


class Provider(ABC):
    """One provider; `name` stands in its callback's address and in every kept call, `method` in the payments."""

    name: str
    method: Payment.Method
    label: str | Promise  # on the payer's button
    options_form: type[forms.Form]
    callback_method = "POST"
    online = True  # payers choose it themselves; otherwise it is entered at a counter

    @abstractmethod
    def province_options(self) -> dict[str, Any] | None:
        """The options of the whole province's account by the settings; None where they are not complete."""

    @abstractmethod
    def province_secret(self) -> str:
        """Its secret by the settings."""

    @abstractmethod
    def account_key(self, options: dict[str, Any]) -> str:
        """A key for an account with these options: the same account has the same one."""

    @abstractmethod
    def missing(self, account: CollectionAccount) -> list[str]:
        """Names of the settings that `account` lacks to be used; empty when it is ready. No network."""

    def code_for(self, payment: Payment) -> str:
        """The QR payload of a new attempt, not saved yet; "" where the payer is led to a page instead."""
        return ""

    def pay_page(self, payment: Payment, *, address: str, language: str) -> str:
        """The provider's page on which the payer at `address` pays; "" where there is none."""
        return ""

    def order(self, payment: Payment) -> Report | None:
        """Announce an attempt, so that the provider reports on it; None where nothing is announced. Repeating it is
        harmless.

        Raises Unreachable or BadSignature. Must not be called within a transaction that holds locks.
        """
        return None

    @abstractmethod
    def inquire(self, payment: Payment, *, at: datetime) -> Report:
        """Ask what became of an attempt; `UNKNOWN` when the provider has none. Raises as `order` does."""

    @abstractmethod
    def read_callback(self, received: Received) -> Report:
        """Read a callback. Raises Unreadable or BadSignature."""

    def answer(self, outcome: ProviderCall.Outcome | None) -> HttpResponse:
        """What the caller gets; None when our side failed and it should call again."""
        code, message = CODES[outcome] if outcome else ("99", "try again")
        return JsonResponse({"RspCode": code, "Message": message})

    def can_refund(self, payment: Payment) -> bool:
        """Whether `refund` can give money of this payment back the way it came."""
        return False

    def refund(self, refund: Refund, *, at: datetime) -> str:
        """Give it back; the provider's transaction number. Asked again for the same refund it does not pay twice.

        Raises RefundRefused, or Unreachable when nobody knows whether it was done.
        """
        raise RefundRefused("")
