"""The bank that holds the account: signed JSON over HTTP.

- ``POST /v1/orders`` announces an attempt, ``GET /v1/orders/<reference>`` asks about it; both answer with one report.
- The bank calls ``POST <callback_url>`` with a report when something happened, and repeats it until it gets an answer.

Every message is a flat JSON object of texts, signed by `signing`; amounts are whole đồng in digits.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from journal.outgoing_calls import CallFailed, Request, call_neighbour
from payments import accounts
from payments.attempts import attempt_called
from payments.models import CollectionAccount, Payment
from payments.providers.base import BadSignature, Provider, Received, Report, Status, Unreachable, Unreadable
from payments.providers.vietqr import code, signing
from payments.providers.vietqr.options import AccountForm

CONNECTION = "bank:"
PATIENCE = 5.0  # seconds for one call
_LONGEST = 16 * 1024
_REQUIRED = ("reference", "status", "amount", "currency", "transaction", signing.FIELD)


class Bank(Provider):
    name = "bank"
    method = Payment.Method.VIETQR
    label = _("Nộp bằng mã VietQR")
    options_form = AccountForm

    def province_options(self) -> dict[str, Any] | None:
        given = settings.BANK_ACCOUNT
        if not (settings.BANK_URL and settings.BANK_SECRET and all(given.values())):
            return None
        return {"bin": given["bin"], "number": given["number"], "holder": given["holder"], "url": ""}

    def province_secret(self) -> str:
        return settings.BANK_SECRET

    def account_key(self, options: dict[str, Any]) -> str:
        return f"bank-{options['bin']}-{options['number']}".lower()

    def missing(self, account: CollectionAccount) -> list[str]:
        found = []
        if urlsplit(_address(account)).scheme not in ("http", "https"):
            found.append("BANK_URL")
        if not accounts.secret_of(account, self):
            found.append(f"PAYMENT_SECRETS[{account.key}]")
        return found

    def code_for(self, payment: Payment) -> str:
        return code.transfer_code(account_in(self._account(payment)), amount=payment.amount, purpose=payment.reference)

    def order(self, payment: Payment) -> Report | None:
        account = self._account(payment)
        return self._call(
            "POST",
            "/v1/orders",
            {
                "reference": payment.reference,
                "amount": str(payment.amount),
                "currency": "VND",
                "account": f"{account.options['bin']}/{account.options['number']}",
                "description": payment.charge.title,
                "expires_at": payment.expires_at.isoformat() if payment.expires_at else "",
                "callback_url": settings.PUBLIC_URL + reverse("payment-callback", args=[self.name]),
            },
            payment,
        )

    def inquire(self, payment: Payment, *, at: datetime) -> Report:
        asked = {"reference": payment.reference}
        return self._call("GET", f"/v1/orders/{quote(payment.reference, safe='')}", asked, payment)

    def read_callback(self, received: Received) -> Report:
        fields = _flat(received.body)
        known = attempt_called(fields.get("reference", "")[:25], [self.method])
        account = accounts.account_of(known, self) if known else None
        # A reference that nobody knows may still be money to an account of ours.
        for candidate in [account] if account else accounts.accounts_of(self):
            if candidate and signing.is_genuine(fields, accounts.secret_of(candidate, self)):
                return replace(_report(fields, candidate), named=known)
        raise BadSignature(fields)

    def _account(self, payment: Payment) -> CollectionAccount:
        account = accounts.account_of(payment, self)
        if account is None:
            raise Unreachable("the account is not configured")
        return account

    def _call(self, method: str, path: str, fields: dict[str, str], payment: Payment) -> Report:
        account = self._account(payment)
        secret = accounts.secret_of(account, self)
        if self.missing(account):
            raise Unreachable("the account is not configured")
        sent = signing.signature_of(fields, secret)
        address = _address(account).rstrip("/") + path
        asked = method == "GET"
        request = Request(
            method,
            f"{address}?{urlencode(sent)}" if asked else address,
            operation="inquiry" if asked else "order",
            reference=f"payment:{payment.reference}",
            headers={} if asked else {"Content-Type": "application/json"},
            content=None if asked else json.dumps(sent).encode(),
            patience=PATIENCE,
        )
        try:  # whatever its status: the bank's 404 is a signed report too
            told = _flat(call_neighbour(connection_name(_address(account)), request).body)
            if not signing.is_genuine(told, secret):
                raise BadSignature(told)
            report = _report(told, account)
        except CallFailed as failed:
            raise Unreachable(str(failed)) from failed
        except Unreadable as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        if report.reference != payment.reference:
            raise Unreachable("the answer is about another order")
        return report


def account_in(account: CollectionAccount) -> code.Account:
    """The bank account that a row names."""
    given = account.options
    return code.Account(given["bin"], given["number"], given.get("holder", ""))


def connection_name(address: str) -> str:
    """One for each bank, so that a bank that rests keeps no other waiting."""
    return f"{CONNECTION}{urlsplit(address).netloc.rpartition('@')[2]}"[:80]


def _address(account: CollectionAccount) -> str:
    return account.options.get("url") or settings.BANK_URL


def _report(fields: dict[str, str], account: CollectionAccount) -> Report:
    if missing := [name for name in _REQUIRED if name not in fields]:
        raise Unreadable(f"without {', '.join(missing)}")
    amount = fields["amount"]
    if not (amount.isascii() and amount.isdigit() and len(amount) <= 15) or fields["currency"] != "VND":
        raise Unreadable("no amount in whole đồng")
    try:
        status = Status(fields["status"])
    except ValueError as error:
        raise Unreadable("no status known here") from error
    if status is Status.PAID and not fields["transaction"]:
        raise Unreadable("paid without a transaction")
    return Report(fields["reference"], status, int(amount), fields["transaction"], fields, account.key)


def _flat(body: bytes) -> dict[str, str]:
    """A JSON object of short texts, no name twice, nothing a database would refuse. Raises Unreadable."""
    if len(body) > _LONGEST:
        raise Unreadable("too long")
    try:
        read = json.loads(body.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(read, Mapping):
        raise Unreadable("no JSON object")
    for name, value in read.items():
        if not (isinstance(value, str) and len(name) <= 40 and len(value) <= 500):
            raise Unreadable("a field that is no short text")
        if "\x00" in name + value or not _encodable(name + value):
            raise Unreadable("a field with characters that are none")
    return dict(read)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name comes twice")
    return made


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
