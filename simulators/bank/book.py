"""The bank's book: orders, what was paid on them, and what the portal is told, faults included."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from simulators.bank.protocol import NotVietQR, scan, seal

_REPETITIONS = (0.5, 1, 2, 4, 8, 16, 32)  # seconds between calls until the portal answers
_SHORT_BY = 1000


class Fault(StrEnum):
    NONE = ""
    DECLINED = "declined"  # the customer has no money: reported as failed
    DUPLICATE = "duplicate"  # the same call twenty times at once
    BAD_SIGNATURE = "bad-signature"
    WRONG_AMOUNT = "wrong-amount"
    FAILED_FIRST = "failed-first"  # first failed, then paid
    FAILED_AFTER = "failed-after"  # first paid, then failed
    LATE = "late"  # paid now, called when released
    LOST = "lost"  # paid, never called
    TIMEOUT = "timeout"  # orders and questions get no answer


_COPIES = 20


@dataclass
class Order:
    fields: dict[str, str]
    status: str = "waiting"
    amount: int = 0
    transaction: str = ""
    paid: list[tuple[int, str]] = field(default_factory=list)  # amount and number of every transfer that came


@dataclass
class Book:
    portal_url: str
    secret: str
    fault: Fault = Fault.NONE
    orders: dict[str, Order] = field(default_factory=dict)
    held: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def announce(self, fields: dict[str, str]) -> Order | None:
        """Take an order; the same again changes nothing; None when it contradicts the one taken before."""
        told = {name: fields[name] for name in ("reference", "amount", "account")}
        with self._lock:
            order = self.orders.setdefault(told["reference"], Order(fields))
            if not order.fields:  # money came before the order
                order.fields = fields
        return order if {name: order.fields[name] for name in told} == told else None

    def report(self, reference: str) -> dict[str, str]:
        """What the bank says about a reference, signed."""
        order = self.orders.get(reference)
        if order is None:
            return self._signed(reference, "unknown", 0, "")
        asked = int(order.fields.get("amount", order.amount))
        return self._signed(reference, order.status, order.amount or asked, order.transaction)

    def pay_scanned(self, payload: str, fault: Fault) -> list[str]:
        """A customer scans a code and pays. Raises NotVietQR when their app would refuse it."""
        scanned = scan(payload)
        if scanned.amount is None or not scanned.purpose:
            raise NotVietQR("amount and purpose are left to the customer")
        order = self.orders.get(scanned.purpose)
        if order is not None and order.fields:
            asked = (order.fields["amount"], order.fields["account"])
            if asked != (str(scanned.amount), f"{scanned.bin}/{scanned.account}"):
                raise NotVietQR("the code asks for something else than the order")
        return self.pay(scanned.purpose, scanned.amount, fault)

    def pay(self, reference: str, amount: int, fault: Fault) -> list[str]:
        """Move the money and call the portal; returns the portal's answers in the order they came."""
        transaction = f"FT{uuid.uuid4().hex[:12].upper()}"
        fault = fault or self.fault
        with self._lock:
            order = self.orders.setdefault(reference, Order({}))
            if fault is Fault.DECLINED:
                order.status = "failed"
            else:
                order.status, order.amount, order.transaction = "paid", amount, transaction
                order.paid.append((amount, transaction))
        address = order.fields.get("callback_url") or f"{self.portal_url}/payments/bank/callback"
        paid = self._signed(reference, "paid", amount, transaction)
        failed = self._signed(reference, "failed", amount, "")
        match fault:
            case Fault.DECLINED:
                return [self._call(address, failed)]
            case Fault.DUPLICATE:
                with ThreadPoolExecutor(_COPIES) as callers:
                    return list(callers.map(lambda _copy: self._call(address, paid), range(_COPIES)))
            case Fault.BAD_SIGNATURE:
                return [self._call(address, {**paid, "signature": "0" * 64})]
            case Fault.WRONG_AMOUNT:
                return [self._call(address, self._signed(reference, "paid", amount - _SHORT_BY, transaction))]
            case Fault.FAILED_FIRST:
                return [self._call(address, failed), self._call(address, paid)]
            case Fault.FAILED_AFTER:
                return [self._call(address, paid), self._call(address, failed)]
            case Fault.LATE:
                self.held.append((address, paid))
                return []
            case Fault.LOST:
                return []
        return [self._call(address, paid)]

    def release(self) -> list[str]:
        """Send the calls held back by `late`."""
        with self._lock:
            held, self.held = self.held, []
        return [self._call(address, message) for address, message in held]

    def _signed(self, reference: str, status: str, amount: int, transaction: str) -> dict[str, str]:
        return seal(
            {
                "reference": reference,
                "status": status,
                "amount": str(amount),
                "currency": "VND",
                "transaction": transaction,
                "said_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
            self.secret,
        )

    def _call(self, address: str, message: dict[str, str]) -> str:
        """Call the portal and return its code or the problem; without an end to it, calls are repeated later."""
        answer = _post(address, message)
        if not _ends_it(answer):
            threading.Thread(target=self._repeat, args=(address, message), daemon=True).start()
        return answer

    def _repeat(self, address: str, message: dict[str, str]) -> None:
        for pause in _REPETITIONS:
            if self.ending.wait(pause) or _ends_it(_post(address, message)):
                return


def _ends_it(answer: str) -> bool:
    return answer.isdigit() and answer != "99"


def _post(address: str, message: dict[str, str]) -> str:
    request = Request(address, json.dumps(message).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=15) as answer:
            return str(json.load(answer)["RspCode"])
    except HTTPError as error:
        return f"HTTP {error.code}"
    except (URLError, OSError, ValueError, KeyError) as error:
        return type(error).__name__
