"""Money worked off and given back: by two people, once, and never more than came."""

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Account as Login
from core.refusals import NotAllowed, Refused
from payments import charges, papers, receipts, refund_papers, refunds, settlement, verification, working_off
from payments.ledger import audit
from payments.ledger.posting import Account, balance, cashier_place, left_of, owed_of
from payments.models import Payment, Receipt, Refund, StrayMoney
from payments.providers.base import Report, Status
from payments.refunds import Wanted
from payments.statements import closing
from tests.factories.charges import OWNER, ask_to_pay, charge_thing, refused
from tests.factories.moments import at
from tests.factories.people import AccountFactory, StaffPostFactory

NOON = at("2026-11-23 12:00")
pytestmark = pytest.mark.django_db


def told(payment: Payment, amount: int, number: str):
    report = Report(payment.reference, Status.PAID, amount, number, {"amount": str(amount)})
    return verification.verify_report(report, provider="bank", kind="callback", at=NOON)


def somebody(cast, name: str) -> Actor:
    account: Login = AccountFactory(username=name, full_name=name)
    post = StaffPostFactory(account=account, agency=cast.counter.post.agency, role="counter")
    return Actor(account=account, post=post, posts=(post,))


@pytest.fixture
def first(cast):
    return somebody(cast, "thu.nhat")


@pytest.fixture
def second(cast):
    return somebody(cast, "thu.hai")


@pytest.fixture
def paid(charge) -> Payment:
    payment = ask_to_pay(charge, at=NOON)
    told(payment, 26_000, "FT1")
    return payment


TRANSFER = Wanted(26_000, "withdrawn", "Rút hồ sơ", "transfer", "Vietcombank 0011 Nguyễn Thị Ánh")


def test_a_partial_sum_reduces_what_is_owed_and_the_rest_settles(charge, first):
    payment = ask_to_pay(charge, at=NOON)
    told(payment, 20_000, "FT1")
    assert working_off.apply_stray(StrayMoney.objects.get(), charge, by=first, at=NOON) is None
    assert owed_of(charge) == 6_000
    rest = ask_to_pay(charge, at=NOON)
    assert (rest.pk != payment.pk, rest.amount) == (True, 6_000)
    told(rest, 6_000, "FT2")
    assert Receipt.objects.get().amount == 26_000
    assert audit.broken_rules() == {}


def test_too_much_settles_and_what_is_left_stays_on_the_list(charge, first):
    told(ask_to_pay(charge, at=NOON), 30_000, "FT1")
    stray = StrayMoney.objects.get()
    receipt = working_off.apply_stray(stray, charge, by=first, at=NOON)
    stray.refresh_from_db()
    assert (receipt.amount, left_of(stray), stray.closed_at) == (26_000, 4_000, None)
    with pytest.raises(charges.ChargeClosed):
        working_off.apply_stray(stray, charge, by=first, at=NOON)
    assert audit.broken_rules() == {}


def test_a_charge_taken_back_gives_back_what_was_applied(charge, first):
    told(ask_to_pay(charge, at=NOON), 20_000, "FT1")
    stray = StrayMoney.objects.get()
    working_off.apply_stray(stray, charge, by=first, at=NOON)
    charges.cancel_open(OWNER, by="một cửa", at=NOON)
    stray.refresh_from_db()
    assert (left_of(stray), stray.closed_at) == (20_000, None)
    assert audit.broken_rules() == {}


