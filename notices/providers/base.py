"""What carries messages out of the portal. A carrier may only carry: what becomes of a notice is decided in
`notices.delivery`, for all carriers alike."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notices.models import Notice


class Fate(StrEnum):
    """What became of a message that a carrier took."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Taken:
    """The carrier has the message: its own name for it ("" when it gives none) and what it knows so far."""

    provider_id: str = ""
    fate: Fate = Fate.ON_ITS_WAY
    reason: str = ""


class MessageRefused(Exception):
    """This message will never be carried; the argument says why, for the list of failures."""


class NotNow(Exception):
    """The message was not taken; later it may be.

    `in_doubt`: it may have been taken all the same (no answer came). `rest`: the carrier takes nobody's messages now
    (throttled, no credit, wrong credential). `seconds`: how long it asked us to wait, None when it did not say.
    """

    def __init__(self, why: str, *, in_doubt: bool = False, rest: bool = False, seconds: int | None = None) -> None:
        super().__init__(why)
        self.in_doubt, self.rest, self.seconds = in_doubt, rest, seconds


class Carrier(ABC):
    """One way out. No call is made within a transaction that holds locks."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it is configured here; nobody is offered a channel that is not."""

    @abstractmethod
    def send(self, notice: Notice) -> Taken:
        """Hand the message over under `notice.reference`. Raises MessageRefused, NotNow."""

    def ask(self, notice: Notice, at: datetime) -> Taken | None:
        """What became of a message, by its reference: None when the carrier never had it. Raises NotNow.

        A carrier that cannot be asked knows nothing.
        """
        return None
