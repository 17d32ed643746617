"""The server dies between the bank's call and the database: what was received is kept, nothing is half done, and the
bank's next call finds everything as if it were the first."""

import json
import multiprocessing
import os
import signal

import pytest
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

from payments import verification
from payments.ledger import audit
from payments.models import Charge, Payment, ProviderCall, RawCall, Receipt
from payments.providers.vietqr import signing
from payments.signals import charge_settled
from payments.views.providers import callback
from tests.factories.charges import ask_to_pay, charge_thing

pytestmark = pytest.mark.django_db(transaction=True)


def call(payment: Payment, secret: str) -> str:
    fields = {
        "reference": payment.reference,
        "status": "paid",
        "amount": str(payment.amount),
        "currency": "VND",
        "transaction": f"FT{payment.pk}",
        "said_at": "2026-11-23T09:00:00+00:00",
    }
    body = json.dumps(signing.signature_of(fields, secret))
    request = RequestFactory().post("/payments/bank/callback", body, content_type="application/json")
    return json.loads(callback(request, provider="bank").content)["RspCode"]


def die(*_given, **_named) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def call_a_server_that_dies(payment: Payment, secret: str, *, where: str) -> None:
    """A process of its own that takes the call and is killed: when it is kept, or when all but the commit is done."""
    connections.close_all()  # or the fork would hold this process's

    def serve() -> None:
        if where == "kept":
            verification.verify_report = die
        else:
            charge_settled.connect(die)
        call(payment, secret)

    process = multiprocessing.get_context("fork").Process(target=serve, daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def test_nothing_is_lost_and_nothing_is_half_done(settings):
    settings.BANK_SECRET = "bí mật"
    for where in ("kept", "confirming"):
        payment = ask_to_pay(charge_thing(f"thing:{where}"), at=timezone.now())
        call_a_server_that_dies(payment, settings.BANK_SECRET, where=where)
        charge = Charge.objects.get(pk=payment.charge_id)
        payment.refresh_from_db()
        assert (payment.state, charge.settled_at) == ("created", None)
        assert sum(payment.reference.encode() in bytes(raw.body) for raw in RawCall.objects.all()) == 1
        assert not ProviderCall.objects.filter(payment=payment).exists()
        assert audit.broken_rules() == {}
        assert [call(payment, settings.BANK_SECRET) for _again in range(2)] == ["00", "02"]
        assert Receipt.objects.filter(payment=payment).count() == 1
        assert audit.broken_rules() == {}
