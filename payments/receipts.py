"""The receipt of a fee: what is printed on it, and its drawing as a paper."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from reportlab.platypus import Flowable

from agencies.models import Agency
from papers import blocks, issue, layout
from papers.issuers import Issuer
from papers.models import Paper
from papers.signing.keys import KeyName, has_key
from payments.models import Charge, Payment, Receipt, ReceiptSeries
from vietnam.money import format_money, in_words

FORM = "fee-receipt"
TITLE = "Biên lai thu phí, lệ phí"
ADJUSTING_TITLE = "Biên lai điều chỉnh"
# Official papers are in Vietnamese, whatever language the page is read in.
_METHODS = {
    Payment.Method.VIETQR: "Chuyển khoản VietQR",
    Payment.Method.VNPAY: "VNPAY",
    Payment.Method.POS: "Thẻ tại quầy",
    Payment.Method.CASH: "Tiền mặt",
}


def draw_receipt(receipt: Receipt) -> Paper:
    """The receipt's paper, drawn now unless it has been; callers at the same time get the same one."""
    with transaction.atomic():
        loaded = Receipt.objects.select_related("payment__charge", "adjusts__payment__charge")
        locked = loaded.select_for_update(of=("self",)).get(pk=receipt.pk)
        if locked.paper_code:
            return Paper.objects.get(code=locked.paper_code)
        payment = payment_of(locked)
        charge = payment.charge
        facts = receipt_content(locked)
        paper = issue.issue_paper(
            form=FORM,
            title=facts["title"],
            number=locked.number,
            agency=issuer_of(charge),
            owner=charge.owner,
            facts=facts,
            draw=lambda _marks: _sheet(facts),
            by=payment.taken_by or "payments",
            at=locked.issued_at,
        )
        locked.paper_code = paper.code
        locked.save(update_fields=["paper_code"])
        return paper


def receipt_content(receipt: Receipt) -> dict[str, Any]:
    """What is printed, field by field; amounts in đồng."""
    payment = payment_of(receipt)
    charge = payment.charge
    amount = payment.amount if receipt.amount is None else receipt.amount
    adjusts, held = receipt.adjusts, series_of(receipt)
    return {
        "title": ADJUSTING_TITLE if adjusts else TITLE,
        "form_symbol": receipt.form_symbol,
        "serial": receipt.serial,
        "adjusts": f"{_symbols(adjusts)} {adjusts.number}".strip() if adjusts else "",
        "ground": receipt.ground,
        "number": receipt.number,
        "agency": held.collector_name if held else charge.agency_name,
        "tax_code": held.collector_tax_code if held else "",
        "payer": charge.payer_name,
        "content": charge.title,
        "lines": [
            {
                "name": line["name"],
                "quantity": line.get("quantity") or 1,
                "unit_amount": line.get("unit_amount"),
                "amount": line["amount"],
            }
            for line in ([] if adjusts else charge.lines)
        ],
        "amount": amount,
        "amount_in_words": in_words(amount) if amount >= 0 else f"Giảm {in_words(-amount).lower()}",
        "method": _METHODS[Payment.Method(payment.method)],
        "reference": payment.reference,
        "transaction": payment.provider_transaction,
        "paid_at": blocks.written_time(timezone.localtime(payment.confirmed_at)),
        "collector": payment.taken_by or charge.agency_name,
        # Nobody stands at a counter to sign by hand: the agency signs the data.
        "is_signed_as_data": not payment.taken_by and has_key(KeyName.of_agency(receipt.agency_code, "")),
    }


def _sheet(facts: dict[str, Any]) -> layout.Sheet:
    size = 12  # A5 is no size of Decree 30/2020
    rows = [
        [
            line["name"],
            line["quantity"],
            "" if line["unit_amount"] is None else format_money(line["unit_amount"]),
            format_money(line["amount"]),
        ]
        for line in facts["lines"]
    ]
    if facts["adjusts"]:
        rows = [[f"Điều chỉnh biên lai số {facts['adjusts']}: {facts['ground']}", 1, "", format_money(facts["amount"])]]
    symbols = " · ".join(filter(None, (facts["form_symbol"], facts["serial"])))
    body: list[Flowable] = [
        *([blocks.field("Ký hiệu", symbols, size=size)] if symbols else []),
        blocks.field("Cơ quan thu", facts["agency"], size=size),
        *([blocks.field("Mã số thuế", facts["tax_code"], size=size)] if facts["tax_code"] else []),
        blocks.field("Người nộp", facts["payer"], size=size),
        blocks.field("Nội dung", facts["content"], size=size),
        blocks.table(
            ["Khoản thu", "SL", "Mức thu", "Thành tiền"],
            [*rows, ["Tổng cộng", "", "", format_money(facts["amount"])]],
            [51, 12, 29, 31],
            aligns=["left", "center", "right", "right"],
            size=size,
        ),
        blocks.field("Số tiền bằng chữ", facts["amount_in_words"], size=size),
        blocks.field("Cách nộp", facts["method"], size=size),
        blocks.field("Mã thanh toán", facts["reference"], size=size),
    ]
    if facts["transaction"]:
        body.append(blocks.field("Mã giao dịch của ngân hàng", facts["transaction"], size=size))
    body.append(blocks.field("Thời điểm nộp", facts["paid_at"], size=size))
    if facts["is_signed_as_data"]:
        body.append(blocks.field("Người thu tiền", facts["collector"], size=size))
        body.append(blocks.paragraph("Bản in của biên lai điện tử: cơ quan thu ký số trên dữ liệu (XML).", size=size))
    else:
        signers = ("Người nộp tiền", facts["payer"]), ("Người thu tiền", facts["collector"])
        body.append(blocks.signatures(*signers, size=size))
    return layout.Sheet(title=facts["title"], body=body, size="A5")


def payment_of(receipt: Receipt) -> Payment:
    """The payment that a receipt, or the receipt which it adjusts, is about."""
    payment = receipt.adjusts.payment if receipt.adjusts else receipt.payment
    assert payment is not None
    return payment


def series_of(receipt: Receipt) -> ReceiptSeries | None:
    """The series in which the receipt was numbered: who collects, with its tax code."""
    return ReceiptSeries.objects.filter(
        agency_code=receipt.agency_code, form_symbol=receipt.form_symbol, serial=receipt.serial
    ).first()


def _symbols(receipt: Receipt) -> str:
    return f"{receipt.form_symbol} {receipt.serial}".strip()


def issuer_of(charge: Charge) -> Issuer:
    """Who issues papers about the charge."""
    agency = (
        Agency.objects.select_related("parent", "territory__parent")
        .filter(code=charge.agency_code)
        .order_by("-valid_from")
        .first()
    )
    return Issuer.of(agency) if agency else Issuer(charge.agency_code, charge.agency_name)
