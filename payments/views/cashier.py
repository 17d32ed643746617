"""A cashier's work: what settled nothing, what goes back, and the cash in the drawer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import open_to
from core import pagination
from core.refusals import Refused
from core.typed_keys import typed_key
from payments import permissions, refunds, working_off
from payments.access import CASHIERS, DECIDERS, FIGURE_READERS, READERS, found_of_agency, of_agency
from payments.charges import ChargeClosed
from payments.forms import AskForm, CountForm, RefundForm
from payments.ledger.posting import Account, balance, cashier_place, left_of
from payments.models import CashClosing, Charge, Payment, Refund, StrayMoney
from payments.providers.registry import provider_named
from payments.refunds import Wanted
from payments.statements import closing
from payments.statements.likely import charges_meant
from payments.views.payer import charge_for

UNASKED_SHOWN = 50  # the longest paid first; the others follow as these are answered


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The local navigation of the pages about money."""
    found = [
        ("money", _("Thu tiền")),
        ("money-strays", _("Tiền chờ xử lý")),
        ("money-refunds", _("Hoàn tiền")),
        ("money-statements", _("Đối soát")),
        ("money-report", _("Báo cáo thu")),
    ]
    if request.actor.role not in READERS:
        found = [each for each in found if each[0] not in ("money-strays", "money-refunds")]
    return [{"label": label, "url": reverse(name), "current": request.path == reverse(name)} for name, label in found]


