"""A dossier of another system in our words, with everything that it refers to found."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from accounts.models import Enterprise, Person
from agencies.models import Agency, Desk
from procedures.models import Edition

MOVED_IN, ELSEWHERE, TAKEN_BACK = "moved_in", "done_elsewhere", "taken_back"


@dataclass(frozen=True)
class MovedPause:
    reason: str
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class MovedEvent:
    """One line of the other system's history. `state` is where it led; None where it does not say."""

    at: datetime
    actor: str
    text: str
    state: int | None = None


@dataclass(frozen=True)
class MovedFile:
    """A file on this machine. `paper` is the key of a line of the checklist; a result has number, day and signer."""

    path: Path
    name: str
    kind: str
    paper: str = ""
    number: str = ""
    issued_on: date | None = None
    signer: str = ""


@dataclass(frozen=True)
class MovedSupplement:
    """What an open dossier still waits for."""

    items: tuple[str, ...]
    reason: str
    asked_at: datetime
    answer_by: datetime | None = None


@dataclass(frozen=True)
class MovedInDossier:
    """`old_code` is the other system's; a date that is None was not there. `fee_paid_at` None: the fee is owed."""

    old_code: str
    edition: Edition
    case: str
    channel: str
    state: int
    substate: str
    outcome: str
    content: str
    filer: Person
    owner: Person | Enterprise
    owner_name: str
    phone: str
    email: str
    address: str
    settling: Agency
    receiving: Agency
    desk: Desk | None
    filed_at: datetime | None
    received_at: datetime | None
    answer_due_at: datetime | None
    original_due_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    limit_amount: Decimal | None
    limit_unit: str
    fee: int | None
    fee_paid_at: datetime | None
    fee_method: str
    step: str = ""
    step_since: datetime | None = None
    holder_id: int | None = None
    pauses: tuple[MovedPause, ...] = ()
    supplement: MovedSupplement | None = None
    history: tuple[MovedEvent, ...] = field(default=(), repr=False)
    files: tuple[MovedFile, ...] = ()

    @property
    def came_at(self) -> datetime:
        """When it was handed in. Raises LookupError."""
        for moment in (self.filed_at, self.received_at):
            if moment is not None:
                return moment
        raise LookupError(f"{self.old_code} was never handed in")
