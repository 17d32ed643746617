"""The bank that holds the account: signed JSON over HTTP.

- ``POST /v1/orders`` announces an attempt, ``GET /v1/orders/<reference>`` asks about it; both answer with one report.
- The bank calls ``POST <callback_url>`` with a report when something happened, and repeats it until it gets an answer.

Every message is a flat JSON object of texts, signed by `payments.signing`; amounts are whole đồng in digits.
"""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener

from django.conf import settings
from django.urls import reverse

from payments import signing
from payments.models import Payment
from payments.providers.base import BadSignature, Provider, Report, Status, Unreachable, Unreadable

PATIENCE = 5.0  # seconds for one call
_LONGEST = 16 * 1024
_REQUIRED = ("reference", "status", "amount", "currency", "transaction", signing.FIELD)


class _AnyStatus(HTTPErrorProcessor):
    """Hands every answer to the reader: the bank's 404 is a signed report too. Redirections are not followed."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


class Bank(Provider):
    name = "bank"

    def is_ready(self) -> bool:
        complete = bool(settings.BANK_SECRET) and all(settings.BANK_ACCOUNT.values())
        return complete and urlsplit(settings.BANK_URL).scheme in ("http", "https")

    def order(self, payment: Payment) -> Report:
        account = settings.BANK_ACCOUNT
        return self._call(
            "POST",
            "/v1/orders",
            {
                "reference": payment.reference,
                "amount": str(payment.amount),
                "currency": "VND",
                "account": f"{account['bin']}/{account['number']}",
                "description": payment.charge.title,
                "expires_at": payment.expires_at.isoformat() if payment.expires_at else "",
                "callback_url": settings.PUBLIC_URL + reverse("payment-callback", args=[self.name]),
            },
            payment.reference,
        )

    def inquire(self, payment: Payment) -> Report:
        asked = {"reference": payment.reference}
        return self._call("GET", f"/v1/orders/{quote(payment.reference, safe='')}", asked, payment.reference)

    def read(self, body: bytes) -> Report:
        return _report(body)

    def _call(self, method: str, path: str, fields: dict[str, str], reference: str) -> Report:
        sent = signing.signature_of(fields, settings.BANK_SECRET)
        address = settings.BANK_URL.rstrip("/") + path
        if method == "GET":
            request = Request(f"{address}?{urlencode(sent)}", method=method)  # noqa: S310 (scheme: is_ready)
        else:
            head = {"Content-Type": "application/json"}
            request = Request(address, json.dumps(sent).encode(), head, method=method)  # noqa: S310
        try:
            with build_opener(_AnyStatus).open(request, timeout=PATIENCE) as answer:
                report = _report(answer.read(_LONGEST + 1))
        except (URLError, OSError, http.client.HTTPException, Unreadable) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        if report.reference != reference:
            raise Unreachable("the answer is about another order")
        return report


def _report(body: bytes) -> Report:
    fields = _flat(body)
    if not signing.is_genuine(fields, settings.BANK_SECRET):
        raise BadSignature(fields)
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
    return Report(fields["reference"], status, int(amount), fields["transaction"], fields)


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
