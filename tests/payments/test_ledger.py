"""The ledger: what the database refuses, what was there before, and whatever happens in whatever order."""

import itertools

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.actors import Actor
from core.refusals import Refused
from journal import roles
from payments import charges, reversals, settlement, verification, working_off
from payments.ledger import audit, opening
from payments.ledger.posting import Account, Kind, Leg, balance, enter_transaction, left_of, owed_of
from payments.models import Charge, LedgerLine, LedgerTransaction, Payment, Receipt, StrayMoney
from payments.providers.base import Report, Status
from payments.signals import charge_settled
from tests.databases import acting_as
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
pytestmark = pytest.mark.django_db


def told(payment: Payment, amount: int, transaction_id: str, status: Status = Status.PAID) -> str:
    report = Report(payment.reference, status, amount, transaction_id, {"amount": str(amount)})
    return verification.verify_report(report, provider="bank", kind="callback", at=NOON)


def entered(*legs: Leg, key: str = "t") -> LedgerTransaction:
    enter_transaction(Kind.WRITTEN_OFF, key, legs, agency_code="A", at=NOON, by="test")
    return LedgerTransaction.objects.get(key=key)


def test_a_charge_its_payment_and_their_balances(charge):
    assert owed_of(charge) == 26_000
    payment = ask_to_pay(charge, at=NOON)
    told(payment, 26_000, "FT1")
    assert owed_of(charge) == 0
    assert balance(Account.CLEARING, payment.account.key) == 26_000
    assert balance(Account.INCOME, "") == -26_000
    assert audit.broken_rules() == {}


@pytest.mark.parametrize("amounts", [(1,), (1, -2), (5, -4)])
def test_what_does_not_come_to_nought_is_refused(amounts):
    with pytest.raises(IntegrityError, match="nought"), transaction.atomic():
        entered(*(Leg(Account.DIFFERENCE, amount) for amount in amounts))


def test_a_line_cannot_be_added_to_what_is_balanced():
    made = entered(Leg(Account.COST, 5), Leg(Account.BANK, -5))
    with pytest.raises(IntegrityError, match="nought"), transaction.atomic():
        LedgerLine.objects.create(transaction=made, account=Account.COST, amount=7)


def test_one_happening_is_entered_once():
    entered(Leg(Account.COST, 5), Leg(Account.BANK, -5))
    with pytest.raises(IntegrityError), transaction.atomic():
        entered(Leg(Account.COST, 5), Leg(Account.BANK, -5))


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["payments_ledgerline", "payments_ledgertransaction", "payments_rawcall"])
def test_entries_are_only_added(charge, statement, table):
    if table == "payments_rawcall":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO payments_rawcall (provider, method, query, body, received_at) "
                "VALUES ('bank', 'POST', '', '', now())"
            )
    # The web lacks the right; who owns the tables meets a trigger.
    for role, words in ((roles.WEB, "permission denied"), (roles.OWNER, "Cannot update or delete")):
        refused = pytest.raises(DatabaseError, match=words)
        with refused, acting_as(role), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


def test_money_too_little_is_stray_until_the_bank_puts_it_right(charge):
    payment = ask_to_pay(charge, at=NOON)
    told(payment, 25_000, "FT1")
    stray = StrayMoney.objects.get()
    assert (stray.kind, stray.amount, left_of(stray), owed_of(charge)) == ("partial", 25_000, 25_000, 26_000)
    told(payment, 26_000, "FT1")
    stray.refresh_from_db()
    assert (left_of(stray), stray.closed_at) == (0, NOON)
    assert balance(Account.CLEARING, payment.account.key) == 26_000
    assert audit.broken_rules() == {}


def test_money_for_an_unknown_reference_is_on_the_list(charge):
    payment = ask_to_pay(charge, at=NOON)
    report = Report("TTKHONGCO", Status.PAID, 9_000, "FT9", {"amount": "9000"}, payment.account.key)
    verification.verify_report(report, provider="bank", kind="callback", at=NOON)
    assert (StrayMoney.objects.get().kind, StrayMoney.objects.get().place) == ("unknown", payment.account.key)
    assert audit.broken_rules() == {}


