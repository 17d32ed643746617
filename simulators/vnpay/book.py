"""VNPAY's book: what was asked for, what was paid and given back, and what the portal is told, faults included."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from simulators.vnpay import protocol

_REPETITIONS = (0.5, 1, 2, 4, 8, 16, 32)  # seconds between calls until the portal answers
_COPIES = 10


class Fault(StrEnum):
    NONE = ""
    DECLINED = "declined"  # the customer has no money: code 51
    CANCELLED = "cancelled"  # the customer gives up: code 24
    SUSPECT = "suspect"  # taken, but looked into: code 07
    DUPLICATE = "duplicate"  # the same call ten times at once
    BAD_SIGNATURE = "bad-signature"
    WRONG_AMOUNT = "wrong-amount"
    OTHER_REFERENCE = "other-reference"  # paid for something that nobody asked for
    FAILED_FIRST = "failed-first"  # out of order: first failed, then paid
    FAILED_AFTER = "failed-after"
    LATE = "late"  # paid now, called when released
    LOST = "lost"  # paid, never called
    TIMEOUT = "timeout"  # queries and refunds get no answer
    TIMEOUT_AFTER = "timeout-after"  # refunds are done, but the answer is lost


@dataclass
class Order:
    fields: dict[str, str]
    status: str = "01"
    code: str = ""
    number: str = ""
    paid: int = 0  # times 100
    pay_date: str = ""
    refunded: int = 0
    requests: set[str] = field(default_factory=set)


@dataclass
class Book:
    ipn_url: str
    secret: str
    fault: Fault = Fault.NONE
    orders: dict[str, Order] = field(default_factory=dict)
    held: list[dict[str, str]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    _numbers: count = field(default_factory=lambda: count(14_000_000 + hash(threading.get_ident()) % 900_000))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_order(self, fields: dict[str, str]) -> Order | str:
        """The order of a redirect, or why VNPAY shows an error page instead."""
        if not protocol.unbroken(fields, self.secret):
            return "Sai chữ ký (97)."
        wanted = (
            "vnp_TxnRef",
            "vnp_Amount",
            "vnp_ReturnUrl",
            "vnp_CreateDate",
            "vnp_IpAddr",
            "vnp_OrderInfo",
            "vnp_TmnCode",
        )
        if missing := [name for name in wanted if not fields.get(name)]:
            return f"Thiếu {', '.join(missing)} (03)."
        if fields.get("vnp_ExpireDate", "9") < protocol.now():
            return "Giao dịch đã quá thời gian chờ thanh toán (15)."
        with self._lock:
            return self.orders.setdefault(fields["vnp_TxnRef"], Order(fields))

    def pay(self, reference: str, fault: Fault) -> tuple[str, list[str]]:
        """Somebody pays on the page; the address they are led back to, and the portal's answers to the IPN."""
        fault = fault or self.fault
        order = self.orders[reference]
        with self._lock:
            order.number, order.pay_date = str(next(self._numbers)), protocol.now()
            order.code = {Fault.DECLINED: "51", Fault.CANCELLED: "24", Fault.SUSPECT: "07"}.get(fault, "00")
            order.status = {"00": "00", "07": "07"}.get(order.code, "02")
            if order.code == "00":
                order.paid = int(order.fields["vnp_Amount"])
        told = self._told(order)
        failed = self._told(order) | {"vnp_ResponseCode": "99", "vnp_TransactionStatus": "02"}
        back = f"{order.fields['vnp_ReturnUrl']}?{protocol.sealed_query(told, self.secret)}"
        match fault:
            case Fault.DUPLICATE:
                with ThreadPoolExecutor(_COPIES) as callers:
                    return back, list(callers.map(lambda _copy: self._call(told), range(_COPIES)))
            case Fault.BAD_SIGNATURE:
                return back, [self._call(told, signature="0" * 128)]
            case Fault.WRONG_AMOUNT:
                order.paid -= 100_000
                return back, [self._call(told | {"vnp_Amount": str(order.paid)})]
            case Fault.OTHER_REFERENCE:
                return back, [self._call(told | {"vnp_TxnRef": "KHONGAIHOI"})]
            case Fault.FAILED_FIRST:
                return back, [self._call(failed), self._call(told)]
            case Fault.FAILED_AFTER:
                return back, [self._call(told), self._call(failed)]
            case Fault.LATE:
                self.held.append(told)
                return back, []
            case Fault.LOST:
                return back, []
        return back, [self._call(told)]

    def take_back(self, reference: str, amount: int) -> int:
        """The payer's bank disputes a payment, or the merchant refunds it on VNPAY's pages; nobody is called. The sum
        that went back in all, times 100."""
        order = self.orders[reference]
        with self._lock:
            order.refunded = min(order.paid, order.refunded + amount)
        return order.refunded

    def release(self) -> list[str]:
        """Send the calls held back by `late`."""
        with self._lock:
            held, self.held = self.held, []
        return [self._call(message) for message in held]

    def answer(self, asked: dict[str, str]) -> dict[str, str]:
        """A query or a refund, answered and signed."""
        is_query = asked.get("vnp_Command") == "querydr"
        names = protocol.QUERY if is_query else protocol.REFUND
        answer = {
            "vnp_ResponseId": protocol.now() + asked.get("vnp_RequestId", "")[:6],
            "vnp_Command": asked.get("vnp_Command", ""),
            "vnp_TmnCode": asked.get("vnp_TmnCode", ""),
            "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
            "vnp_OrderInfo": asked.get("vnp_OrderInfo", ""),
        }
        if asked.get("vnp_SecureHash", "").lower() != protocol.seal(protocol.joined(asked, names), self.secret):
            answer |= {"vnp_ResponseCode": "97", "vnp_Message": "Invalid signature"}
        elif (order := self.orders.get(asked.get("vnp_TxnRef", ""))) is None or asked[
            "vnp_TransactionDate"
        ] != order.fields["vnp_CreateDate"]:
            answer |= {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
        elif is_query:
            answer |= self._standing(order) | {"vnp_ResponseCode": "00", "vnp_Message": "OK"}
        else:
            answer |= self._refund(order, asked)
        names = protocol.QUERY_ANSWER if is_query else protocol.REFUND_ANSWER
        return {**answer, "vnp_SecureHash": protocol.seal(protocol.joined(answer, names), self.secret)}

    def _refund(self, order: Order, asked: dict[str, str]) -> dict[str, str]:
        amount = int(asked["vnp_Amount"])
        with self._lock:
            if asked["vnp_RequestId"] in order.requests:
                return {"vnp_ResponseCode": "94", "vnp_Message": "Duplicate request"}
            if order.status != "00" or amount > order.paid - order.refunded:
                return {"vnp_ResponseCode": "95", "vnp_Message": "Refused"}
            order.requests.add(asked["vnp_RequestId"])
            order.refunded += amount
        return {
            "vnp_ResponseCode": "00",
            "vnp_Message": "Refund success",
            "vnp_Amount": str(amount),
            "vnp_BankCode": "NCB",
            "vnp_TransactionNo": str(next(self._numbers)),
            "vnp_TransactionType": asked["vnp_TransactionType"],
            "vnp_TransactionStatus": "05",
            "vnp_PayDate": protocol.now(),
        }

    def _standing(self, order: Order) -> dict[str, str]:
        kind = "01" if not order.refunded else "02" if order.refunded == order.paid else "03"
        return {
            "vnp_Amount": str(order.refunded or order.paid or order.fields["vnp_Amount"]),
            "vnp_BankCode": "NCB" if order.number else "",
            "vnp_PayDate": order.pay_date,
            "vnp_TransactionNo": order.number,
            "vnp_TransactionType": kind,
            "vnp_TransactionStatus": order.status,
        }

    def _told(self, order: Order) -> dict[str, str]:
        return {
            "vnp_TmnCode": order.fields["vnp_TmnCode"],
            "vnp_TxnRef": order.fields["vnp_TxnRef"],
            "vnp_Amount": order.fields["vnp_Amount"],
            "vnp_OrderInfo": order.fields["vnp_OrderInfo"],
            "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{order.number}",
            "vnp_CardType": "ATM",
            "vnp_PayDate": order.pay_date,
            "vnp_TransactionNo": order.number,
            "vnp_ResponseCode": order.code,
            "vnp_TransactionStatus": order.status,
        }

    def _call(self, fields: dict[str, str], signature: str = "") -> str:
        """Call the portal and return its code or the problem; without an end to it, calls are repeated later."""
        query = protocol.sealed_query(fields, self.secret)
        if signature:
            query = f"{protocol.encoded(fields)}&vnp_SecureHash={signature}"
        answer = _get(f"{self.ipn_url}?{query}")
        if not _ends_it(answer):
            threading.Thread(target=self._repeat, args=(query,), daemon=True).start()
        return answer

    def _repeat(self, query: str) -> None:
        for pause in _REPETITIONS:
            if self.ending.wait(pause) or _ends_it(_get(f"{self.ipn_url}?{query}")):
                return


def _ends_it(answer: str) -> bool:
    return answer.isdigit() and answer != "99"


def _get(address: str) -> str:
    try:
        with urlopen(address, timeout=15) as answer:
            return str(json.load(answer)["RspCode"])
    except HTTPError as error:
        return f"HTTP {error.code}"
    except (URLError, OSError, ValueError, KeyError) as error:
        return type(error).__name__
