"""Every order in which reports can come, against what must be left of them."""

import itertools

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from journal.models import OutboxMessage
from papers.models import Paper
from payments import charges, receipts, settlement, verification
from payments.ledger.posting import owed_of
from payments.models import Charge, Payment, ProviderCall, Receipt, StrayMoney
from payments.providers.base import Report, Status
from payments.signals import charge_settled
from tests.factories.charges import OWNER, ask_to_pay, charge_thing
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
Outcome = ProviderCall.Outcome
pytestmark = pytest.mark.django_db


def told(payment: Payment, status: Status, *, amount: int | None = None, transaction: str = "FT1") -> Outcome:
    amount = payment.amount if amount is None else amount
    report = Report(payment.reference, status, amount, transaction, {"amount": str(amount), "status": status})
    return verification.verify_report(report, provider="bank", kind="callback", at=NOON)


@pytest.fixture
def attempt(charge) -> Payment:
    return ask_to_pay(charge, at=NOON)


@pytest.fixture
def settled():
    heard = []

    def hear(sender, charge, payment, receipt, **_kw):
        heard.append((charge.pk, payment.pk, receipt.number))

    charge_settled.connect(hear)
    yield heard
    charge_settled.disconnect(hear)


def test_paid_confirms_settles_numbers_and_tells_once(attempt, settled):
    assert told(attempt, Status.PAID) == Outcome.CONFIRMED
    assert told(attempt, Status.PAID) == Outcome.REPEATED
    attempt.refresh_from_db()
    assert (attempt.state, attempt.confirmed_at, attempt.provider_transaction) == ("confirmed", NOON, "FT1")
    assert attempt.charge.settled_at == NOON
    assert attempt.receipt.number == "0000001/2026"
    assert settled == [(attempt.charge_id, attempt.pk, "0000001/2026")]
    assert OutboxMessage.objects.filter(topic="payments.receipt").count() == 1
    assert list(ProviderCall.objects.values_list("outcome", flat=True)) == ["repeated", "confirmed"]


@pytest.mark.parametrize(
    ("reports", "outcomes", "state"),
    [
        ([Status.FAILED], ["not_paid"], "failed"),
        ([Status.FAILED, Status.PAID], ["not_paid", "confirmed"], "confirmed"),
        ([Status.PAID, Status.FAILED], ["confirmed", "repeated"], "confirmed"),
        ([Status.EXPIRED, Status.PAID], ["not_paid", "confirmed"], "confirmed"),
        ([Status.WAITING, Status.UNKNOWN], ["not_paid", "not_paid"], "created"),
        ([Status.PAID, Status.EXPIRED, Status.PAID], ["confirmed", "repeated", "repeated"], "confirmed"),
    ],
)
def test_failed_is_never_final_and_confirmed_always_is(attempt, reports, outcomes, state):
    assert [told(attempt, status) for status in reports] == outcomes
    attempt.refresh_from_db()
    assert attempt.state == state


@pytest.mark.parametrize("difference", [-1, 1, -26_000, 10**6])
def test_another_amount_confirms_nothing_until_it_is_put_right(attempt, difference):
    assert told(attempt, Status.PAID, amount=attempt.amount + difference) == Outcome.WRONG_AMOUNT
    attempt.refresh_from_db()
    assert attempt.state == "created"
    assert told(attempt, Status.PAID) == Outcome.CONFIRMED


def test_money_that_comes_twice_is_a_surplus_counted_once(attempt, settled):
    told(attempt, Status.PAID)
    assert told(attempt, Status.PAID, transaction="FT2") == Outcome.SURPLUS
    assert told(attempt, Status.PAID, transaction="FT2") == Outcome.REPEATED
    assert len(settled) == 1


def test_money_through_an_older_code_settles_and_the_newer_one_ends(charge, attempt):
    Payment.objects.filter(pk=attempt.pk).update(state="expired")
    newer = ask_to_pay(charge, at=NOON)
    assert told(attempt, Status.PAID) == Outcome.CONFIRMED
    newer.refresh_from_db()
    assert newer.state == "expired"
    assert told(newer, Status.PAID, transaction="FT2") == Outcome.SURPLUS


def test_money_after_a_charge_was_taken_back_is_a_surplus(attempt):
    charges.cancel_open(OWNER, by="một cửa")
    assert told(attempt, Status.PAID) == Outcome.SURPLUS
    assert not Receipt.objects.exists()


def test_an_unknown_reference_and_a_cash_reference_are_unknown(charge):
    cash = settlement.take_cash(charge, by="thu quỹ", at=NOON).payment
    assert told(cash, Status.PAID) == Outcome.UNKNOWN
    assert told(Payment(reference="TTKHONGCO", amount=1), Status.PAID) == Outcome.UNKNOWN


def test_one_transaction_never_confirms_two_charges(attempt):
    other = ask_to_pay(charge_thing("thing:2"), at=NOON)
    told(attempt, Status.PAID, transaction="FT9")
    assert told(other, Status.PAID, transaction="FT9") == Outcome.REPEATED
    assert Charge.objects.filter(settled_at__isnull=False).count() == 1


def test_a_listener_that_refuses_undoes_all_of_it(attempt):
    def refuse(sender, **_kw):
        raise RuntimeError("the record is gone")

    charge_settled.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            told(attempt, Status.PAID)
    finally:
        charge_settled.disconnect(refuse)
    attempt.refresh_from_db()
    assert attempt.state == "created"
    assert not Receipt.objects.exists()
    assert told(attempt, Status.PAID) == Outcome.CONFIRMED
    assert Receipt.objects.get().number == "0000001/2026"