def test_what_was_there_before_enters_once(charge):
    paid = ask_to_pay(charge, at=NOON)
    told(paid, 26_000, "FT1")
    told(paid, 26_000, "FT2")
    charges.cancel_open(charge_thing("thing:2").owner, by="một cửa", at=NOON)
    settlement.take_cash(charge_thing("thing:3"), by="thu quỹ", at=NOON)
    charge_thing("thing:4")
    before = list(_balances())
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM payments_ledgerline")
        cursor.execute("DELETE FROM payments_ledgertransaction")
        cursor.execute("DELETE FROM payments_straymoney")
        cursor.execute("SET LOCAL session_replication_role = origin")
        for _time in range(2):
            opening.enter_what_is_missing(cursor, place=paid.account.key)
    assert list(_balances()) == before
    assert audit.broken_rules() == {}


def _balances():
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, place, sum(amount) FROM payments_ledgerline GROUP BY 1, 2 ORDER BY 1, 2")
        return cursor.fetchall()


class Crashed(Exception):
    pass


_STEPS = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 1)),
    st.tuples(
        st.just("report"),
        st.integers(0, 3),
        st.sampled_from([*Status]),
        st.sampled_from([0, -1_000, 1_000]),
        st.sampled_from(["FT1", "FT2", "FT3"]),
        st.booleans(),
    ),
    st.tuples(st.just("cash"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("cancel"), st.integers(0, 1)),
    st.tuples(st.just("charge"), st.integers(0, 1)),
    st.tuples(st.just("reverse"), st.integers(0, 3)),
    st.tuples(st.just("apply"), st.integers(0, 3)),
)
_owners = itertools.count(5000)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEPS, min_size=3, max_size=14))
def test_whatever_happens_the_ledger_balances(things, steps):
    """Attempts, reports, cash, cancellations and the bank's reversals of two records in any order; some crash at the
    last moment."""
    owners = [f"thing:{next(_owners)}", f"thing:{next(_owners)}"]
    for owner in owners:
        charge_thing(owner)
    crash = [False]

    def fail(sender, **_kw):
        if crash[0]:
            raise Crashed

    charge_settled.connect(fail)
    try:
        for step in steps:
            try:
                with transaction.atomic():
                    _do(step, owners, crash)
            except (Crashed, Refused):
                pass
    finally:
        charge_settled.disconnect(fail)
    assert audit.broken_rules() == {}
    for owner in owners:
        for charge in Charge.objects.filter(owner=owner):
            receipts = Receipt.objects.filter(payment__charge=charge)
            assert receipts.filter(payment__state="confirmed").count() == (charge.settled_at is not None)
            taken_back = receipts.filter(payment__state="reversed")
            assert Receipt.objects.filter(adjusts__in=taken_back).count() == taken_back.count()


def _do(step, owners, crash):
    what, which, *more = step
    owner = owners[which % 2]
    charge = Charge.objects.filter(owner=owner).latest("id")
    crash[0] = False
    if what == "ask":
        ask_to_pay(charge, at=NOON)
    elif what == "report":
        status, off, transaction_id, crash[0] = more
        attempts = list(Payment.objects.filter(charge__owner=owner, method="vietqr"))
        if attempts:
            payment = attempts[which % len(attempts)]
            told(payment, payment.amount + off, f"{transaction_id}-{owners[0]}", status)
    elif what == "cash":
        (crash[0],) = more
        settlement.take_cash(charge, by="thu quỹ", cashier=7, at=NOON)
    elif what == "reverse":
        for payment in Payment.objects.filter(charge__owner=owner, state="confirmed", method="vietqr")[which:]:
            place = settlement.place_of(payment)
            reversals.reverse_payment(payment, amount=payment.amount, place=place, why="đảo", at=NOON, by="bank")
            break
    elif what == "apply":
        for stray in StrayMoney.objects.filter(charge__owner=owner, closed_at=None)[which:]:
            working_off.apply_stray(stray, charge, by=Actor(), at=NOON)
            break
    elif what == "cancel":
        charges.cancel_open(owner, by="một cửa", at=NOON)
    else:
        charge_thing(owner)
