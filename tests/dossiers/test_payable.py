"""A dossier's fee, from raising to the receipt: the dossier and its money know of each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from payments import charges, permissions, settlement, verification
from payments.models import Charge, Payment, ProviderCall, Receipt
from payments.providers.base import Report, Status
from tests.factories.charges import ask_to_pay
from tests.factories.dossiers import received
from tests.factories.moments import at

NINE, TEN = at("2026-11-23 09:00"), at("2026-11-23 10:00")
Outcome = ProviderCall.Outcome


def charge_of(dossier: Dossier) -> Charge:
    return charges.raise_charge(
        owner=dossier.reference,
        reason="extra",
        title=dossier.code,
        payer_name=dossier.owner_name,
        agency_code=dossier.receiving_agency.code,
        agency_name=dossier.receiving_agency.name,
        lines=[{"name": "Phí thẩm định", "quantity": 1, "unit_amount": 50_000, "amount": 50_000}],
        by="thu quỹ",
        at=NINE,
    )


def paid(payment: Payment) -> Outcome:
    report = Report(payment.reference, Status.PAID, payment.amount, "FT1", {"amount": str(payment.amount)})
    return verification.verify_report(report, provider="bank", kind="callback", at=TEN)


@pytest.mark.django_db
def test_a_payment_is_an_event_of_the_dossier(cast, edition):
    dossier = received(cast, edition, NINE)
    payment = ask_to_pay(charge_of(dossier), at=NINE)
    assert paid(payment) == Outcome.CONFIRMED
    event = dossier.events.get(action="payment_made")
    assert event.facts["amount"] == 50_000
    assert event.facts["receipt"] == Receipt.objects.get().number
    assert event.automatic


@pytest.mark.django_db
def test_who_sees_pays_and_collects(cast, edition):
    owner = received(cast, edition, NINE).reference
    asked = {
        name: (
            permissions.may_see_payable(actor, owner),
            permissions.may_pay(actor, owner),
            permissions.may_collect(actor, owner),
        )
        for name, actor in vars(cast).items()
        if name in ("citizen", "stranger", "counter", "officer")
    }
    assert asked == {
        "citizen": (True, True, False),
        "stranger": (False, False, False),
        "counter": (True, True, True),
        "officer": (True, False, False),
    }
    assert permissions.describe_payable(cast.citizen, owner).code.startswith("H")
    for unknown in ("dossier:no-uuid", "dossier:00000000-0000-0000-0000-000000000000", "thing:1", ""):
        assert not permissions.may_see_payable(cast.citizen, unknown)
        assert permissions.describe_payable(cast.citizen, unknown) is None


@pytest.mark.django_db
def test_an_obligation_met_takes_the_dossier_on(cast, edition):
    dossier = received(cast, edition, NINE)
    for action, actor, facts in (
        ("assign", cast.head, {"officer": cast.officer.post}),
        ("require_payment", cast.officer, {"amount": 90_000, "reason": "Thuế trước bạ"}),
    ):
        execute_transition(dossier, action, actor, at=NINE, **facts)
    assert dossier.state == State.FINANCIAL
    settlement.take_cash(charges.open_charges(dossier.reference).get(reason="obligation"), by="thu quỹ", at=TEN)
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING


@pytest.mark.django_db(transaction=True)
def test_paying_and_stopping_at_once_never_lock_each_other_out(cast, edition):
    """Both lock the dossier first, so one waits for the other; locked the other way round, one would be killed."""
    for turn in range(6):
        dossier = received(cast, edition, NINE, key=f"turn-{turn}")
        payment = ask_to_pay(charge_of(dossier), at=NINE)
        execute_transition(dossier, "withdraw", cast.citizen, at=NINE, reason="Không còn nhu cầu")

        def pay(payment=payment):
            report = Report(payment.reference, Status.PAID, 50_000, f"FT-{payment.pk}", {"amount": "50000"})
            return alone(lambda: verification.verify_report(report, provider="bank", kind="callback", at=TEN))

        def stop(dossier=dossier):
            return alone(lambda: execute_transition(dossier, "stop", cast.counter, at=TEN))

        with ThreadPoolExecutor(2) as people:
            paying, stopping = people.submit(pay), people.submit(stop)
            outcome = paying.result()
            stopping.result()
        charge = Charge.objects.get(pk=payment.charge_id)
        assert (charge.settled_at is not None, charge.cancelled_at is not None) == (
            (True, False) if outcome == Outcome.CONFIRMED else (False, True)
        )


def alone(act: Callable[[], Any]) -> Any:
    """`act` in a thread of its own, its connection closed behind it."""
    try:
        return act()
    finally:
        connection.close()
