"""VNPAY as a provider. The IPN and the query decide; the return page only leads the payer back."""

import json
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.outgoing_calls import CallFailed, Request, call_neighbour
from payments import accounts
from payments.attempts import attempt_called
from payments.models import CollectionAccount, Payment, Refund
from payments.providers.base import (
    BadSignature,
    Provider,
    Received,
    RefundRefused,
    Report,
    Status,
    Unreachable,
    Unreadable,
)
from payments.providers.vnpay import protocol
from payments.providers.vnpay.options import MerchantForm

CONNECTION = "vnpay"
PATIENCE = 10.0  # seconds for one call
_LONGEST = 64 * 1024
_OWN_ADDRESS = "127.0.0.1"  # vnp_IpAddr of what the server itself asks
_WAITS, _FAILED = ("01", "04", "07"), ("02", "09")  # vnp_TransactionStatus


class Vnpay(Provider):
    name = "vnpay"
    method = Payment.Method.VNPAY
    label = gettext_lazy("Nộp qua VNPAY")
    options_form = MerchantForm
    callback_method = "GET"

    def province_options(self) -> dict[str, Any] | None:
        ready = settings.VNPAY_URL and settings.VNPAY_TMN_CODE and settings.VNPAY_HASH_SECRET
        return {"tmn_code": settings.VNPAY_TMN_CODE} if ready else None

    def province_secret(self) -> str:
        return settings.VNPAY_HASH_SECRET

    def account_key(self, options: dict[str, Any]) -> str:
        return f"vnpay-{options['tmn_code']}".lower()

    def missing(self, account: CollectionAccount) -> list[str]:
        found = [
            name
            for name in ("VNPAY_URL", "VNPAY_API_URL")
            if urlsplit(getattr(settings, name)).scheme not in ("http", "https")
        ]
        if not accounts.secret_of(account, self):
            found.append(f"PAYMENT_SECRETS[{account.key}]")
        return found

    def pay_page(self, payment: Payment, *, address: str, language: str) -> str:
        account = self._account(payment)
        fields = {
            "vnp_Version": protocol.VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": account.options["tmn_code"],
            "vnp_Amount": protocol.in_units(payment.amount),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": payment.reference,
            "vnp_OrderInfo": f"Nop phi le phi {payment.reference}",  # no accents, no name, no dossier
            "vnp_OrderType": "other",
            "vnp_Locale": "en" if language.startswith("en") else "vn",
            "vnp_ReturnUrl": settings.PUBLIC_URL + reverse("payment-returned", args=[self.name]),
            "vnp_IpAddr": address or _OWN_ADDRESS,
            "vnp_CreateDate": protocol.written_moment(payment.created_at),
        }
        if payment.expires_at:
            fields["vnp_ExpireDate"] = protocol.written_moment(payment.expires_at)
        return f"{settings.VNPAY_URL}?{protocol.signed_query(fields, accounts.secret_of(account, self))}"

    def inquire(self, payment: Payment, *, at: datetime) -> Report:
        info = f"Truy van {payment.reference}"
        told = self._ask(payment, "querydr", protocol.QUERY, protocol.QUERY_ANSWER, info, at)
        code = told.get("vnp_ResponseCode", "")
        if code == "91":
            return Report(payment.reference, Status.UNKNOWN, payment.amount, "", told)
        if code != "00":
            raise Unreachable(f"VNPAY answers {code[:2]!r}")
        if told.get("vnp_TxnRef") != payment.reference:
            raise Unreachable("the answer is about another order")
        standing = told.get("vnp_TransactionStatus", "")
        report = self._report(told, standing, standing)
        went_back = told.get("vnp_TransactionType") in (protocol.FULL, protocol.PART) and standing == "00"
        if went_back or standing == protocol.REVERSED:
            return replace(report, status=Status.TAKEN_BACK)
        return report

    def read_callback(self, received: Received) -> Report:
        try:
            pairs = parse_qsl(received.query, keep_blank_values=True, strict_parsing=True, max_num_fields=60)
        except ValueError as error:
            raise Unreadable("no fields") from error
        fields = {name[:40]: value[:500] for name, value in pairs}
        if not fields or len(fields) != len(pairs):
            raise Unreadable("no fields, or a name comes twice")
        if "\x00" in "".join((*fields, *fields.values())):
            raise Unreadable("a character that is none")
        known = attempt_called(fields.get("vnp_TxnRef", "")[:25], [self.method])
        mine = [a for a in accounts.accounts_of(self) if a.options.get("tmn_code") == fields.get("vnp_TmnCode")]
        mine.sort(key=lambda a: known is None or a.pk != known.account_id)  # one merchant may have several rows in time
        for account in mine:
            if protocol.is_genuine(fields, accounts.secret_of(account, self)):
                told = fields.get("vnp_ResponseCode", ""), fields.get("vnp_TransactionStatus", "")
                return replace(self._report(fields, *told, place=account.key), named=known)
        raise BadSignature(fields)

    def can_refund(self, payment: Payment) -> bool:
        return payment.method == self.method and bool(payment.provider_transaction)

    def refund(self, refund: Refund, *, at: datetime) -> str:
        payment = refund.payment
        assert payment is not None
        more = {
            "vnp_TransactionType": protocol.FULL if refund.amount == payment.amount else protocol.PART,
            "vnp_Amount": protocol.in_units(refund.amount),
            "vnp_TransactionNo": payment.provider_transaction,
            "vnp_CreateBy": "portal",
            # The same refund asked again bears the same number, which VNPAY does not take twice.
            "vnp_RequestId": refund.uid.hex,
        }
        info = f"Hoan tien {payment.reference}"
        told = self._ask(payment, "refund", protocol.REFUND, protocol.REFUND_ANSWER, info, at, **more)
        code = told.get("vnp_ResponseCode", "")
        if code in ("98", "99", ""):
            raise Unreachable(f"VNPAY answers {code!r}")
        if code == "94":  # asked before: what became of it stands in the transaction itself
            raise Unreachable("asked before")
        if code != "00":
            raise RefundRefused(str(protocol.API_CODES.get(code, _("VNPAY trả lời mã %s.") % code[:2])))
        return told.get("vnp_TransactionNo", "")[:80]

    def returned(self, received: Received) -> tuple[Report, str]:
        """What the payer's browser brings back, and its answer code in words. Raises as `read_callback` does."""
        report = self.read_callback(received)
        code = report.fields.get("vnp_ResponseCode", "99")
        return report, str(protocol.PAYMENT_CODES.get(code, protocol.PAYMENT_CODES["99"]))

    def _account(self, payment: Payment) -> CollectionAccount:
        account = accounts.account_of(payment, self)
        if account is None:
            raise Unreachable("the account is not configured")
        return account

    def _report(self, fields: dict[str, str], code: str, standing: str, place: str = "") -> Report:
        try:
            amount = protocol.in_dong(fields.get("vnp_Amount", ""))
        except ValueError as error:
            raise Unreadable(str(error)) from error
        if code == standing == "00":
            status = Status.PAID
        elif standing in _WAITS or code == "07":
            status = Status.WAITING
        else:
            status = Status.FAILED
        number = fields.get("vnp_TransactionNo", "")
        if status is Status.PAID and not number.strip("0"):
            raise Unreadable("paid without a transaction")
        return Report(fields.get("vnp_TxnRef", "")[:25], status, amount, number, fields, place)

    def _ask(
        self,
        payment: Payment,
        command: str,
        order: tuple[str, ...],
        answer_order: tuple[str, ...],
        info: str,
        at: datetime,
        **more: str,
    ) -> dict[str, str]:
        account = self._account(payment)
        if self.missing(account):
            raise Unreachable("the account is not configured")
        secret = accounts.secret_of(account, self)
        fields = {
            "vnp_RequestId": uuid.uuid4().hex,
            "vnp_Version": protocol.VERSION,
            "vnp_Command": command,
            "vnp_TmnCode": account.options["tmn_code"],
            "vnp_TxnRef": payment.reference,
            "vnp_OrderInfo": info,
            "vnp_TransactionDate": protocol.written_moment(payment.created_at),
            "vnp_CreateDate": protocol.written_moment(at),
            "vnp_IpAddr": _OWN_ADDRESS,
            **more,
        }
        body = json.dumps(protocol.signed_values(fields, order, secret)).encode()
        request = Request(
            "POST",
            settings.VNPAY_API_URL,
            operation=command,
            reference=f"payment:{payment.reference}",
            headers={"Content-Type": "application/json"},
            content=body,
            patience=PATIENCE,
        )
        try:
            outcome = call_neighbour(CONNECTION, request)
            if outcome.status != 200 or len(outcome.body) > _LONGEST:
                raise Unreachable(f"HTTP {outcome.status}")
            read = json.loads(outcome.body)
        except CallFailed as failed:
            raise Unreachable(str(failed)) from failed
        except (ValueError, RecursionError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        if not isinstance(read, dict):
            raise Unreachable("no JSON object")
        told = {str(name)[:40]: str(value)[:500].replace("\x00", "") for name, value in read.items()}
        if not protocol.are_genuine_values(told, answer_order, secret):
            raise BadSignature(told)
        return told
