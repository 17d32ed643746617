"""Receipts as data signed by the agency's certificate, and what their page says with and without one."""

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from pypdfium2 import PdfDocument

from journal.models import OutboxMessage
from payments import handlers, receipt_signatures, refunds, settlement
from payments.electronic_receipts import NAMESPACE, receipt_document
from payments.models import Receipt, ReceiptSignature
from payments.providers.base import Report, Status
from payments.receipts import draw_receipt, receipt_content
from payments.refunds import Wanted
from payments.verification import verify_report
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.people import AccountFactory, staff_actor
from tests.factories.signing import pki_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def pki(tmp_path, settings):
    with pki_running(tmp_path, settings) as running:
        yield running


@pytest.fixture
def receipt(charge) -> Receipt:
    return settlement.take_cash(charge, by="thu quỹ", at=timezone.now())


@pytest.fixture
def payer(db) -> Client:
    client = Client()
    client.force_login(AccountFactory(username="027190000019"), backend="accounts.backends.AccountBackend")
    return client


def page(client: Client, receipt: Receipt) -> str:
    charge = (receipt.adjusts or receipt).payment.charge
    response = client.get(reverse("payment-receipts", args=[charge.uid]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def value(document: etree._Element, name: str) -> str | None:
    return document.findtext("/".join(f"{{{NAMESPACE}}}{part}" for part in name.split("/")))


def test_a_worker_signs_and_the_page_says_so(pki, receipt, payer):
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    handlers.draw_receipt({"receipt": receipt.pk})
    signature = ReceiptSignature.objects.get(receipt=receipt)
    handlers.draw_receipt({"receipt": receipt.pk})
    assert ReceiptSignature.objects.get(receipt=receipt).signed_at == signature.signed_at
    assert receipt_signatures.validate_signature(signature).is_good
    shown = page(payer, receipt)
    assert "Đã ký số" in shown
    assert "Trung tâm Kinh Bắc" in shown
    assert "Chữ ký hợp lệ" in shown
    charge = receipt.payment.charge
    assert "Biên lai điện tử đã ký số" in payer.get(reverse("payment", args=[charge.uid])).content.decode()
    file = payer.get(reverse("payment-receipt-xml", args=[charge.uid, receipt.pk]))
    assert (file["Content-Type"], file.content) == ("application/xml", bytes(signature.content))
    document = etree.fromstring(file.content)
    assert (value(document, "Content/Number"), value(document, "Content/Amount")) == (receipt.number, "26000")
    assert value(document, "Content/AmountInWords") == "Hai mươi sáu nghìn đồng"


def test_who_paid_online_is_not_asked_to_sign_by_hand(pki, charge):
    """Nobody stands at a counter; where the agency cannot sign the data either, the paper still has the places."""
    payment = ask_to_pay(charge, at=timezone.now())
    report = Report(payment.reference, Status.PAID, payment.amount, "FT1")
    verify_report(report, provider="bank", kind="callback", at=timezone.now())
    receipt = Receipt.objects.get()
    assert not receipt_content(receipt)["is_signed_as_data"]
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    assert receipt_content(receipt)["is_signed_as_data"]
    document = PdfDocument(default_storage.open(draw_receipt(receipt).file).read())
    printed = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Ký, ghi rõ họ tên" not in printed
    assert "Người thu tiền: Trung tâm" in printed
    assert "ký số trên dữ liệu" in printed


def test_without_a_certificate_it_is_said_and_the_data_are_there(receipt, payer, settings):
    settings.SIGNING_PASSPHRASE = settings.SIGNING_PKCS11_MODULE = ""
    handlers.draw_receipt({"receipt": receipt.pk})
    assert not ReceiptSignature.objects.exists()
    assert "Biên lai này không có chữ ký số: cơ quan thu chưa cài chứng thư số" in page(payer, receipt)
    charge = receipt.payment.charge
    assert "Biên lai điện tử đã ký số" not in payer.get(reverse("payment", args=[charge.uid])).content.decode()
    file = payer.get(reverse("payment-receipt-xml", args=[charge.uid, receipt.pk]))
    assert "chua-ky.xml" in file["Content-Disposition"]
    assert value(etree.fromstring(file.content), "Content/Number") == receipt.number


def test_an_adjustment_is_signed_too(pki, receipt, payer, cast):
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    charge, at = receipt.payment.charge, timezone.now()
    one, two = (staff_actor(name, cast.counter.post.agency, "counter") for name in ("xin.hoan", "duyet.hoan"))
    refund = refunds.ask_refund(charge, Wanted(26_000, "withdrawn", "Rút hồ sơ", "transfer", "VCB 1"), by=one, at=at)
    refunds.decide_refund(refund, True, by=two, at=at)
    refunds.pay_out(refund, "FT9", by=one, at=at)
    adjusting = Receipt.objects.get(kind="adjustment")
    for each in (receipt, adjusting):
        handlers.draw_receipt({"receipt": each.pk})
    signature = ReceiptSignature.objects.get(receipt=adjusting)
    assert receipt_signatures.validate_signature(signature).is_good
    document = etree.fromstring(bytes(signature.content))
    assert value(document, "Content/Amount") == "-26000"
    assert value(document, "Content/Adjusts/Number") == receipt.number
    shown = page(payer, receipt)  # the payer sees both, which no page showed before
    assert shown.count("Chữ ký hợp lệ") == 2
    assert "Rút hồ sơ" in shown


def test_a_key_that_does_not_open_is_tried_again_and_nothing_is_lost(pki, receipt, settings, payer):
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    settings.SIGNING_PASSPHRASE = "another"
    handlers.draw_receipt({"receipt": receipt.pk})
    again = OutboxMessage.objects.get(topic="payments.receipt_signature")
    assert again.payload == {"receipt": receipt.pk, "tries": 1}
    assert "hệ thống đang ký" in page(payer, receipt)
    handlers.sign_receipt({"receipt": receipt.pk, "tries": 8})  # the last try
    assert OutboxMessage.objects.filter(topic="payments.receipt_signature").count() == 1
    settings.SIGNING_PASSPHRASE = "of-this-test"
    handlers.sign_receipt(again.payload)
    assert "Chữ ký hợp lệ" in page(payer, receipt)


def test_receipts_from_before_the_certificate_are_signed_by_a_command(pki, receipt):
    other = settlement.take_cash(charge_thing("thing:2", agency_code="H05.027.001"), by="thu quỹ", at=timezone.now())
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    said = StringIO()
    call_command("sign_receipts", stdout=said)
    assert "1 signed" in said.getvalue()
    assert f"no key for: {other.agency_code}" in said.getvalue()
    assert ReceiptSignature.objects.get().receipt == receipt


def test_a_receipt_of_another_charge_is_not_there(receipt, payer):
    other = charge_thing("thing:2")
    for name in ("payment-receipt-xml", "payment-receipt-pdf"):
        assert payer.get(reverse(name, args=[other.uid, receipt.pk])).status_code == 404
        assert Client().get(reverse(name, args=[receipt.payment.charge.uid, receipt.pk])).status_code in (302, 403, 404)
    assert "chưa có biên lai" in payer.get(reverse("payment-receipts", args=[other.uid]), follow=True).content.decode()


def test_what_is_signed_never_changes(pki, receipt):
    pki.key(f"agency-{receipt.agency_code}", "Trung tâm Kinh Bắc")
    signature = receipt_signatures.sign_receipt(receipt, at=timezone.now())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ReceiptSignature.objects.filter(pk=signature.pk).update(signer="Kẻ khác")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_receiptsignature")


def test_a_name_with_characters_that_xml_cannot_hold(charge):
    receipt = settlement.take_cash(
        charge_thing("thing:3", payer_name="Nguyễn\x0b Thị\x1f Ánh"), by="thu quỹ", at=timezone.now()
    )
    assert value(receipt_document(receipt), "Content/Payer/Name") == "Nguyễn Thị Ánh"
