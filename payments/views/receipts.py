"""The receipts of one charge, for whoever may see it: the paper, the data, and the agency's signature on them."""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import SIGNED_IN, open_to
from papers.signing.verdicts import SignatureVerdict, sentence_of
from payments import permissions, receipt_signatures, receipts
from payments.models import Charge, Receipt, ReceiptSignature
from payments.views.payer import charge_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """One receipt as its page shows it; `verdict` is None while it is unsigned, `sentence` says what holds of it."""

    receipt: Receipt
    amount: int
    signature: ReceiptSignature | None
    verdict: SignatureVerdict | None
    sentence: str


@require_GET
@never_cache
@open_to(SIGNED_IN)
def receipt_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt of the charge and those that adjust it, oldest first."""
    charge = charge_for(request, uid)
    rows = [_row(receipt) for receipt in _receipts_of(charge)]
    if not rows:
        return _none_yet(request, charge)
    context = {
        "frame": "base/staff.html" if request.actor.is_staff else "base/citizen.html",
        "facts": permissions.describe_payable(request.actor, charge.owner),
        "charge": charge,
        "rows": rows,
    }
    return render(request, "payments/receipts.html", context)


@require_GET
@open_to(SIGNED_IN)
def newest(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The paper of the receipt that holds now."""
    charge = charge_for(request, uid)
    found = Receipt.objects.filter(payment__charge=charge).order_by("-id").first()  # an older one was reversed
    return _none_yet(request, charge) if found is None else _paper(request, charge, found)


@require_GET
@open_to(SIGNED_IN)
def receipt_pdf(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """The paper of one receipt."""
    charge = charge_for(request, uid)
    return _paper(request, charge, get_object_or_404(_receipts_of(charge), pk=pk))


@require_GET
@never_cache
@open_to(SIGNED_IN)
def receipt_xml(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """One receipt as data, signed where the agency has a certificate."""
    receipt = get_object_or_404(_receipts_of(charge_for(request, uid)), pk=pk)
    content, signed = receipt_signatures.receipt_file(receipt)
    name = f"bien-lai-{receipt.number.replace('/', '-')}{'' if signed else '-chua-ky'}.xml"
    return HttpResponse(
        content, content_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _receipts_of(charge: Charge) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(Q(payment__charge=charge) | Q(adjusts__payment__charge=charge))
    return rows.select_related("payment__charge", "adjusts__payment__charge", "signature").order_by("id")


def _row(receipt: Receipt) -> Row:
    amount = receipts.receipt_content(receipt)["amount"]
    signature = getattr(receipt, "signature", None)
    if signature is not None:
        verdict = receipt_signatures.validate_signature(signature)
        return Row(receipt, amount, signature, verdict, str(sentence_of(verdict.code)))
    if receipt_signatures.has_certificate(receipt):
        sentence = _("Biên lai chưa được ký số; hệ thống đang ký. Hãy tải lại trang sau ít phút.")
    else:
        sentence = _(
            "Biên lai này không có chữ ký số: cơ quan thu chưa cài chứng thư số trong hệ thống. Số biên lai và mã kiểm "
            "tra trên bản in vẫn có giá trị đối chiếu với hệ thống."
        )
    return Row(receipt, amount, None, None, sentence)


def _paper(request: HttpRequest, charge: Charge, receipt: Receipt) -> HttpResponse:
    """Drawn now when the worker has not come to it."""
    try:
        paper = receipts.draw_receipt(receipt)
    except Exception:
        log.exception("a receipt could not be drawn", extra={"receipt": receipt.pk})
        messages.warning(request, _("Biên lai đang được lập. Bạn hãy mở lại sau ít phút."))
        return redirect("payment", uid=charge.uid)
    return redirect("paper", code=paper.code)


def _none_yet(request: HttpRequest, charge: Charge) -> HttpResponse:
    messages.info(request, _("Khoản này chưa được nộp nên chưa có biên lai."))
    return redirect("payment", uid=charge.uid)