@open_to(*FIGURE_READERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, and what this cashier took today."""
    actor, today = request.actor, timezone.localdate()
    mine = Payment.objects.filter(taken_by_account=actor.account_id, state=Payment.State.CONFIRMED)
    context = {
        "subnav": tabs(request),
        "strays": of_agency(actor, StrayMoney.objects.filter(closed_at=None)).count(),
        "refunds": of_agency(actor, Refund.objects.filter(state__in=("asked", "granted", "sent"))).count(),
        "unasked": of_agency(actor, refunds.unasked()).count(),
        "cash": balance(Account.CASH, cashier_place(actor.account_id)),
        "taken": mine.filter(confirmed_at__date=today).select_related("charge", "receipt").order_by("-id")[:50],
        "closings": CashClosing.objects.filter(cashier=actor.account_id).order_by("-id")[:10],
        "may_close": actor.role in CASHIERS,
        "may_read": actor.role in READERS,
    }
    return render(request, "payments/money/overview.html", context)


@open_to(*READERS)
@require_safe
def stray_list(request: HttpRequest) -> HttpResponse:
    rows = of_agency(request.actor, StrayMoney.objects.select_related("charge"))
    if request.GET.get("all") != "1":
        rows = rows.filter(closed_at=None)
    page = pagination.page_of(rows, request, by=("-id",))
    context = {"subnav": tabs(request), "page": page, "all": request.GET.get("all") == "1"}
    return render(request, "payments/money/strays.html", context)


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def stray(request: HttpRequest, pk: int) -> HttpResponse:
    """One sum: apply it, give it back, or ask the payer."""
    found = found_of_agency(request.actor, StrayMoney.objects.select_related("charge", "payment"), pk=pk)
    form = AskForm(request.POST if request.POST.get("act") == "ask" else None)
    wanted, charges, proposed = request.GET.get("q", "").strip(), [], False
    if found.charge and found.charge.settled_at is None and found.charge.cancelled_at is None:
        charges = [found.charge]
    elif wanted:
        open_ones = Charge.objects.filter(settled_at=None, cancelled_at=None, title__icontains=wanted[:60])
        charges = list(of_agency(request.actor, open_ones)[:10])
    elif found.charge is None:
        charges = charges_meant(found.purpose, found.amount, of_agency(request.actor, Charge.objects.all()))
        proposed = bool(charges)
    try:
        if request.POST.get("act") == "apply":
            charge = _open_charge(request, request.POST.get("charge", ""))
            receipt = working_off.apply_stray(found, charge, by=request.actor, at=timezone.now())
            messages.success(
                request,
                _("Đã ghi vào khoản thu và lập biên lai.")
                if receipt
                else _("Đã trừ vào số còn phải nộp của khoản thu."),
            )
            return redirect("money-strays")
        if request.POST.get("act") == "ask" and form.is_valid():
            working_off.ask_payer(found, form.cleaned_data["note"], by=request.actor, at=timezone.now())
            messages.success(request, _("Đã ghi là đã hỏi người nộp."))
            return redirect("money-stray", pk=pk)
    except (Refused, ChargeClosed) as refusal:
        messages.error(request, str(refusal))
        return redirect("money-stray", pk=pk)
    context = {
        "subnav": tabs(request),
        "stray": found,
        "left": left_of(found),
        "charges": charges,
        "proposed": proposed,
        "words": wanted,
        "form": form,
        "refunds": found.refunds.all(),
    }
    return render(request, "payments/money/stray.html", context, status=422 if form.errors else 200)


def _open_charge(request: HttpRequest, key: str) -> Charge:
    return found_of_agency(request.actor, Charge.objects.all(), pk=typed_key(key))


@open_to(*READERS)
@require_safe
def refund_list(request: HttpRequest) -> HttpResponse:
    rows = of_agency(request.actor, Refund.objects.select_related("charge", "stray"))
    page = pagination.page_of(rows, request, by=("-id",))
    waiting = list(of_agency(request.actor, refunds.unasked()).order_by("settled_at", "id")[: UNASKED_SHOWN + 1])
    context = {
        "subnav": tabs(request),
        "page": page,
        "unasked": waiting[:UNASKED_SHOWN],
        "more": len(waiting) > UNASKED_SHOWN,
        "may_ask": request.actor.role in CASHIERS,
    }
    return render(request, "payments/money/refunds.html", context)


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def ask_refund(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask to give back a settled fee."""
    charge = charge_for(request, uid)
    if not permissions.may_collect(request.actor, charge.owner):
        raise Http404
    return _ask(request, charge, refunds.left_to_refund(charge), reverse("payment", args=[charge.uid]))


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def ask_stray_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to give back money that settled nothing."""
    found = found_of_agency(request.actor, StrayMoney.objects.all(), pk=pk)
    return _ask(request, found, working_off.free_of(found), reverse("money-stray", args=[pk]))


def _ask(request: HttpRequest, subject: Charge | StrayMoney, left: int, back: str) -> HttpResponse:
    reason = Refund.Reason.WITHDRAWN if isinstance(subject, Charge) else Refund.Reason.TWICE
    way, _target = refunds.way_back(subject, left) if isinstance(subject, Charge) else (Refund.Way.TRANSFER, "")
    form = RefundForm(request.POST or None, initial={"amount": left, "reason": reason, "way": way})
    if request.method == "POST" and form.is_valid():
        try:
            refund = refunds.ask_refund(subject, Wanted(**form.cleaned_data), by=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Đã gửi đề nghị hoàn. Một người khác sẽ duyệt."))
            return redirect("money-refund", uid=refund.uid)
    context = {"subnav": tabs(request), "form": form, "subject": subject, "left": left, "back": back}
    return render(request, "payments/money/ask_refund.html", context, status=422 if form.errors else 200)


@open_to(*DECIDERS)
@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One refund: another person decides, then it is paid out."""
    rows = Refund.objects.select_related("charge", "stray", "payment")
    found = found_of_agency(request.actor, rows, uid=uid)
    if request.method == "POST":
        try:
            _act_on_refund(request, found)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("money-refund", uid=uid)
    context = {
        "subnav": tabs(request),
        "refund": found,
        "finished_by": provider.method.label if (provider := provider_named(found.done_by)) else found.done_by,
        "may_decide": found.state == Refund.State.ASKED and found.asked_by_account != request.actor.account_id,
        "may_pay": found.state == Refund.State.GRANTED and found.way != Refund.Way.PROVIDER,
        "may_settle": found.state == Refund.State.SENT,
    }
    return render(request, "payments/money/refund.html", context)


def _act_on_refund(request: HttpRequest, found: Refund) -> None:
    act, at, by = request.POST.get("act"), timezone.now(), request.actor
    reference = request.POST.get("reference", "").strip()[:80]
    if act in ("grant", "decline"):
        refunds.decide_refund(found, act == "grant", why=request.POST.get("why", "").strip(), by=by, at=at)
        messages.success(request, _("Đã duyệt.") if act == "grant" else _("Đã ghi là không duyệt."))
    elif act == "pay":
        refunds.pay_out(found, reference, by=by, at=at)
        messages.success(request, _("Đã ghi nhận việc hoàn. Phiếu hoàn trả được lập."))
    elif act in ("done", "failed"):
        refunds.settle_sent(found, act == "done", reference, by=by, at=at)
        messages.success(request, _("Đã ghi kết quả."))


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def close_cash(request: HttpRequest) -> HttpResponse:
    """Count the drawer and hand it over."""
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            closed = closing.close_cash(
                request.actor, form.cleaned_data["counted"], reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Đã chốt quỹ. Hãy in bảng kê và ký."))
            return redirect("money-cash-sheet", pk=closed.pk)
    context = {
        "subnav": tabs(request),
        "form": form,
        "expected": balance(Account.CASH, cashier_place(request.actor.account_id)),
    }
    return render(request, "payments/money/close_cash.html", context, status=422 if form.errors else 200)
