"""What a payment provider is to the rest of the app.

A provider may only carry: it asks for money and reads what the other side says. Whether a payment is confirmed is
decided in `payments.verification`, against our own record, for all providers alike.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum

from payments.models import Payment


class Status(StrEnum):
    PAID = "paid"
    WAITING = "waiting"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # the provider has no such order


@dataclass(frozen=True)
class Report:
    """What a provider says, its signature found genuine. `amount` in đồng; `fields` as they came, to be kept."""

    reference: str
    status: Status
    amount: int
    transaction: str
    fields: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """What came is no report; the argument says why (for the log, in English)."""


class BadSignature(Exception):
    """The signature does not fit; `fields` are what came, to be kept and not to be believed."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("bad signature")
        self.fields = fields


class Unreachable(Exception):
    """The provider did not answer, or not in its language. Nothing is known; ask again later."""


class Provider(ABC):
    """One provider; `name` stands in its callback's address and in every kept call."""

    name: str

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it is configured here; payers are not offered one that is not."""

    @abstractmethod
    def order(self, payment: Payment) -> Report:
        """Announce an attempt, so that the provider reports on it. Repeating it is harmless.

        Raises Unreachable or BadSignature. Must not be called within a transaction that holds locks.
        """

    @abstractmethod
    def inquire(self, payment: Payment) -> Report:
        """Ask what became of an attempt; `UNKNOWN` when it was never announced. Raises as `order` does."""

    @abstractmethod
    def read(self, body: bytes) -> Report:
        """Read a callback. Raises Unreadable or BadSignature."""
