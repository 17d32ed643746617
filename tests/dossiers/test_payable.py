"""A dossier's fee, from raising to the receipt: the dossier and its money know of each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from core.refusals import NotAllowed
from dossiers.fees import amounts
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from payments import charges, permissions, refunds, reversals, settlement, verification
from payments.ledger import audit
from payments.models import Charge, Payment, ProviderCall, Receipt, Refund
from payments.providers.base import Report, Status
from tests.factories.charges import ask_to_pay, refused
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

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
    with translation.override("en"):
        said = permissions.describe_payable(cast.citizen, owner).title
    assert said == edition.title_en != ""
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
def test_paying_and_withdrawing_at_once_never_lock_each_other_out(cast, edition):
    """Both lock the dossier first, so one waits for the other; locked the other way round, one would be killed."""
    for turn in range(6):
        dossier = received(cast, edition, NINE, key=f"turn-{turn}")
        payment = ask_to_pay(charge_of(dossier), at=NINE)

        def pay(payment=payment):
            report = Report(payment.reference, Status.PAID, 50_000, f"FT-{payment.pk}", {"amount": "50000"})
            return alone(lambda: verification.verify_report(report, provider="bank", kind="callback", at=TEN))

        def withdraw(dossier=dossier):
            return alone(lambda: execute_transition(dossier, "withdraw", cast.citizen, at=TEN, reason="Thôi"))

        with ThreadPoolExecutor(2) as people:
            paying, withdrawing = people.submit(pay), people.submit(withdraw)
            outcome = paying.result()
            withdrawing.result()
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


def with_fee(cast, edition, key: str, amount: int = 30_000) -> Dossier:
    dossier = received(cast, edition, NINE, key=key)
    Dossier.objects.filter(pk=dossier.pk).update(fee_amount=None, fee_settled_at=None)
    charges.cancel_open(dossier.reference, by="x")
    dossier.refresh_from_db()
    amounts.fix_amount(dossier, amount, "01/2025/NQ-HĐND")
    dossier.save(update_fields=["fee_facts"])
    amounts.raise_fee(dossier, by="x")
    dossier.save(update_fields=["fee_amount"])
    return dossier


def corrected(dossier: Dossier, amount: int, by: Any) -> None:
    execute_transition(dossier, "correct_fee", by, at=TEN, fee=amount, fee_ground="12/2025/NQ-HĐND", reason="Nhầm mức")


def pay_cash(dossier: Dossier) -> None:
    settlement.take_cash(charges.open_charges(dossier.reference).get(), by="thu quỹ", cashier=7, at=TEN)
    dossier.refresh_from_db()


@pytest.mark.django_db
def test_a_later_difference_is_charged_shown_and_paid(cast, edition):
    dossier = with_fee(cast, edition, "more")
    pay_cash(dossier)
    corrected(dossier, 50_000, cast.counter)
    extra = charges.open_charges(dossier.reference).get()
    assert (extra.reason, extra.amount, dossier.fee_amount, dossier.fee_settled_at) == (
        "difference",
        20_000,
        50_000,
        None,
    )
    assert "Nhầm mức" in extra.lines[0]["explanation"]
    assert "12/2025/NQ-HĐND" in extra.lines[0]["explanation_en"]
    page = signed_in(cast.citizen).get(f"/my/dossiers/{dossier.uid}/").content.decode()
    assert "phần chênh lệch" in page
    assert "20.000\u00a0đ" in page
    corrected(dossier, 45_000, cast.counter)  # not paid yet: it is charged anew
    assert charges.open_charges(dossier.reference).get().amount == 15_000
    pay_cash(dossier)
    assert dossier.fee_settled_at == TEN
    assert Receipt.objects.count() == 2
    assert audit.broken_rules() == {}


@pytest.mark.django_db
def test_a_lower_fee_is_asked_back_and_another_decides(cast, edition):
    dossier = with_fee(cast, edition, "less")
    pay_cash(dossier)
    corrected(dossier, 10_000, cast.counter)
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.way, refund.state) == (20_000, "corrected", "cash", "asked")
    assert (dossier.fee_amount, dossier.fee_settled_at) == (10_000, TEN)
    with pytest.raises(NotAllowed):
        refunds.decide_refund(refund, True, by=cast.counter, at=TEN)
    assert "chờ người thứ hai duyệt" in signed_in(cast.citizen).get(f"/my/dossiers/{dossier.uid}/").content.decode()
    with refused("same_fee"):
        corrected(dossier, 10_000, cast.counter)
    corrected(dossier, 12_000, cast.counter)  # the refund stands: what is missing is charged
    assert charges.open_charges(dossier.reference).get().amount == 2_000
    assert audit.broken_rules() == {}


@pytest.mark.django_db
def test_a_fee_not_paid_yet_is_charged_anew(cast, edition):
    dossier = with_fee(cast, edition, "anew")
    corrected(dossier, 10_000, cast.counter)
    assert charges.open_charges(dossier.reference).get().amount == 10_000
    corrected(dossier, 0, cast.counter)
    assert not charges.open_charges(dossier.reference).exists()
    assert (dossier.fee_amount, Refund.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_what_the_bank_takes_back_is_an_event_of_the_dossier(cast, edition):
    dossier = with_fee(cast, edition, "back", 50_000)
    payment = ask_to_pay(charges.open_charges(dossier.reference).get(), at=NINE)
    paid(payment)
    place = settlement.place_of(payment)
    reversals.reverse_payment(payment, amount=50_000, place=place, why="Ngân hàng đảo", at=TEN, by="thu quỹ")
    dossier.refresh_from_db()
    assert dossier.fee_settled_at is None
    event = dossier.events.get(action="payment_reversed")
    assert (event.automatic, event.reason, event.facts["amount"]) == (True, "Ngân hàng đảo", 50_000)
    assert audit.broken_rules() == {}


@pytest.mark.django_db
def test_nobody_is_asked_to_pay_for_what_was_withdrawn(cast, edition):
    """Only stopping follows a withdrawal: who paid meanwhile would have to be paid back."""
    dossier = received(cast, edition, NINE)
    charge = charge_of(dossier)
    execute_transition(dossier, "withdraw", cast.citizen, at=TEN, reason="Không còn nhu cầu")
    charge.refresh_from_db()
    assert charge.cancelled_at is not None
    page = signed_in(cast.citizen).get(f"/my/dossiers/{dossier.uid}/").content.decode()
    assert "Chưa nộp" not in page
    assert "VietQR" not in page


@pytest.mark.django_db
def test_a_paid_fee_of_a_withdrawn_dossier_waits_for_somebody_who_asks_it_back(cast, edition):
    dossier = with_fee(cast, edition, "gone")
    pay_cash(dossier)
    charge, counter = Charge.objects.get(owner=dossier.reference, settled_at__isnull=False), signed_in(cast.counter)
    assert not refunds.unasked().exists()
    execute_transition(dossier, "withdraw", cast.citizen, at=TEN, reason="Thôi")
    assert [(found.pk, found.left) for found in refunds.unasked()] == [(charge.pk, 30_000)]
    mine = signed_in(cast.citizen).get(f"/my/dossiers/{dossier.uid}/").content.decode()
    assert "30.000\u00a0đ đã nộp không tự hoàn" in mine
    assert "Hạn trả kết quả" not in mine  # nobody works towards one any more
    assert "Chưa ai đề nghị hoàn" in counter.get("/money/refunds/").content.decode()
    assert "chưa ai đề nghị hoàn" in counter.get("/money/").content.decode()
    wanted = refunds.Wanted(30_000, "withdrawn", "Rút hồ sơ", "cash")
    asked = refunds.ask_refund(charge, wanted, by=cast.counter, at=TEN)
    assert not refunds.unasked().exists()
    refunds.decide_refund(asked, False, by=cast.leader, at=TEN, why="Đã thẩm định xong")
    assert not refunds.unasked().exists()  # a request that was declined is an answer
    assert "Chưa ai đề nghị hoàn" not in counter.get("/money/refunds/").content.decode()
