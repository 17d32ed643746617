"""The page of a charge, for payer, counter and stranger."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from agencies.models import Agency, Territory, WorkCalendar
from core import references
from papers.permissions import PaperRules
from payments import charges, receipts, settlement, verification
from payments.models import Charge, Payment
from payments.panels import charge_panels
from payments.providers.base import Report, Status
from tests.factories.charges import OWNER, ask_to_pay, charge_thing
from tests.factories.people import AccountFactory, StaffPostFactory

pytestmark = pytest.mark.django_db
PAGES = ["payment", "payment-state", "payment-qr", "payment-receipt", "payment-receipts"]
ACTS = ["payment-ask", "payment-check"]


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    return client


@pytest.fixture
def payer(db) -> Client:
    return client_of(AccountFactory(username="027190000011"))


@pytest.fixture
def counter(db, centre: Agency) -> Client:
    account = AccountFactory(username="quay", full_name="Lê Văn Cần")
    StaffPostFactory(account=account, agency=centre, role="counter")
    return client_of(account)


@pytest.fixture
def centre(db) -> Agency:
    since = {"valid_from": date(2025, 7, 1), "search_key": "kinh bac", "sort_key": "kinh bac"}
    ward = Territory.objects.create(code="99990", kind="ward", name="Phường Kinh Bắc", **since)
    return Agency.objects.create(
        key="commune_centre",
        code="H05.999.001",
        name="Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        kind=Agency.Kind.COMMUNE_CENTRE,
        territory=ward,
        calendar=WorkCalendar.objects.create(key="kinh-bac", name="Phường Kinh Bắc"),
        **since,
    )


def shown(client: Client, charge: Charge) -> str:
    response = client.get(reverse("payment", args=[charge.uid]))
    assert response.status_code == 200
    return response.content.decode()


def paid(payment: Payment, transaction: str = "FT1", amount: int | None = None) -> None:
    given = amount or payment.amount
    report = Report(payment.reference, Status.PAID, given, transaction, {"amount": str(given)})
    verification.verify_report(report, provider="bank", kind="callback", at=timezone.now())


def test_the_fee_line_by_line_then_the_code(payer, charge):
    page = shown(payer, charge)
    for said in ("Lệ phí cấp giấy", "20.000\u00a0đ", "3 × 2.000\u00a0đ", "6.000\u00a0đ", "26.000\u00a0đ", "Chưa nộp"):
        assert said in page
    response = payer.post(reverse("payment-ask", args=[charge.uid]))
    assert response.status_code == 302
    page = shown(payer, charge)
    attempt = charge.payments.get()
    for said in ("<svg", attempt.reference, "0011002233445", "Vietcombank", "kiểm tra lại", "hx-get"):
        assert said in page
    payer.post(reverse("payment-ask", args=[charge.uid]))
    assert charge.payments.count() == 1


def test_lines_in_the_readers_language(payer, charge):
    payer.cookies["django_language"] = "en"
    assert "Issuing levy" in shown(payer, charge)


def test_the_open_page_hears_that_it_was_paid(payer, charge):
    address = reverse("payment-state", args=[charge.uid])
    attempt = ask_to_pay(charge, at=timezone.now())
    assert payer.get(address).status_code == 204
    paid(attempt)
    response = payer.get(address)
    assert (response.status_code, response["HX-Refresh"]) == (286, "true")
    page = shown(payer, charge)
    assert "Đã nộp" in page
    assert "hx-get" not in page
    assert "0000001/" in page


def test_an_ended_code_stops_asking_and_offers_a_new_one(payer, charge):
    ask_to_pay(charge, at=timezone.now() - timedelta(hours=1))
    assert payer.get(reverse("payment-state", args=[charge.uid])).status_code == 286
    assert "hx-get" not in shown(payer, charge)


def test_the_code_can_be_kept_as_a_picture(payer, charge):
    import io

    import zxingcpp
    from PIL import Image

    attempt = ask_to_pay(charge, at=timezone.now())
    response = payer.get(reverse("payment-qr", args=[charge.uid]))
    assert response["Content-Type"] == "image/png"
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(response.content)))
    assert read.text == attempt.qr_payload


def test_the_bank_away_is_said_and_nothing_lost(payer, charge):
    ask_to_pay(charge, at=timezone.now())
    response = payer.post(reverse("payment-check", args=[charge.uid]), follow=True)
    assert "Ngân hàng chưa trả lời" in response.content.decode()


def test_the_receipt_opens_for_who_may_read_it(payer, charge, monkeypatch):
    monkeypatch.setattr(references, "_answers", dict(references._answers))
    references.register_answers("thing", PaperRules(lambda actor, _owner, _paper: not actor.is_anonymous))
    address = reverse("payment-receipt", args=[charge.uid])
    assert "chưa được nộp" in payer.get(address, follow=True).content.decode()
    paid(ask_to_pay(charge, at=timezone.now()))
    response = payer.get(address, follow=True)
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_a_receipt_that_cannot_be_drawn_is_promised(payer, charge, monkeypatch):
    def fail(_receipt):
        raise OSError("no space left on device")

    paid(ask_to_pay(charge, at=timezone.now()))
    monkeypatch.setattr(receipts, "draw_receipt", fail)
    response = payer.get(reverse("payment-receipt", args=[charge.uid]), follow=True)
    assert "Biên lai đang được lập" in response.content.decode()


def test_money_gone_astray_is_explained(payer, charge):
    attempt = ask_to_pay(charge, at=timezone.now())
    paid(attempt, "FT1", amount=25_000)
    page = shown(payer, charge)
    assert "25.000\u00a0đ (giao dịch FT1), khác với số phải nộp" in page
    assert attempt.reference not in page  # nobody is invited to pay twice
    paid(attempt, "FT2")
    paid(attempt, "FT3")
    page = shown(payer, charge)
    assert "26.000\u00a0đ (giao dịch FT3) ngoài số phải nộp" in page
    assert "khác với số phải nộp" not in page


def test_without_a_bank_the_counter_is_named(payer, charge, settings):
    settings.BANK_URL = ""
    assert "Bạn hãy nộp tại quầy một cửa" in shown(payer, charge)
    payer.post(reverse("payment-ask", args=[charge.uid]))
    assert not charge.payments.exists()


def test_cash_is_taken_once_with_a_receipt(counter, charge):
    address = reverse("payment-cash", args=[charge.uid])
    assert "26.000\u00a0đ" in counter.get(address).content.decode()
    assert "Hãy đánh dấu khi bạn đã nhận đủ tiền" in counter.post(address).content.decode()
    assert counter.post(address, {"received": "on"}).status_code == 302
    assert "Khoản này đã được nộp" in counter.post(address, {"received": "on"}, follow=True).content.decode()
    payment = charge.payments.get()
    assert (payment.method, payment.state) == ("cash", "confirmed")
    assert payment.taken_by.startswith("Lê Văn Cần")
    assert "Tiền mặt" in shown(counter, charge)


def test_citizens_never_reach_the_till(payer, charge):
    address = reverse("payment-cash", args=[charge.uid])
    assert payer.get(address).status_code == payer.post(address, {"received": "on"}).status_code == 403


def test_strangers_are_led_to_sign_in_and_others_find_nothing(payer, charge, monkeypatch):
    monkeypatch.setattr(references, "_answers", {})
    for name in PAGES:
        assert payer.get(reverse(name, args=[charge.uid])).status_code == 404
        assert "/sign-in" in Client().get(reverse(name, args=[charge.uid]))["Location"]
    for name in ACTS:
        assert payer.post(reverse(name, args=[charge.uid])).status_code == 404
        assert payer.get(reverse(name, args=[charge.uid])).status_code == 405
    assert not charge.payments.exists()


def test_an_unknown_charge_is_not_there(payer):
    assert payer.get(reverse("payment", args=[uuid4()])).status_code == 404


def test_what_was_taken_back_is_said(payer, charge):
    charges.cancel_open(OWNER, by="một cửa")
    assert "Bạn không phải nộp" in shown(payer, charge)


def test_the_count_of_queries_does_not_grow(payer, charge, django_assert_max_num_queries):
    for _round in range(6):
        attempt = ask_to_pay(charge, at=timezone.now())
        paid(attempt, f"W{_round}", amount=1000)
        Payment.objects.filter(pk=attempt.pk).update(state="failed")
    for place in range(5):
        settlement.take_cash(charge_thing(reason=f"more-{place}"), by="thu quỹ", at=timezone.now())
    with django_assert_max_num_queries(18):  # one of them keeps the session alive, once a minute
        shown(payer, charge)
    from accounts.actors import Actor

    with django_assert_max_num_queries(9):
        assert len(charge_panels(Actor(system="x", channel="web"), OWNER, at=timezone.now())) == 6


def test_a_banks_app_is_opened_by_the_installations_own_links(payer, charge, settings):
    from payments.providers.vietqr.app_links import wrong_with

    attempt = ask_to_pay(charge, at=timezone.now())
    assert 'rel="noreferrer noopener">Mở' not in shown(payer, charge)
    settings.BANK_APP_LINKS = {
        "Ngân hàng A": "https://app.example/pay?to={number}@{bin}&am={amount}&tn={purpose}",
        "Ngân hàng B": "nganhangb://qr/{payload}",
        "Sai": "javascript:alert({amount})",
        "Thiếu": "https://app.example/{name}",
    }
    page = shown(payer, charge)
    assert page.count('rel="noreferrer noopener">Mở') == 2
    assert f"https://app.example/pay?to=0011002233445@970436&amp;am=26000&amp;tn={attempt.reference}" in page
    assert "nganhangb://qr/000201" in page
    assert "javascript:" not in page
    assert [bool(wrong_with(pattern)) for pattern in settings.BANK_APP_LINKS.values()] == [False, False, True, True]
