"""Reconciliation: bring in a statement, explain what matched nothing, close the day."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.permissions import open_to
from core import pagination
from core.refusals import Refused
from payments import reversals
from payments.access import CASHIERS, FIGURE_READERS, READERS, agency_codes, of_agency
from payments.forms import ExplainForm, MappingForm, StatementForm
from payments.ledger.posting import Account, balance
from payments.models import BankStatement, CollectionAccount, Payment, StatementLine, StrayMoney
from payments.statements import closing, explaining, importing
from payments.statements.bookings import UnreadableStatement
from payments.views.cashier import tabs
from payments.views.held import held_accounts
from vietnam.dates import format_date, format_moment
from vietnam.money import format_money


def accounts_of(actor: Actor) -> QuerySet[CollectionAccount]:
    """Bank accounts whose statements the actor reconciles; the province's is reconciled by whoever has no own."""
    return of_agency(actor, CollectionAccount.objects.filter(provider="bank")).order_by("key")


def _account(request: HttpRequest, key: str) -> CollectionAccount:
    return get_object_or_404(accounts_of(request.actor), key=key)


@open_to(*FIGURE_READERS)
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Accounts with what waits in them, and the statements that came."""
    found = accounts_of(request.actor).annotate(waiting=Count("lines", filter=Q(lines__state="open")))
    rows = [
        {
            "account": account,
            "waiting": account.waiting,
            "bank": balance(Account.BANK, account.key),
            "clearing": balance(Account.CLEARING, account.key),
            "next": closing.next_day(account),
        }
        for account in found[:50]
    ]
    providers = [(account, balance(Account.CLEARING, account.key)) for account in held_accounts(request.actor)[:50]]
    files = BankStatement.objects.filter(account__in=accounts_of(request.actor)).defer("content")
    page = pagination.page_of(files.select_related("account"), request, by=("-id",))
    context = {"subnav": tabs(request), "rows": rows, "page": page, "providers": providers}
    context["may_import"], context["may_read"] = request.actor.role in CASHIERS, request.actor.role in READERS
    return render(request, "payments/money/statements.html", context)


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    form = StatementForm(request.POST or None, request.FILES or None, accounts=accounts_of(request.actor))
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], timezone.now()
        try:
            if file.size > importing.LARGEST_FILE:
                raise UnreadableStatement(_("Tệp lớn hơn 40 MB. Hãy chia thành nhiều tệp."))
            made = importing.import_statement(
                form.cleaned_data["account"],
                form.cleaned_data["format"],
                file.read(),
                name=file.name,
                mapping=form.cleaned_data["mapping"],
                by=request.actor.label,
                at=now,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            if made.imported_at != now:
                when = format_moment(timezone.localtime(made.imported_at))
                messages.info(request, _("Tệp này đã được nhập lúc %s. Không có gì thay đổi.") % when)
                return redirect("money-lines", key=made.account.key)
            told = {"lines": made.lines_read, "new": made.lines_new, "pending": made.pending}
            messages.success(
                request, _("Đã đọc %(lines)s dòng, %(new)s dòng mới; bỏ qua %(pending)s dòng chưa ghi sổ.") % told
            )
            return redirect("money-lines", key=made.account.key)
    context = {"subnav": tabs(request), "form": form}
    return render(request, "payments/money/import.html", context, status=422 if form.errors else 200)


@open_to(*READERS)
@require_safe
def lines(request: HttpRequest, key: str) -> HttpResponse:
    """The lines of an account, those that wait first of all, and how its next day stands."""
    account = _account(request, key)
    every = request.GET.get("all") == "1"
    rows = account.lines.prefetch_related("matches__payment__charge", "matches__stray")
    page = pagination.page_of(rows if every else rows.filter(state="open"), request, by=("-id",))
    day = closing.next_day(account)
    context = {
        "subnav": tabs(request),
        "account": account,
        "page": page,
        "all": every,
        "day": closing.day_balance(account, day) if day else None,
        "closings": account.closings.all()[:10],
        "may_close": request.actor.role in CASHIERS,
    }
    return render(request, "payments/money/lines.html", context)


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line that matched nothing: what is it?"""
    rows = StatementLine.objects.select_related("account").filter(account__in=accounts_of(request.actor))
    found = get_object_or_404(rows, pk=pk)
    taken_back, likely = _taken_back(found)
    form = ExplainForm(
        request.POST or None,
        places=_places(request.actor),
        taken_back=[(key, label) for key, (label, _subject) in taken_back.items()],
        initial={"payment": likely, "reason": StatementLine.Reason.REVERSAL if likely else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            explaining.explain_line(
                found,
                form.cleaned_data["reason"],
                form.cleaned_data["explanation"],
                place=form.cleaned_data["place"],
                cost=form.cleaned_data["cost"] or 0,
                takes_back=taken_back.get(form.cleaned_data.get("payment", ""), ("", None))[1],
                by=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Đã ghi lý do của dòng sao kê."))
            return redirect("money-lines", key=found.account.key)
    context = {"subnav": tabs(request), "line": found, "form": form}
    return render(request, "payments/money/line.html", context, status=422 if form.errors else 200)


def _taken_back(line: StatementLine) -> tuple[dict[str, tuple[str, Payment | StrayMoney]], str]:
    """What a line that takes money may undo, by its key in the form, and the key of what its text names."""
    if line.amount > 0:
        return {}, ""
    found: dict[str, tuple[str, Payment | StrayMoney]] = {}
    likely = ""
    for payment in reversals.payments_taken_back(line):
        key = f"payment-{payment.pk}"
        likely = likely or (key if payment.named else "")  # named: annotated
        found[key] = (f"{payment.reference} · {format_money(payment.amount)} · {payment.charge.title}"[:120], payment)
    for stray in reversals.strays_taken_back(line):
        label = f"{stray.get_kind_display()} · {format_money(stray.amount)} · {stray.transaction}"
        found[f"stray-{stray.pk}"] = (label[:120], stray)
    return found, likely


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Whose money a line can bring: providers and terminals of the agency, and its safe."""
    accounts = of_agency(actor, CollectionAccount.objects.all())
    found = [(account.key, f"{account.provider}: {account.key}") for account in accounts[:50]]
    return found + [(code, _("Tiền mặt đã chốt của %s") % code) for code in agency_codes(actor) or []]


@open_to(*CASHIERS)
@require_POST
def close_day(request: HttpRequest, key: str) -> HttpResponse:
    account = _account(request, key)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise Http404 from None
    try:
        closing.close_day(account, day, request.POST.get("note", ""), by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã chốt ngày %s.") % format_date(day))
    return redirect("money-lines", key=key)


@open_to(*CASHIERS)
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest) -> HttpResponse:
    """How a bank's CSV says what."""
    form = MappingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu mẫu đọc tệp."))
        return redirect("money-import")
    context: dict[str, Any] = {"subnav": tabs(request), "form": form}
    return render(request, "payments/money/mapping.html", context, status=422 if form.errors else 200)
