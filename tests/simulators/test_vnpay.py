"""The portal and VNPAY over real HTTP: paid, refused, refunded, and with each of VNPAY's faults."""

import json
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from oss_portal.engines.folder import CHECKOUT
from payments import inquiry, refunds, tasks
from payments.ledger import audit
from payments.ledger.posting import Account, balance, owed_of
from payments.models import Payment, ProviderCall, RawCall, Receipt, StrayMoney
from payments.providers.registry import provider_named
from payments.providers.vnpay import gateway
from payments.refunds import Wanted
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "bi-mat-vnpay"


class Simulated:
    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, **form: str) -> dict:
        request = Request(self.url + path, urlencode(form).encode(), {"Accept": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def pay(self, payment: Payment, fault: str = "") -> tuple[str, list[str]]:
        page = provider_named("vnpay").pay_page(payment, address="", language="vi")
        with urlopen(page, timeout=30) as shown:
            assert payment.reference in shown.read().decode()
        told = self.post("/pay", reference=payment.reference, fault=fault)
        return told["back"], told["answers"]


@pytest.fixture
def vnpay(live_server, settings, things):
    ipn = f"{live_server.url}/payments/vnpay/callback"
    command = [sys.executable, "-m", "simulators.vnpay", "--port", "0", "--ipn-url", ipn, "--secret", SECRET]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    url = process.stdout.readline().split()[-1]
    settings.VNPAY_URL = f"{url}/paymentv2/vpcpay.html"
    settings.VNPAY_API_URL = f"{url}/merchant_webapi/api/transaction"
    settings.VNPAY_TMN_CODE, settings.VNPAY_HASH_SECRET = "DEMOBN01", SECRET
    settings.PUBLIC_URL = live_server.url
    yield Simulated(url)
    process.terminate()
    process.wait(60)


@pytest.fixture
def attempt(vnpay) -> Payment:
    return ask_to_pay(charge_thing(), at=timezone.now(), way="vnpay")


def state(payment: Payment) -> str:
    payment.refresh_from_db()
    assert (payment.state == "confirmed") == Receipt.objects.filter(payment=payment).exists()
    assert audit.broken_rules() == {}
    return payment.state


@pytest.mark.parametrize(
    ("fault", "answers", "ends"),
    [
        ("", ["00"], "confirmed"),
        ("declined", ["00"], "failed"),
        ("cancelled", ["00"], "failed"),
        ("suspect", ["00"], "created"),
        ("bad-signature", ["97"], "created"),
        ("wrong-amount", ["04"], "created"),
        ("other-reference", ["01"], "created"),
        ("failed-first", ["00", "00"], "confirmed"),
        ("failed-after", ["00", "02"], "confirmed"),
        ("late", [], "created"),
        ("lost", [], "created"),
    ],
)
def test_each_fault_and_what_is_left_of_it(vnpay, attempt, fault, answers, ends):
    assert vnpay.pay(attempt, fault)[1] == answers
    assert state(attempt) == ends
    assert RawCall.objects.filter(provider="vnpay").count() == len(answers)
    assert StrayMoney.objects.count() == (fault in ("wrong-amount", "other-reference"))
    if fault == "late":
        assert vnpay.post("/release")["answers"] == ["00"]
        assert state(attempt) == "confirmed"
    if fault in ("lost", "bad-signature"):
        assert inquiry.ask_waiting(at=timezone.now() + timedelta(minutes=2)) == 1
        assert state(attempt) == "confirmed"


def test_ten_calls_at_once_confirm_once(vnpay, attempt):
    assert sorted(vnpay.pay(attempt, "duplicate")[1]) == ["00"] + ["02"] * 9
    assert state(attempt) == "confirmed"


def test_the_payer_comes_back_and_is_told(vnpay, attempt):
    client = Client()
    client.force_login(AccountFactory(username="027190000011"), backend="accounts.backends.AccountBackend")
    for fault, said in (("cancelled", "Bạn đã hủy giao dịch"), ("lost", "Đã nhận được tiền")):
        back, _answers = vnpay.pay(attempt, fault)
        parts = urlsplit(back)
        page = client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()
        assert said in page
        inquiry.Payment.objects.update(asked_at=None)
    assert state(attempt) == "confirmed"
    other_digit = "1" if parts.query.endswith("0") else "0"
    forged = client.get(f"{parts.path}?{parts.query[:-1]}{other_digit}", follow=True)
    assert "Không đọc được kết quả" in forged.content.decode()


def test_an_unpaid_order_is_asked_about_until_it_is_dead(vnpay, attempt):
    over = attempt.expires_at + timedelta(minutes=1)
    assert inquiry.ask_waiting(at=over) == 1
    assert state(attempt) == "expired"
    assert inquiry.ask_waiting(at=over + timedelta(hours=1)) == 0
    assert inquiry.ask_waiting(at=over + timedelta(hours=7)) == 1
    assert inquiry.ask_waiting(at=over + timedelta(days=4)) == 0


def test_what_vnpay_took_without_calling_or_answering_becomes_paid_once(vnpay, attempt, monkeypatch):
    """Paid at VNPAY, no call came and the first questions get no answer; asked again later, and called at last."""
    monkeypatch.setattr(gateway, "PATIENCE", 0.2)
    vnpay.pay(attempt, "late")
    vnpay.post("/faults", fault="timeout")
    begun, asked_in = attempt.created_at, []
    for minute in range(1, 15):
        monkeypatch.setattr(tasks.timezone, "now", lambda minute=minute: begun + timedelta(minutes=minute))
        before = ProviderCall.objects.count()
        assert tasks.ask_providers() == 0
        asked_in += [minute] if ProviderCall.objects.count() > before else []
        assert state(attempt) == "created"
    assert asked_in == [1, 2, 3, 4, 9, 14]
    vnpay.post("/faults", fault="")
    monkeypatch.setattr(gateway, "PATIENCE", 60)
    monkeypatch.setattr(tasks.timezone, "now", lambda: begun + timedelta(minutes=19))
    assert tasks.ask_providers() == 1
    assert state(attempt) == "confirmed"
    assert vnpay.post("/release")["answers"] == ["02"]  # the call that comes after all
    assert tasks.ask_providers() == 0
    assert state(attempt) == "confirmed"
    assert list(ProviderCall.objects.values_list("outcome", flat=True)) == ["repeated", "confirmed"] + [
        "unreachable"
    ] * len(asked_in)
    assert StrayMoney.objects.count() == 0


def granted(charge, amount: int = 26_000):
    first, second = (Actor(account=AccountFactory(username=name)) for name in ("thu.nhat", "thu.hai"))
    refund = refunds.ask_refund(charge, Wanted(amount, "withdrawn", "Rút", "provider"), by=first, at=timezone.now())
    return refunds.decide_refund(refund, True, by=second, at=timezone.now())


@pytest.mark.parametrize("amount", [26_000, 10_000])
def test_a_refund_through_vnpay_whole_or_in_part(vnpay, attempt, outbox_done, amount):
    vnpay.pay(attempt)
    refund = granted(attempt.charge, amount)
    outbox_done()
    refund.refresh_from_db()
    assert (refund.state, refund.done_by) == ("done", "vnpay")
    assert refund.provider_transaction
    refunds.order_refund(refund, at=timezone.now())  # again: nothing more goes back
    assert ProviderCall.objects.filter(kind="refund").count() == 1
    assert ask(attempt) == "repeated"  # VNPAY tells of our own refund
    assert state(attempt) == "confirmed"


def test_a_refund_whose_answer_was_lost_is_settled_by_a_person(vnpay, attempt, monkeypatch):
    monkeypatch.setattr(gateway, "PATIENCE", 0.5)
    vnpay.pay(attempt)
    refund = granted(attempt.charge)
    vnpay.post("/faults", fault="timeout-after")
    assert not refunds.order_refund(refund, at=timezone.now())
    vnpay.post("/faults", fault="")
    monkeypatch.setattr(gateway, "PATIENCE", 60)
    assert not refunds.order_refund(refund, at=timezone.now())  # the same number is not taken twice
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert audit.broken_rules() == {}
    someone = Actor(account=AccountFactory(username="thu.ba"))
    assert refunds.settle_sent(refund, True, "14000009", by=someone, at=timezone.now()).state == "done"
    assert audit.broken_rules() == {}


def test_a_refund_that_vnpay_refuses_goes_back_to_where_it_was(vnpay, attempt):
    vnpay.pay(attempt)
    vnpay.post("/pay", reference=attempt.reference, fault="declined")  # VNPAY's own book says failed now
    refund = granted(attempt.charge)
    refunds.order_refund(refund, at=timezone.now())
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert "từ chối" in refund.failure
    attempt.charge.refresh_from_db()
    assert refunds.left_to_refund(attempt.charge) == 26_000
    assert audit.broken_rules() == {}


def test_the_callbacks_address_is_a_get(vnpay):
    assert Client().post(reverse("payment-callback", args=["vnpay"])).status_code == 405


def ask(payment: Payment) -> str:
    payment.refresh_from_db()
    later = (payment.asked_at or timezone.now()) + timedelta(minutes=1)
    return inquiry.ask_again(payment, at=later).outcome


def test_what_vnpay_took_back_without_a_line_of_a_bank_is_owed_again(vnpay, attempt):
    vnpay.pay(attempt)
    key = attempt.account.key
    assert (ask(attempt), balance(Account.CLEARING, key)) == ("repeated", 26_000)
    vnpay.post("/take-back", reference=attempt.reference, amount="6000")
    assert ask(attempt) == "wrong_amount"  # a part: a person enters the refund
    vnpay.post("/take-back", reference=attempt.reference, amount="20000")
    assert ask(attempt) == "taken_back"
    attempt.charge.refresh_from_db()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.charge.settled_at) == ("reversed", None)
    assert (balance(Account.CLEARING, key), owed_of(attempt.charge)) == (0, 26_000)
    assert sum(receipt.amount for receipt in Receipt.objects.all()) == 0
    again = ask_to_pay(attempt.charge, at=timezone.now(), way="vnpay")
    assert vnpay.pay(again)[1] == ["00"]
    assert ask(attempt) == "repeated"
    assert audit.broken_rules() == {}


def test_what_went_back_before_anybody_asked_was_never_paid(vnpay, attempt):
    vnpay.pay(attempt, "lost")
    vnpay.post("/take-back", reference=attempt.reference, amount="26000")
    inquiry.ask_about(attempt.charge, at=timezone.now())
    assert state(attempt) == "failed"


def test_a_cashier_asks_vnpay_about_a_payment(vnpay, attempt, cast):
    vnpay.pay(attempt)
    client = Client()
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page = reverse("money-held", args=[attempt.account.key])
    assert page in client.get(reverse("money-statements")).content.decode()
    assert attempt.reference in client.get(page).content.decode()
    vnpay.post("/take-back", reference=attempt.reference, amount="26000")
    told = client.post(page, {"payment": attempt.pk}, follow=True).content.decode()
    assert "khoản thu lại phải nộp" in told
    assert client.post(page, {"payment": "x"}).status_code == 404
    assert client.post(page, {"payment": attempt.pk}).status_code == 404
    attempt.refresh_from_db()
    assert attempt.state == "reversed"
    assert audit.broken_rules() == {}
