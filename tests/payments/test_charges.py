"""Raising, asking and taking back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from journal import roles
from journal.models import OutboxMessage
from payments import charges, settlement
from payments.models import Charge, Payment
from payments.providers.vietqr import code as vietqr
from tests.databases import acting_as
from tests.factories.charges import LINES, OWNER, ask_to_pay, charge_thing
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
pytestmark = pytest.mark.django_db


def test_raising_twice_makes_one_charge():
    first, second = charge_thing(), charge_thing()
    assert (first.pk, first.amount) == (second.pk, 26_000)
    assert Charge.objects.count() == 1
    assert charge_thing(reason="obligation").pk != first.pk


def test_after_payment_a_new_charge_is_a_new_debt():
    first = charge_thing(reason="obligation")
    settlement.take_cash(first, by="thu quỹ", at=NOON)
    assert charge_thing(reason="obligation").pk != first.pk


@pytest.mark.parametrize("lines", [[], [{"name": "Miễn", "amount": 0}], [{"name": "Trả lại", "amount": -5}]])
def test_nothing_owed_is_no_charge(lines):
    with pytest.raises(ValueError):
        charge_thing(lines=lines)


def test_the_database_holds_one_open_charge():
    raised = charge_thing()
    facts = {f.attname: getattr(raised, f.attname) for f in Charge._meta.fields if f.name not in ("id", "uid")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.create(**facts)


def test_asking_gives_a_code_for_exactly_this_charge(charge, settings):
    payment = ask_to_pay(charge, at=NOON)
    read = vietqr.parse_code(payment.qr_payload)
    assert (read.amount, read.purpose, read.dynamic) == (26_000, payment.reference, True)
    assert read.account.number == settings.BANK_ACCOUNT["number"]
    assert payment.reference.isascii()
    assert len(payment.reference) <= 25
    assert payment.expires_at == NOON + charges.ATTEMPT_LASTS
    message = OutboxMessage.objects.get(topic="payments.order")
    assert message.payload == {"payment": payment.pk}


def test_a_live_attempt_is_used_again_until_its_last_minutes(charge):
    first = ask_to_pay(charge, at=NOON)
    assert ask_to_pay(charge, at=NOON + timedelta(minutes=20)).pk == first.pk
    late = ask_to_pay(charge, at=NOON + timedelta(minutes=26))
    assert late.pk != first.pk
    assert late.reference != first.reference


def test_a_failed_attempt_is_not_shown_again(charge):
    first = ask_to_pay(charge, at=NOON)
    Payment.objects.filter(pk=first.pk).update(state=Payment.State.FAILED)
    assert ask_to_pay(charge, at=NOON).pk != first.pk


def test_what_was_taken_back_cannot_be_paid(charge):
    attempt = ask_to_pay(charge, at=NOON)
    assert charges.cancel_open(OWNER, by="một cửa", at=NOON) == 1
    assert charges.cancel_open(OWNER, by="một cửa", at=NOON) == 0
    attempt.refresh_from_db()
    assert attempt.state == Payment.State.EXPIRED
    for act in (
        lambda: ask_to_pay(charge, at=NOON),
        lambda: settlement.take_cash(charge, by="thu quỹ", at=NOON),
    ):
        with pytest.raises(charges.ChargeClosed):
            act()
    assert charge_thing().pk != charge.pk


def test_what_was_paid_is_not_taken_back(charge):
    settlement.take_cash(charge, by="thu quỹ", at=NOON)
    assert charges.cancel_open(OWNER, by="một cửa", at=NOON) == 0
    with pytest.raises(charges.ChargeClosed):
        ask_to_pay(charge, at=NOON)


def test_kept_calls_cannot_be_altered(charge):
    from payments import verification

    verification.keep_refused("bank", "callback", "unknown", {"a": "b"}, at=NOON)
    for role, words in ((roles.WEB, "permission denied"), (roles.OWNER, "Cannot update or delete")):
        refused = pytest.raises(DatabaseError, match=words)
        with refused, acting_as(role), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE payments_providercall SET outcome = 'confirmed'")


def test_lines_are_kept_as_raised(charge):
    assert charge.lines == LINES
