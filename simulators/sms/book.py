"""What the gateway has taken, what became of it, and what the portal is told, faults included."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

_VIETNAM = timezone(timedelta(hours=7))
_REPETITIONS = (1, 2, 4, 8, 16)  # seconds between calls until the portal answers


class Fault(StrEnum):
    NONE = ""
    TIMEOUT_TAKEN = "timeout-taken"  # the message is taken, the answer never comes
    TIMEOUT_LOST = "timeout-lost"  # neither taken nor answered
    BAD_CREDENTIAL = "bad-credential"
    NO_CREDIT = "no-credit"
    THROTTLED = "throttled"
    UNKNOWN_NUMBER = "unknown-number"
    UNDELIVERED = "undelivered"  # taken, and reported as failed
    DUPLICATE = "duplicate"  # the same report five times at once
    OUT_OF_ORDER = "out-of-order"  # delivered first, then "waiting for the report", then failed
    FORGED = "forged"  # the report comes to an address that the portal never gave out
    LOST = "lost"  # no report


REFUSALS = {
    Fault.BAD_CREDENTIAL: ("101", "Authorize Failed"),
    Fault.NO_CREDIT: ("103", "Balance not enough to send message"),
    Fault.UNKNOWN_NUMBER: ("108", "Phone number is invalid"),
}
SILENT = (Fault.TIMEOUT_TAKEN, Fault.TIMEOUT_LOST)
_WAITING, _FINISHED, _AWAITED = "2", "5", "7"
_COPIES = 5


@dataclass
class Message:
    reference: str
    campaign: str
    kind: str  # "2" SMS, "25" Zalo
    phone: str
    text: str
    callback: str
    sms_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    taken_at: datetime = field(default_factory=lambda: datetime.now(_VIETNAM))
    status: str = _WAITING
    succeeded: int = 0
    failed: int = 0


@dataclass
class Book:
    api_key: str
    secret_key: str
    fault: Fault = Fault.NONE
    hold: bool = False
    messages: list[Message] = field(default_factory=list)
    asked: int = 0  # hand-overs that came, taken or not
    held: list[tuple[Message, Fault]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, message: Message) -> bool:
        """False when this RequestId was taken today."""
        with self._lock:
            today = message.taken_at.date()
            if any(m.reference == message.reference and m.taken_at.date() == today for m in self.messages):
                return False
            self.messages.append(message)
        return True

    def of_reference(self, reference: str) -> Message | None:
        return next((m for m in reversed(self.messages) if m.reference == reference), None)

    def of_id(self, sms_id: str) -> Message | None:
        return next((m for m in self.messages if m.sms_id == sms_id), None)

    def finish(self, message: Message, fault: Fault) -> list[str]:
        """Decide what became of a message and report it; returns the portal's answers."""
        message.status = _FINISHED
        message.succeeded, message.failed = (0, 1) if fault is Fault.UNDELIVERED else (1, 0)
        if fault in (Fault.LOST, *SILENT) or not message.callback:
            return []
        said = self._report(message)
        if fault is Fault.DUPLICATE:
            return [self._call(message.callback, said) for _copy in range(_COPIES)]
        if fault is Fault.OUT_OF_ORDER:
            awaited = {**said, "SendStatus": _AWAITED, "SendSuccess": "0"}
            late = {**said, "SendSuccess": "0", "SendFailed": "1"}
            return [self._call(message.callback, each) for each in (said, awaited, late)]
        if fault is Fault.FORGED:
            head, _slash, _token = message.callback.rstrip("/").rpartition("/")
            return [self._call(f"{head}/{uuid.uuid4().hex}.forged/", said)]
        return [self._call(message.callback, said)]

    def release(self) -> list[str]:
        with self._lock:
            held, self.held = self.held, []
        return [answer for message, fault in held for answer in self.finish(message, fault)]

    def later(self, message: Message) -> None:
        """Report in a moment, as a network does; or keep it until asked."""
        if self.hold:
            self.held.append((message, self.fault))
            return
        fault = self.fault

        def run() -> None:
            if not self.ending.wait(1):
                self.finish(message, fault)

        threading.Thread(target=run, daemon=True).start()

    def _report(self, message: Message) -> dict[str, str]:
        return {
            "SMSID": message.sms_id,
            "SendFailed": str(message.failed),
            "SendStatus": message.status,
            "SendSuccess": str(message.succeeded),
            "TotalReceiver": "1",
            "TotalSent": "1",
            "RequestId": message.reference,
            "TypeId": message.kind,
            "phonenumber": message.phone,
        }

    def _call(self, address: str, said: dict[str, str]) -> str:
        answer = _get(address, said)
        if not self.hold and not answer.isdigit():
            for pause in _REPETITIONS:
                if self.ending.wait(pause) or (answer := _get(address, said)).isdigit():
                    break
        return answer


def _get(address: str, said: dict[str, str]) -> str:
    try:
        with urlopen(f"{address}?{urlencode(said)}", timeout=15) as answer:
            return str(answer.status)
    except HTTPError as error:
        return str(error.code)
    except (URLError, OSError, ValueError) as error:
        return type(error).__name__