_REPORTS = st.tuples(st.sampled_from([*Status]), st.sampled_from([25_000, 26_000]), st.sampled_from(["FT1", "FT2"]))


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_REPORTS, max_size=7))
def test_whatever_comes_in_whatever_order(things, reports):
    owner = f"thing:{next(_owners)}"
    payment = ask_to_pay(charge_thing(owner), at=NOON)
    transactions = {name: f"{name}-{owner}" for name in ("FT1", "FT2")}
    outcomes = [told(payment, s, amount=a, transaction=transactions[t]) for s, a, t in reports]
    payment.refresh_from_db()
    whole = [status for status, amount, _t in reports if amount == 26_000]
    good = Status.PAID in whole
    gone = good and Status.TAKEN_BACK in whole[whole.index(Status.PAID) :]
    assert (payment.state == "confirmed") is (good and not gone)
    assert (payment.state == "reversed") is gone
    assert outcomes.count(Outcome.CONFIRMED) == Receipt.objects.filter(payment=payment).count() == int(good)
    assert payment.calls.count() == len(reports)
    assert outcomes.count(Outcome.SURPLUS) <= 1


_owners = itertools.count(1000)


def test_receipts_of_an_agency_and_year_have_no_gap():
    numbers = []
    for place, (code, day) in enumerate(
        [("A", "2026-12-31"), ("B", "2026-12-31"), ("A", "2026-12-31"), ("A", "2027-01-01")]
    ):
        charge = charge_thing(f"thing:{place}", agency_code=code)
        numbers.append((code, settlement.take_cash(charge, by="thu quỹ", at=at(f"{day} 00:30")).number))
    assert numbers == [("A", "0000001/2026"), ("B", "0000001/2026"), ("A", "0000002/2026"), ("A", "0000001/2027")]


def test_a_receipt_is_drawn_once_and_says_what_was_paid(attempt):
    from pypdfium2 import PdfDocument

    told(attempt, Status.PAID, transaction="FT26327000123")
    receipt = Receipt.objects.get()
    paper = receipts.draw_receipt(receipt)
    assert receipts.draw_receipt(receipt).pk == paper.pk
    assert Paper.objects.count() == 1
    from django.core.files.storage import default_storage

    document = PdfDocument(default_storage.open(paper.file).read())
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    for said in (
        "Số: 0000001/2026",
        "BIÊN LAI THU PHÍ, LỆ PHÍ",
        "Người nộp: Nguyễn Thị Ánh",
        "Nội dung: H05.026.001-261123-0001 · Cấp lại giấy phép",
        "Lệ phí cấp giấy 1 20.000 đ 20.000 đ",
        "Phí chứng thực 3 2.000 đ 6.000 đ",
        "Tổng cộng 26.000 đ",
        "Hai mươi sáu nghìn đồng",
        "Chuyển khoản VietQR",
        f"Mã thanh toán: {attempt.reference}",
        "Mã giao dịch của ngân hàng: FT26327000123",
        "12 giờ 00 phút, ngày 23 tháng 11 năm 2026",
    ):
        assert said in text, (said, text)
    assert "NGƯỜI THU TIỀN (Ký, ghi rõ họ tên) Trung tâm Phục vụ hành chính công phường Kinh Bắc" in text
    assert len(document) == 1
    assert paper.facts["amount"] == 26_000


def test_a_report_of_another_account_settles_nothing(attempt):
    """Whoever holds the secret of one agency's account cannot say that another agency was paid."""
    report = Report(attempt.reference, Status.PAID, attempt.amount, "FT1", {}, "vnpay-of-another-agency")
    assert verification.verify_report(report, provider="vnpay", kind="callback", at=NOON) == Outcome.UNKNOWN
    attempt.refresh_from_db()
    stray = StrayMoney.objects.get()
    assert (attempt.state, stray.kind, stray.place) == ("created", "unknown", "vnpay-of-another-agency")
    assert told(attempt, Status.PAID) == Outcome.CONFIRMED


def test_a_report_looks_at_its_own_charge_only(attempt):
    """However many attempts wait and however much is owed elsewhere, also before the tables' statistics know of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO payments_charge (uid, owner, reason, title, category, category_name, payer_name,"
            " agency_code, agency_name, lines, amount, created_at) SELECT gen_random_uuid(), 'many:' || n, 'fee', '',"
            " '', '', '', 'A', 'A', '[]', 1, now() FROM generate_series(1, 3000) n RETURNING id) INSERT INTO"
            " payments_payment (charge_id, method, reference, amount, qr_payload, state, created_at,"
            " provider_transaction, taken_by) SELECT id, 'vietqr', 'MANY' || id, 1, '', 'created', now(), '', ''"
            " FROM made"
        )
    asked = []

    def keep(execute, sql, params, many, context):
        if str(sql).lstrip().startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        told(attempt, Status.PAID)
        owed_of(attempt.charge)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for sql, params in asked:
            cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    looked_up = [plan for plan in plans if "payments_payment" in plan or "payments_ledgerline" in plan]
    assert looked_up
    for plan in looked_up:
        assert "payment_waiting" not in plan
        assert "payments_le_account" not in plan
