"""The portal and the bank over real HTTP, in good order and with each of the bank's faults."""

import json
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from core.time_budget import TimeBudget
from journal.models import NumberSeries, OutgoingCall
from papers.models import Paper
from payments import charges, inquiry
from payments.models import Payment, ProviderCall, Receipt
from payments.providers.vietqr import bank as bank_provider
from tests.factories.charges import ask_to_pay, charge_thing

pytestmark = pytest.mark.django_db(transaction=True)
Outcome = ProviderCall.Outcome


@pytest.fixture
def attempt(bank, outbox_done) -> Payment:
    """An attempt that the bank knows."""
    payment = ask_to_pay(charge_thing(), at=timezone.now())
    assert outbox_done() == 1
    return payment


def outcomes(kind: str) -> list[str]:
    return list(ProviderCall.objects.filter(kind=kind).order_by("id").values_list("outcome", flat=True))


def confirmed(payment: Payment) -> bool:
    payment.refresh_from_db()
    assert (payment.state == "confirmed") == Receipt.objects.filter(payment=payment).exists()
    return payment.state == "confirmed"


def test_scanned_paid_confirmed_and_receipted(bank, attempt, outbox_done):
    assert outcomes("order") == [Outcome.NOT_PAID]
    assert bank.scan(attempt.qr_payload) == ["00"]
    assert confirmed(attempt)
    assert outbox_done() == 1
    assert Paper.objects.get().number == Receipt.objects.get().number == f"0000001/{timezone.localdate().year}"
    kept = ProviderCall.objects.get(kind="callback")
    assert (kept.outcome, kept.payload["amount"], kept.transaction) == (
        "confirmed",
        "26000",
        attempt.provider_transaction,
    )


def test_a_customer_pays_before_the_bank_heard_of_the_order(bank, outbox_done):
    payment = ask_to_pay(charge_thing(), at=timezone.now())
    assert bank.scan(payment.qr_payload) == ["00"]
    assert confirmed(payment)


def test_twenty_identical_calls_at_once_confirm_once(bank, attempt):
    answers = bank.pay(attempt.reference, "duplicate")
    assert sorted(answers) == ["00"] + ["02"] * 19
    assert confirmed(attempt)
    assert sorted(outcomes("callback")) == ["confirmed"] + ["repeated"] * 19
    assert Receipt.objects.count() == 1
    assert NumberSeries.objects.get(scope__startswith="receipt:").last == 1


def test_a_bad_signature_is_not_believed_but_kept(bank, attempt):
    assert bank.pay(attempt.reference, "bad-signature") == ["97"]
    assert not confirmed(attempt)
    assert outcomes("callback") == [Outcome.BAD_SIGNATURE]
    assert inquiry.ask_about(attempt.charge, at=timezone.now())
    assert confirmed(attempt)


@pytest.mark.parametrize(("fault", "answers"), [("failed-first", ["00", "00"]), ("failed-after", ["00", "02"])])
def test_calls_out_of_order_end_confirmed(bank, attempt, fault, answers):
    assert bank.pay(attempt.reference, fault) == answers
    assert confirmed(attempt)


def test_a_declined_payment_can_be_tried_again(bank, attempt, outbox_done):
    assert bank.pay(attempt.reference, "declined") == ["00"]
    assert not confirmed(attempt)
    assert attempt.state == "failed"
    again = ask_to_pay(attempt.charge, at=timezone.now())
    outbox_done()
    assert bank.pay(again.reference) == ["00"]
    assert confirmed(again)


def test_a_wrong_amount_confirms_nothing(bank, attempt):
    assert bank.pay(attempt.reference, "wrong-amount") == ["04"]
    assert not confirmed(attempt)
    assert outcomes("callback") == [Outcome.WRONG_AMOUNT]


def test_a_late_call_finds_the_answer_already_there(bank, attempt):
    assert bank.pay(attempt.reference, "late") == []
    later = timezone.now() + timedelta(minutes=2)
    assert inquiry.ask_waiting(at=later) == 1
    assert confirmed(attempt)
    assert bank.post("/release")["answers"] == ["02"]
    assert Receipt.objects.count() == 1


def test_a_lost_call_after_the_attempt_ended_is_found_by_asking(bank, attempt):
    over = timezone.now() + charges.ATTEMPT_LASTS
    assert inquiry.ask_waiting(at=over) == 1
    attempt.refresh_from_db()
    assert attempt.state == "expired"
    assert bank.pay(attempt.reference, "lost") == []
    assert inquiry.ask_waiting(at=over + timedelta(hours=1)) == 0
    assert inquiry.ask_about(attempt.charge, at=over + timedelta(hours=1))
    assert confirmed(attempt)


