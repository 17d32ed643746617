"""Every fault of the bank and of VNPAY against a running portal, then the day's statement: the day must still balance.

    manage.py payment_faults --portal http://127.0.0.1:8000

Starts simulators of its own that speak to the portal over HTTP, and uses the portal's database for what staff would do
on their pages. For the demonstration only: it writes charges that nobody owes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from core.refusals import Refused
from payments import accounts, charges, inquiry, refunds, settlement
from payments.ledger import audit
from payments.models import Charge, Payment, StatementLine, StrayMoney
from payments.providers import registry
from payments.statements import arrived, closing, explaining, importing

BANK_FAULTS = (
    "",
    "declined",
    "duplicate",
    "bad-signature",
    "wrong-amount",
    "failed-first",
    "failed-after",
    "late",
    "lost",
)
VNPAY_FAULTS = (*BANK_FAULTS, "cancelled", "suspect", "other-reference")
FEE = 26_000


class Command(BaseCommand):
    help = "Play every fault of the bank and of VNPAY against a running portal, and close the day (demonstration only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--portal", default="http://127.0.0.1:8000")

    def handle(self, *_args: Any, portal: str, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is for the demonstration: it writes charges that nobody owes.")
        self.portal = portal.rstrip("/")
        self.cashier, self.second = self._people()
        self.agency = self.cashier.post.agency
        with _simulator("bank", "--portal-url", self.portal, "--secret", settings.BANK_SECRET) as bank:
            ipn = f"{self.portal}/payments/vnpay/callback"
            with _simulator("vnpay", "--ipn-url", ipn, "--secret", settings.VNPAY_HASH_SECRET) as vnpay:
                addresses = {
                    "BANK_URL": bank,
                    "VNPAY_URL": f"{vnpay}/paymentv2/vpcpay.html",
                    "VNPAY_API_URL": f"{vnpay}/merchant_webapi/api/transaction",
                    "PUBLIC_URL": self.portal,
                }
                with override_settings(**addresses):
                    self._play(bank, vnpay)

    def _play(self, bank: str, vnpay: str) -> None:
        for fault in BANK_FAULTS:
            payment = self._attempt("bank")
            inquiry.announce_payment(payment, at=timezone.now())
            self._say("bank", fault, _post(f"{bank}/pay/{payment.reference}", fault=fault)["answers"])
        twice = self._attempt("bank")
        inquiry.announce_payment(twice, at=timezone.now())
        for _time in range(2):
            self._say("bank", "paid twice", _post(f"{bank}/pay/{twice.reference}")["answers"])
        cancelled = self._attempt("bank")
        inquiry.announce_payment(cancelled, at=timezone.now())
        charges.cancel_open(cancelled.charge.owner, by=self.cashier.label)
        self._say("bank", "paid after cancellation", _post(f"{bank}/pay/{cancelled.reference}")["answers"])
        _post(f"{bank}/release")
        for fault in VNPAY_FAULTS:
            payment = self._attempt("vnpay")
            urlopen(self._page(payment), timeout=30).close()  # noqa: S310 (our simulator)
            self._say("VNPAY", fault, _post(f"{vnpay}/pay", reference=payment.reference, fault=fault)["answers"])
        taken = self._attempt("vnpay")
        urlopen(self._page(taken), timeout=30).close()  # noqa: S310 (our simulator)
        _post(f"{vnpay}/pay", reference=taken.reference)
        _post(f"{vnpay}/take-back", reference=taken.reference, amount=str(FEE))
        taken.refresh_from_db()
        answer = inquiry.ask_again(taken, at=timezone.now())
        self._say("VNPAY", "taken back, seen by asking", [answer.outcome if answer else "nothing"])
        _post(f"{vnpay}/release")
        asked = inquiry.ask_waiting(at=timezone.now() + timedelta(minutes=2), limit=200)
        self.stdout.write(f"asked about {asked} attempts whose call did not come")
        settlement.take_cash(self._charge(), by=self.cashier.label, cashier=self.cashier.account_id, at=timezone.now())
        self._reconcile(bank)
        self._refund_one()
        if broken := audit.broken_rules():
            raise CommandError(f"the ledger does not hold: {broken}")
        strays = StrayMoney.objects.filter(closed_at=None).count()
        self.stdout.write(f"the ledger balances; {strays} sums wait on the cashier's list")

    def _reconcile(self, bank: str) -> None:
        provider = registry.provider_named("bank")
        account = accounts.account_for(provider, self.agency.code, at=timezone.now()) if provider else None
        if account is None:
            raise CommandError("No bank account is configured.")
        last = account.closings.order_by("-day").first()
        # A day that is closed takes no more lines: the bank books on the next one.
        asked = urlencode({"day": last.day + timedelta(days=1), "opening": last.closing}) if last else ""
        with urlopen(f"{bank}/statement.xml?{asked}", timeout=30) as answer:  # noqa: S310 (our simulator)
            content = answer.read()
        at, by = timezone.now(), self.cashier
        statement = importing.import_statement(account, "camt053", content, name="day.xml", by=by.label, at=at)
        again = importing.import_statement(account, "camt053", content, name="day.xml", by=by.label, at=at)
        if again.pk != statement.pk:
            raise CommandError("a statement imported twice is two statements")
        self.stdout.write(f"statement: {statement.lines_read} lines, {statement.pending} pending left out")
        waiting = StatementLine.objects.filter(statement=statement, state="matched").values_list("matches__payment")
        arrived.confirm_arrived([pk for (pk,) in waiting if pk], at=at)
        for line in StatementLine.objects.filter(account=account, state="open"):
            reason = "cost" if line.purpose.startswith("Phí") else "reversal" if "FTSTRANGER" in (
                f"{line.purpose} {line.bank_reference}"
            ) else "stray"  # fmt: skip
            if reason == "stray" and line.amount < 0:
                reason = "other"
            explaining.explain_line(line, reason, f"fault script: {line.purpose}"[:300], by=by, at=at)
        try:
            day = closing.next_day(account)
            closed = closing.close_day(account, day, "VNPAY chuyển ngày sau", by=by, at=at) if day else None
        except Refused as refusal:
            raise CommandError(f"the day does not close: {refusal}") from refusal
        self.stdout.write(
            f"closed {closed.day}: {closed.opening} + {closed.moved} = {closed.closing}" if closed else ""
        )

    def _refund_one(self) -> None:
        paid = Charge.objects.filter(owner__startswith="faults:", settled_at__isnull=False).latest("id")
        wanted = refunds.Wanted(paid.amount, "withdrawn", "fault script", "transfer", "VCB 0011 NGUYEN VAN AN")
        refund = refunds.ask_refund(paid, wanted, by=self.cashier, at=timezone.now())
        refunds.decide_refund(refund, True, by=self.second, at=timezone.now())
        refunds.pay_out(refund, "FTREFUND", by=self.cashier, at=timezone.now())
        self.stdout.write("refunded one charge by two people")

    def _charge(self) -> Charge:
        return charges.raise_charge(
            owner=f"faults:{uuid.uuid4()}",
            title="Thử lỗi thanh toán",
            payer_name="Nguyễn Văn Thử",
            agency_code=self.agency.code,
            agency_name=self.agency.name,
            lines=[{"name": "Lệ phí thử", "quantity": 1, "unit_amount": FEE, "amount": FEE}],
            by=self.cashier.label,
        )

    def _attempt(self, name: str) -> Payment:
        charge, at = self._charge(), timezone.now()
        offers = registry.offered_providers(charge.agency_code, at=at)
        offer = next((offer for offer in offers if offer[0].name == name), None)
        if offer is None:
            raise CommandError(f"{name} is not configured.")
        return charges.request_payment(charge, *offer, at=at)

    def _page(self, payment: Payment) -> str:
        provider = registry.provider_of(payment.method)
        assert provider is not None
        return provider.pay_page(payment, address="", language="vi")

    def _people(self) -> tuple[Actor, Actor]:
        posts = StaffPost.objects.select_related("account", "agency").filter(role=StaffPost.Role.COUNTER, valid_to=None)
        first = posts.order_by("id").first()
        second = posts.exclude(account=first.account).first() if first else None
        if first is None or second is None:
            raise CommandError("There are no two counter posts; load the demonstration first (`manage.py demo`).")
        return tuple(Actor(account=p.account, post=p, posts=(p,)) for p in (first, second))  # type: ignore[return-value]

    def _say(self, who: str, fault: str, answers: list[str]) -> None:
        self.stdout.write(f"{who:6} {fault or 'in good order':24} {' '.join(answers) or '(no call)'}")


@contextmanager
def _simulator(name: str, *words: str) -> Iterator[str]:
    command = [sys.executable, "-m", f"simulators.{name}", "--port", "0", *words]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)


def _post(address: str, **form: str) -> dict[str, Any]:
    request = Request(address, urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310 (our simulator)
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)
