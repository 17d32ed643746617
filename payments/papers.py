"""Papers about money beside receipts: a cashier's daily sheet and the collection report; and who may read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from reportlab.platypus import Flowable

from accounts.actors import Actor
from agencies.models import Agency
from papers import blocks, issue, layout
from papers.issuers import Issuer
from papers.models import Paper
from papers.permissions import PaperRules
from payments.access import agency_codes
from payments.ledger.posting import cashier_place
from payments.models import CashClosing, LedgerLine, Payment, Refund
from payments.spreadsheets import Row, table_workbook
from payments.statements.closing import taken_since
from vietnam.money import format_money, in_words

SHEET_FORM, SHEET_TITLE = "cash-sheet", "Bảng kê thu tiền mặt trong ngày"
_HEADS = ["STT", "Biên lai", "Người nộp", "Nội dung", "Số tiền"]
_LONGEST = 400  # rows on one sheet; a cashier takes fewer in a day


def draw_cash_sheet(closed: CashClosing) -> Paper:
    """The sheet of a closing, drawn now unless it has been."""
    with transaction.atomic():
        locked = CashClosing.objects.select_for_update().get(pk=closed.pk)
        if locked.paper_code:
            return Paper.objects.get(code=locked.paper_code)
        agency = issuer_for(locked.agency_code)
        facts = sheet_content(locked)
        paper = issue.issue_paper(
            form=SHEET_FORM,
            title=SHEET_TITLE,
            number=issue.next_number(agency, SHEET_FORM, "BKTM", at=locked.closed_at),
            agency=agency,
            owner=f"cash-closing:{locked.pk}",
            facts=facts,
            draw=lambda _marks: _cash_sheet(facts),
            by=locked.cashier_label,
            at=locked.closed_at,
        )
        locked.paper_code = paper.code
        locked.save(update_fields=["paper_code"])
        return paper


def sheet_content(closed: CashClosing) -> dict[str, Any]:
    """What is printed: every receipt since the closing before, what was given back, what was counted, and cards."""
    before = CashClosing.objects.filter(cashier=closed.cashier, pk__lt=closed.pk).order_by("-id").first()
    taken = taken_since(closed.cashier, before.closed_at if before else None).filter(confirmed_at__lte=closed.closed_at)
    receipts: dict[str, list[dict[str, Any]]] = {Payment.Method.CASH: [], Payment.Method.POS: []}
    for payment in taken.select_related("charge", "receipt").order_by("id")[:_LONGEST]:
        is_card = payment.method == Payment.Method.POS
        receipts[payment.method].append(
            {
                "receipt": payment.receipt.number,
                "payer": payment.charge.payer_name,
                "content": payment.charge.title,
                "approval": payment.provider_transaction.rpartition(":")[2] if is_card else "",
                "amount": payment.amount,
            }
        )
    rows = receipts[Payment.Method.CASH] + [
        {"receipt": "", "payer": refund.payee, "content": f"Hoàn trả: {refund.ground}", "amount": -refund.amount}
        for refund in _given_back(closed, since=before.closed_at if before else None)
    ]
    return {
        "cashier": closed.cashier_label,
        "rows": rows,
        "cards": receipts[Payment.Method.POS],
        "expected": closed.expected,
        "counted": closed.counted,
        "counted_in_words": in_words(closed.counted),
        "reason": closed.reason,
        "closed_at": blocks.written_time(timezone.localtime(closed.closed_at)),
    }


def _given_back(closed: CashClosing, *, since: datetime | None) -> list[Refund]:
    """Refunds that the cashier paid out of their own cash since then."""
    lines = LedgerLine.objects.filter(
        account=LedgerLine.Account.CASH,
        place=cashier_place(closed.cashier),
        refund__isnull=False,
        transaction__at__lte=closed.closed_at,
        **({"transaction__at__gt": since} if since else {}),
    )
    return [line.refund for line in lines.select_related("refund").order_by("id")[:_LONGEST] if line.refund]


def sheet_workbook(closed: CashClosing) -> bytes:
    """The sheet of a closing for a spreadsheet."""
    facts = sheet_content(closed)
    rows: list[Row] = [
        (number, row["receipt"], row["payer"], row["content"], row["amount"])
        for number, row in enumerate(facts["rows"], 1)
    ]
    return table_workbook(
        "Bảng kê",
        f"{SHEET_TITLE} · {facts['cashier']} · {facts['closed_at']}",
        _HEADS,
        rows,
        ("", "", "", "Số tiền theo sổ", facts["expected"]),
        ("", "", "", f"Số tiền đếm được {facts['reason']}".strip(), facts["counted"]),
        *(
            ("", card["receipt"], card["payer"], f"Thẻ tại quầy, mã chuẩn chi {card['approval']}", card["amount"])
            for card in facts["cards"]
        ),
    )


def _cash_sheet(facts: dict[str, Any]) -> layout.Sheet:
    size = 12
    rows = [
        [number, row["receipt"], row["payer"], row["content"], format_money(row["amount"])]
        for number, row in enumerate(facts["rows"], 1)
    ]
    nothing = ["", "", "Không thu khoản nào", "", ""]
    total = ["", "", "", "Cộng theo sổ", format_money(facts["expected"])]
    body: list[Flowable] = [
        blocks.field("Người thu", facts["cashier"], size=size),
        blocks.field("Chốt lúc", facts["closed_at"], size=size),
        _sheet_table(_HEADS, [*(rows or [nothing]), total]),
        blocks.field("Số tiền đếm được", format_money(facts["counted"]), size=size),
        blocks.field("Bằng chữ", facts["counted_in_words"], size=size),
    ]
    if facts["reason"]:
        body.append(blocks.field("Lý do chênh lệch", facts["reason"], size=size))
    if cards := facts["cards"]:
        amount = format_money(sum(card["amount"] for card in cards))
        body.append(blocks.field("Thẻ tại quầy, không có trong quỹ tiền mặt", amount, size=size))
        shown = [
            [number, card["receipt"], card["payer"], card["approval"], format_money(card["amount"])]
            for number, card in enumerate(cards, 1)
        ]
        body.append(_sheet_table([*_HEADS[:3], "Mã chuẩn chi", _HEADS[4]], shown))
    person = facts["cashier"].partition(",")[0]
    body.append(blocks.signatures(("Người thu tiền", person), ("Người nhận tiền", ""), size=size))
    return layout.Sheet(title=SHEET_TITLE, body=body)


def _sheet_table(heads: list[str], rows: list[list[Any]]) -> Flowable:
    return blocks.table(heads, rows, [12, 26, 38, 57, 27], aligns=["center", "left", "left", "left", "right"], size=11)


def report_pdf(title: str, heads: list[str], rows: Iterable[list[str]], *, agency: Issuer, at: datetime) -> bytes:
    """The collection report as a PDF with the agency's head; it is made for reading and has no number."""
    table = blocks.table(heads, rows, [38, 46, 38, 14, 24], aligns=["left", "left", "left", "right", "right"], size=10)
    sheet = layout.Sheet(title=title, body=[table])
    return layout.render_pdf(sheet, head=layout.Head(agency, "", timezone.localtime(at)), code="", check_url="")


def issuer_for(agency_code: str) -> Issuer:
    rows = Agency.objects.select_related("parent", "territory__parent").filter(code=agency_code)
    found = rows.order_by("-valid_from").first()
    return Issuer.of(found) if found else Issuer(agency_code, agency_code)


def _of_own_agency(actor: Actor, agency_code: str) -> bool:
    codes = agency_codes(actor) if actor.is_staff else []
    return codes is None or agency_code in codes


def _may_read_sheet(actor: Actor, owner: str, _paper: Any) -> bool:
    found = CashClosing.objects.filter(pk=owner.partition(":")[2]).first()
    return found is not None and _of_own_agency(actor, found.agency_code)


def _may_read_refund(actor: Actor, owner: str, _paper: Any) -> bool:
    found = Refund.objects.filter(uid=owner.partition(":")[2]).first()
    return found is not None and _of_own_agency(actor, found.agency_code)


SHEET_RULES, REFUND_RULES = PaperRules(_may_read_sheet), PaperRules(_may_read_refund)
