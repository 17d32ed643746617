"""The collection report, and papers and data of single sums."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import open_to
from agencies.models import Agency
from core.fields import DateField
from payments import collection, papers, refund_papers
from payments.access import CASHIERS, DECIDERS, FIGURE_READERS, agency_codes, found_of_agency, of_agency
from payments.models import CashClosing, Refund
from payments.views.cashier import tabs
from vietnam.dates import format_date
from vietnam.numbers import format_number

_LONGEST_DAYS = 366
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DaysForm(forms.Form):
    first = DateField(label=gettext_lazy("Từ ngày"))
    last = DateField(label=gettext_lazy("Đến ngày"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not first <= last <= first + timedelta(days=_LONGEST_DAYS):
            self.add_error("last", _("Ngày cuối không trước ngày đầu, và kỳ dài nhiều nhất một năm."))
        return given


@open_to(*FIGURE_READERS)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """On the page, as a workbook or as a PDF (`?as=xlsx`, `?as=pdf`)."""
    today = timezone.localdate()
    form = DaysForm(request.GET if "first" in request.GET else None)
    first, last = today.replace(day=1), today
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    lines = collection.collected(first, last, agency_codes(request.actor))
    agencies = Agency.objects.filter(code__in={line.agency_code for line in lines})
    names = {agency.code: agency.local_name for agency in agencies}
    title = _("Báo cáo thu phí, lệ phí từ %(first)s đến %(last)s") % {"first": _written(first), "last": _written(last)}
    wanted = request.GET.get("as", "")
    if wanted == "xlsx":
        content = collection.workbook(lines, title=title, names=names)
        return _file(content, _XLSX, f"thu-{first:%Y%m%d}-{last:%Y%m%d}.xlsx")
    if wanted == "pdf":
        rows = [
            [
                names.get(line.agency_code, line.agency_code),
                f"{line.category} {line.category_name}".strip(),
                f"{line.method_name} {line.account}".strip(),
                format_number(line.receipts),
                format_number(line.amount),
            ]
            for line in lines
        ]
        rows.append([_("Tổng cộng"), "", "", format_number(sum(line.receipts for line in lines)), _total(lines)])
        agency = papers.issuer_for(request.actor.post.agency.code)
        content = papers.report_pdf(title, collection.heads(), rows, agency=agency, at=timezone.now())
        return _file(content, "application/pdf", f"thu-{first:%Y%m%d}-{last:%Y%m%d}.pdf")
    context = {
        "subnav": tabs(request),
        "form": form if form.is_bound else DaysForm(initial={"first": first, "last": last}),
        "first": first,
        "last": last,
        "lines": [(names.get(line.agency_code, line.agency_code), line) for line in lines],
        "receipts": sum(line.receipts for line in lines),
        "amount": sum(line.amount for line in lines),
    }
    return render(request, "payments/money/report.html", context, status=422 if form.errors else 200)


def _written(day: date) -> str:
    return format_date(day)


def _total(lines: list[collection.Collected]) -> str:
    return format_number(sum(line.amount for line in lines))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@open_to(*CASHIERS)
@require_safe
def cash_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of a cashier's closing, or the same as a workbook (`?as=xlsx`)."""
    closed = found_of_agency(request.actor, CashClosing.objects.all(), pk=pk)
    if request.GET.get("as") == "xlsx":
        return _file(papers.sheet_workbook(closed), _XLSX, f"bang-ke-{closed.day:%Y%m%d}-{closed.pk}.xlsx")
    return redirect("paper", code=papers.draw_cash_sheet(closed).code)


@open_to(*DECIDERS)
@require_safe
def refund_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    refund = get_object_or_404(of_agency(request.actor, Refund.objects.filter(state=Refund.State.DONE)), uid=uid)
    return redirect("paper", code=refund_papers.draw_refund(refund).code)
