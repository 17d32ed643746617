"""The paper of a refund: who gets what back, why, and the two people who asked and decided."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from reportlab.platypus import Flowable

from papers import blocks, issue, layout
from papers.issuers import Issuer
from papers.models import Paper
from payments.models import Refund
from payments.receipts import issuer_of
from vietnam.money import format_money, in_words

FORM = "fee-refund"
TITLE = "Phiếu hoàn trả phí, lệ phí"
# Official papers are in Vietnamese, whatever language the page is read in.
_WAYS = {
    Refund.Way.PROVIDER: "Qua bên thu hộ, về nơi đã trả",
    Refund.Way.TRANSFER: "Chuyển khoản",
    Refund.Way.CASH: "Tiền mặt",
}
_REASONS = {
    Refund.Reason.WITHDRAWN: "Rút hồ sơ",
    Refund.Reason.REFUSED: "Hồ sơ bị từ chối",
    Refund.Reason.TWICE: "Nộp hai lần, nộp thừa",
    Refund.Reason.CORRECTED: "Mức thu được sửa",
    Refund.Reason.OTHER: "Lý do khác",
}


def draw_refund(refund: Refund) -> Paper:
    """The paper of a refund that was done, drawn now unless it has been."""
    with transaction.atomic():
        loaded = Refund.objects.select_related("charge", "stray")
        locked = loaded.select_for_update(of=("self",)).get(pk=refund.pk)
        if locked.paper_code:
            return Paper.objects.get(code=locked.paper_code)
        about = locked.charge or locked.stray.charge
        agency = issuer_of(about) if about else Issuer(locked.agency_code, locked.agency_code)
        facts = refund_content(locked)
        at = locked.done_at or timezone.now()
        paper = issue.issue_paper(
            form=FORM,
            title=TITLE,
            number=issue.next_number(agency, FORM, "PHT", at=at),
            agency=agency,
            owner=about.owner if about else f"refund:{locked.uid}",
            facts=facts,
            draw=lambda _marks: _sheet(facts),
            by=locked.done_by or "payments",
            at=at,
        )
        locked.paper_code = paper.code
        locked.save(update_fields=["paper_code"])
        return paper


def refund_content(refund: Refund) -> dict[str, Any]:
    """What is printed, field by field; amounts in đồng."""
    about = refund.charge or (refund.stray.charge if refund.stray else None)
    return {
        "payee": refund.payee,
        "content": about.title if about else refund.stray.purpose,
        "amount": refund.amount,
        "amount_in_words": in_words(refund.amount),
        "reason": _REASONS[Refund.Reason(refund.reason)],
        "ground": refund.ground,
        "way": _WAYS[Refund.Way(refund.way)],
        "target": refund.target,
        "transaction": refund.provider_transaction,
        "asked_by": refund.asked_by,
        "decided_by": refund.decided_by,
        "is_cash": refund.way == Refund.Way.CASH,
    }


def _sheet(facts: dict[str, Any]) -> layout.Sheet:
    size = 12
    lines = [
        ("Người nhận", facts["payee"]),
        ("Nội dung", facts["content"]),
        ("Số tiền", format_money(facts["amount"])),
        ("Số tiền bằng chữ", facts["amount_in_words"]),
        ("Lý do", f"{facts['reason']}. {facts['ground']}".strip()),
        ("Cách hoàn", facts["way"]),
        ("Tài khoản nhận", facts["target"]),
        ("Mã giao dịch", facts["transaction"]),
        ("Người đề nghị", facts["asked_by"]),
        ("Người duyệt", facts["decided_by"]),
    ]
    body: list[Flowable] = [blocks.field(label, value, size=size) for label, value in lines if value]
    if facts["is_cash"]:
        signers = [("Người nhận tiền", facts["payee"]), ("Người chi tiền", "")]
    else:  # nobody hands anything over
        signers = [("Người đề nghị", _name(facts["asked_by"])), ("Người duyệt", _name(facts["decided_by"]))]
    body.append(blocks.signatures(*signers, size=size))
    return layout.Sheet(title=TITLE, body=body, size="A5")


def _name(label: str) -> str:
    """The person's name, before the post."""
    return label.partition(",")[0]