def test_a_silent_bank_leaves_everything_as_it_was(bank, attempt, monkeypatch):
    monkeypatch.setattr(bank_provider, "PATIENCE", 0.3)
    bank.post("/faults", fault="timeout")
    assert not inquiry.ask_about(attempt.charge, at=timezone.now())
    assert not confirmed(attempt)
    assert outcomes("inquiry") == [Outcome.UNREACHABLE]
    bank.post("/faults", fault="")
    assert bank.pay(attempt.reference) == ["00"]
    assert confirmed(attempt)


def test_a_bank_that_is_slow_leaves_the_rest_to_the_next_round(bank, attempt, outbox_done, monkeypatch):
    other = ask_to_pay(charge_thing("thing:2"), at=timezone.now())
    outbox_done()
    monkeypatch.setattr(bank_provider, "PATIENCE", 0.3)
    bank.post("/faults", fault="timeout")
    later = timezone.now() + timedelta(minutes=2)
    assert inquiry.ask_waiting(at=later, budget=TimeBudget(60, share=0.2)) == 0
    assert outcomes("inquiry") == [Outcome.UNREACHABLE]
    other.refresh_from_db()
    assert other.asked_at is None, "it is the first that the next round asks about"


def test_an_order_to_a_silent_bank_waits_in_the_outbox(bank, outbox_done, monkeypatch):
    from journal import outbox

    monkeypatch.setattr(bank_provider, "PATIENCE", 0.3)
    bank.post("/faults", fault="timeout")
    payment = ask_to_pay(charge_thing(), at=timezone.now())
    outbox_done()
    bank.post("/faults", fault="")
    monkeypatch.setattr(bank_provider, "PATIENCE", 60)
    assert outbox.dispatch_messages(at=timezone.now() + timedelta(minutes=1)) == 1
    assert bank.pay(payment.reference) == ["00"]


def test_the_bank_away_is_told_so(bank, attempt, settings):
    settings.BANK_URL = "http://127.0.0.1:9"
    assert not inquiry.ask_about(attempt.charge, at=timezone.now())
    assert outcomes("inquiry") == [Outcome.UNREACHABLE]
    order, inquired = OutgoingCall.objects.order_by("id")
    assert {order.reference, inquired.reference} == {f"payment:{attempt.reference}"}
    assert (order.operation, order.status, inquired.operation, inquired.status) == ("order", 200, "inquiry", None)
    assert order.connection != inquired.connection == "bank:127.0.0.1:9", "a bank that is away keeps no other waiting"


def test_a_bank_with_another_secret_is_not_believed(bank, attempt, settings):
    bank.pay(attempt.reference, "lost")
    settings.BANK_SECRET = "khác"
    assert not inquiry.ask_about(attempt.charge, at=timezone.now())
    assert not confirmed(attempt)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "99"),
        (b"[]", "99"),
        (b"\xff\x00", "99"),
        (b'{"reference": "\\u0000"}', "99"),
        (b'{"reference": "\\ud800"}', "99"),
        (b'{"amount": 5}', "99"),
        (b'{"amount": "1", "amount": "2"}', "99"),
        (b"[" * 20_000, "99"),
        (b'{"a": "' + b"x" * 20_000 + b'"}', "99"),
        (b"{}", "97"),
        (b'{"reference": "TT1", "status": "paid", "signature": "\xc4\x91"}', "97"),
    ],
)
def test_whatever_knocks_gets_an_answer(bank, live_server, body, code):
    with urlopen(Request(f"{live_server.url}/payments/bank/callback", body), timeout=60) as answer:
        assert json.load(answer)["RspCode"] == code


def test_other_doors_stay_shut(bank, live_server):
    for path, method, status in (("/payments/bank/callback", "GET", 405), ("/payments/momo/callback", "POST", 404)):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(live_server.url + path, b"{}" if method == "POST" else None, method=method), timeout=60)
        assert refused.value.code == status


def test_the_bank_refuses_an_unsigned_order(bank):
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{bank.url}/v1/orders", b'{"reference": "TT1", "amount": "5", "account": "1"}'), timeout=60)
    assert refused.value.code == 401


def test_the_customers_pages(bank, attempt):
    for path, said in (("/", attempt.reference), (f"/pay/{attempt.reference}?fault=late", "26.000 đ")):
        with urlopen(bank.url + path, timeout=60) as page:
            assert said in page.read().decode()
    with pytest.raises(HTTPError) as refused:
        bank.scan(attempt.qr_payload[:-4] + "0000")
    assert refused.value.code == 400
    assert not confirmed(attempt)
