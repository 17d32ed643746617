"""A bank takes money back that it had booked: what it settled is owed again, once, and the day still balances."""

import pytest
from django.urls import reverse
from django.utils import timezone

from payments import charges, refunds, reversals, verification, working_off
from payments.ledger import audit
from payments.ledger.posting import Account, balance, left_of, owed_of
from payments.models import Charge, Payment, ProviderCall, Receipt, StatementLine, StatementMapping, StrayMoney
from payments.providers.base import Report, Status
from payments.signals import charge_reopened
from payments.statements import explaining, importing
from tests.factories.charges import ask_to_pay, charge_thing, refused
from tests.factories.moments import at
from tests.factories.people import AccountFactory, StaffPostFactory

NOON = at("2026-11-23 12:00")
Outcome = ProviderCall.Outcome
pytestmark = pytest.mark.django_db


def told(payment: Payment, number: str, amount: int = 26_000) -> Outcome:
    report = Report(payment.reference, Status.PAID, amount, number, {"amount": str(amount)})
    return verification.verify_report(report, provider="bank", kind="callback", at=NOON)


def imported(account, *rows: str) -> list[StatementLine]:
    """Lines of a statement: amount, the bank's number and purpose, by commas."""
    mapping = StatementMapping.objects.get_or_create(
        name="m", date_column="d", amount_column="a", reference_column="r", purpose_column="p", decimal="none"
    )[0]
    content = "\n".join(["d,a,r,p", *(f"23/11/2026,{row}" for row in rows)]).encode()
    made = importing.import_statement(account, "csv", content, name="x.csv", mapping=mapping, by="x", at=NOON)
    return list(made.lines.order_by("id"))


@pytest.fixture
def paid(charge) -> Payment:
    payment = ask_to_pay(charge, at=NOON)
    told(payment, "FT100001")
    return payment


def taken_back(payment: Payment, by) -> StatementLine:
    """The bank books the money and takes it back; the cashier says which money that is."""
    came, gone = imported(
        payment.account, f"26000,FT100001,LE PHI {payment.reference}", "-26000,FT100002,HUY GIAO DICH FT100001"
    )
    assert (came.state, gone.state) == ("matched", "open")
    assert reversals.payments_taken_back(gone).get().named
    return explaining.explain_line(gone, "reversal", "Ngân hàng đảo", takes_back=payment, by=by, at=NOON)


def test_what_the_bank_takes_back_is_owed_again_and_can_be_paid(cast, charge, paid):
    heard = []
    charge_reopened.connect(lambda sender, **facts: heard.append(facts["why"]), weak=False, dispatch_uid="test")
    try:
        taken_back(paid, cast.counter)
    finally:
        charge_reopened.disconnect(dispatch_uid="test")
    charge.refresh_from_db()
    paid.refresh_from_db()
    assert heard == ["Ngân hàng đảo"]
    assert (charge.settled_at, paid.state, owed_of(charge)) == (None, "reversed", 26_000)
    assert [r.amount for r in Receipt.objects.order_by("id")] == [26_000, -26_000]
    place = paid.account.key
    assert balance(Account.BANK, place) == balance(Account.CLEARING, place) == 0
    assert told(paid, "FT100001") == Outcome.REPEATED  # the call about the first money comes once more
    again = ask_to_pay(charge, at=NOON)
    assert again.pk != paid.pk
    assert told(again, "FT100003") == Outcome.CONFIRMED
    assert [r.kind for r in Receipt.objects.order_by("id")] == ["original", "adjustment", "original"]
    assert audit.broken_rules() == {}


def test_the_old_code_used_again_waits_for_a_person(cast, charge, paid):
    taken_back(paid, cast.counter)
    assert told(paid, "FT100004") == Outcome.SURPLUS
    stray = StrayMoney.objects.get()
    assert (stray.kind, owed_of(charge)) == ("again", 26_000)
    assert working_off.apply_stray(stray, charge, by=cast.counter, at=NOON).amount == 26_000
    assert audit.broken_rules() == {}


def test_money_that_has_moved_on_cannot_be_taken_back_here(cast, charge, paid):
    wanted = refunds.Wanted(26_000, "withdrawn", "Rút", "transfer", "VCB 1")
    refunds.ask_refund(charge, wanted, by=cast.counter, at=NOON)
    with refused("refunded"):
        taken_back(paid, cast.counter)
    line = StatementLine.objects.get(amount=-26_000)
    assert (line.state, owed_of(charge)) == ("open", 0)
    with refused("other_amount"):
        reversals.reverse_payment(paid, amount=25_000, place=paid.account.key, why="x", at=NOON, by="x")
    assert audit.broken_rules() == {}


def test_money_on_the_cashiers_list_leaves_it(cast, paid):
    told(paid, "FT100005")
    stray = StrayMoney.objects.get()
    line = imported(paid.account, "-26000,FT100006,DAO FT100005")[0]
    assert list(reversals.strays_taken_back(line)) == [stray]
    explaining.explain_line(line, "reversal", "Ngân hàng đảo", takes_back=stray, by=cast.counter, at=NOON)
    stray.refresh_from_db()
    assert (left_of(stray), stray.closed_at) == (0, NOON)
    assert audit.broken_rules() == {}


def test_what_was_paid_from_the_list_is_gone_when_the_bank_takes_it_back(cast, charge):
    """Cancelled afterwards, the charge gives nothing back to the list."""
    told(ask_to_pay(charge, at=NOON), "FT100001", amount=27_000)
    working_off.apply_stray(StrayMoney.objects.get(), charge, by=cast.counter, at=NOON)
    place = charge.payments.get(state="confirmed").account.key
    said = {"place": place, "key": "explained:1", "why": "x", "at": NOON, "by": "x"}
    with refused("worked_off"):
        reversals.reverse_stray(StrayMoney.objects.get(), amount=26_000, **said)
    reversals.reverse_stray(StrayMoney.objects.get(), amount=27_000, **said)
    assert owed_of(charge) == 26_000
    charges.cancel_open(charge.owner, by="x", at=NOON)
    assert left_of(StrayMoney.objects.get()) == 0
    assert audit.broken_rules() == {}


def test_the_cashiers_page_asks_which_money_it_was(cast, client, things):
    agency = cast.counter.post.agency
    charge = charge_thing("thing:7", agency_code=agency.code)
    payment = ask_to_pay(charge, at=timezone.now())
    told(payment, "FT100001")
    _came, gone = imported(
        payment.account, f"26000,FT100001,LE PHI {payment.reference}", f"-26000,FT100002,HUY {payment.reference}"
    )
    account = AccountFactory(username="thu.dao")
    StaffPostFactory(account=account, agency=agency, role="counter")
    client.force_login(account, backend="accounts.backends.AccountBackend")
    page = reverse("money-line", args=[gone.pk])
    assert f'<option value="payment-{payment.pk}" selected>' in client.get(page).content.decode()
    given = {"reason": "reversal", "explanation": "Ngân hàng đảo"}
    assert "Hãy chọn khoản bị đảo" in client.post(page, given).content.decode()
    assert client.post(page, {**given, "payment": f"payment-{payment.pk}"}).status_code == 302
    assert Charge.objects.get(pk=charge.pk).settled_at is None
    assert "Ngân hàng đã rút lại 26.000\u00a0đ" in client.get(reverse("payment", args=[charge.uid])).content.decode()