def test_two_people_give_back_and_the_receipt_is_adjusted(charge, paid, first, second):
    refund = refunds.ask_refund(charge, TRANSFER, by=first, at=NOON)
    with pytest.raises(NotAllowed):
        refunds.decide_refund(refund, True, by=first, at=NOON)
    with pytest.raises(Refused):
        refunds.pay_out(refund, "FT9", by=first, at=NOON)
    refunds.decide_refund(refund, True, by=second, at=NOON)
    with pytest.raises(Refused):
        refunds.decide_refund(refund, False, by=second, at=NOON)
    refunds.pay_out(refund, "FT9", by=first, at=NOON)
    with pytest.raises(Refused):
        refunds.pay_out(refund, "FT9", by=first, at=NOON)
    assert (
        balance(Account.CLEARING, paid.account.key) == balance(Account.INCOME, "") == balance(Account.REFUND, "") == 0
    )
    original, adjusting = Receipt.objects.order_by("id")
    assert (adjusting.kind, adjusting.adjusts, adjusting.amount) == ("adjustment", original, -26_000)
    paper = receipts.draw_receipt(adjusting)
    assert paper.facts["amount_in_words"] == "Giảm hai mươi sáu nghìn đồng"
    assert original.number in paper.facts["adjusts"]
    refund.refresh_from_db()
    sheet = refund_papers.draw_refund(refund)
    assert (sheet.facts["asked_by"], sheet.facts["decided_by"]) == (first.label, second.label)
    assert audit.broken_rules() == {}


def test_the_database_holds_the_second_person(charge, paid, first):
    refund = refunds.ask_refund(charge, TRANSFER, by=first, at=NOON)
    with pytest.raises(IntegrityError, match="refund_decided_by_another"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state="granted", decided_by_account=first.account_id)


def test_never_more_than_came(charge, paid, first, second):
    half = Wanted(14_000, "corrected", "Mức thu mới", "transfer", "VCB 1")
    refunds.ask_refund(charge, half, by=first, at=NOON)
    with refused("too_much"):
        refunds.ask_refund(charge, half, by=first, at=NOON)
    facts = {"agency_code": "A", "reason": "other", "ground": "x", "way": "cash", "payee": "x", "asked_by": "x"}
    with pytest.raises(IntegrityError, match="more would go back"), transaction.atomic():
        Refund.objects.create(charge=charge, amount=14_000, asked_by_account=1, **facts)


def test_what_is_declined_can_be_asked_again(charge, paid, first, second):
    refund = refunds.ask_refund(charge, TRANSFER, by=first, at=NOON)
    refunds.decide_refund(refund, False, why="Đã làm xong", by=second, at=NOON)
    assert refunds.ask_refund(charge, TRANSFER, by=first, at=NOON).state == "asked"
    assert audit.broken_rules() == {}


def test_an_unpaid_charge_has_nothing_to_give_back(charge, first):
    with refused("too_much"):
        refunds.ask_refund(charge, TRANSFER, by=first, at=NOON)


def test_money_paid_twice_goes_back_in_cash_from_the_cashiers_own(charge, paid, first, second):
    told(paid, 26_000, "FT2")
    stray = StrayMoney.objects.get()
    refund = refunds.ask_refund(stray, Wanted(26_000, "twice", "Nộp hai lần", "cash"), by=first, at=NOON)
    with refused("nothing_left"):
        working_off.apply_stray(stray, charge_thing("thing:2"), by=first, at=NOON)
    refunds.decide_refund(refund, True, by=second, at=NOON)
    with refused("not_enough_cash"):
        refunds.pay_out(refund, by=first, at=NOON)
    settlement.take_cash(charge_thing("thing:3"), by=first.label, cashier=first.account_id, at=NOON)
    refunds.pay_out(refund, by=first, at=NOON)
    assert balance(Account.CASH, cashier_place(first.account_id)) == 0
    settlement.take_cash(charge_thing("thing:4"), by=first.label, cashier=first.account_id, at=NOON)
    sheet = papers.sheet_content(closing.close_cash(first, 26_000, at=NOON))
    assert [row["amount"] for row in sheet["rows"]] == [26_000, 26_000, -26_000]  # it adds up to what was counted
    assert audit.broken_rules() == {}


def test_cash_is_counted_and_a_difference_has_its_reason(charge, first):
    settlement.take_cash(charge, by=first.label, cashier=first.account_id, at=NOON)
    with refused("difference"):
        closing.close_cash(first, 25_000, at=NOON)
    closed = closing.close_cash(first, 25_000, reason="Trả nhầm tiền lẻ", at=NOON)
    assert (closed.expected, closed.counted) == (26_000, 25_000)
    assert balance(Account.SAFE, closed.agency_code) == 25_000
    with refused("nothing"):
        closing.close_cash(first, 0, at=NOON)
    assert audit.broken_rules() == {}
