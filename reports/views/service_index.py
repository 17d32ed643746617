"""The service index: points by criterion, what would raise it most, agencies side by side, entries by hand."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import open_to
from core.fields import DecimalField
from core.refusals import Refused
from reports.indicators import formula_of
from reports.links import list_url
from reports.models import IndexEntry
from reports.periods import Period
from reports.scope import Scope
from reports.service_index import entries, scoring
from reports.service_index.formulas import criteria
from reports.service_index.workbook import index_workbook
from reports.views.asking import ROLES, read_request
from reports.views.navigation import page_asked, pages, period_chips
from reports.workbooks import XLSX
from vietnam.dates import format_date
from vietnam.working_time import VIETNAM

ROWS_SHOWN = 50
ENTRIES_SHOWN = 20


class _PointsField(DecimalField):
    """Points with a comma, as people in Vietnam write them, or with a point."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class EntryForm(forms.Form):
    """Points of one criterion that cannot be computed."""

    criterion = forms.ChoiceField(label=_lazy("Tiêu chí"))
    points = _PointsField(label=_lazy("Điểm"), min_value=0, max_value=100, max_digits=5, decimal_places=2)
    ground = forms.CharField(
        label=_lazy("Căn cứ"), help_text=_lazy("Văn bản hoặc bảng chấm điểm, với số và ngày."), max_length=300
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        by_hand = [one for one in criteria() if one.share is None]
        self.fields["criterion"].choices = [
            (one.key, _("%(name)s (tối đa %(points)s điểm)") % {"name": one.name, "points": f"{one.points:g}"})
            for one in by_hand
        ]


@open_to(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def service_index(request: HttpRequest) -> HttpResponse:
    """The index of a period; sent, records points by hand."""
    scope, period, days_form, asked = read_request(request)
    query = {**period.query, **scope.query}
    entry_form = EntryForm()
    if request.method == "POST":
        entry_form = EntryForm(request.POST)
        if _entered(request, entry_form, scope, period):
            return redirect(f"{reverse('reports-service-index')}?{urlencode(query)}")
    found = entries.entries_of(period)
    agency = scope.agency.pk if scope.agency else None
    rows = scoring.indices_by_agency(scope.population, asked, found) if agency is None else []
    rows.sort(key=lambda row: -(row[2].known - row[2].points))
    page = page_asked(request.GET.get("page", ""), len(rows), ROWS_SHOWN)
    index = scoring.service_index(scope.population, asked, found, agency)
    context = {
        "scope": scope,
        "period": period,
        "form": days_form,
        "periods": period_chips(period, scope.query),
        "index": index,
        "raising": [
            {"one": one, "url": _list_url(one, scope, period), "gain": one.per_dossier} for one in index.raising
        ],
        "definitions": [
            (one.criterion, formula_of(one.criterion.share)) for one in index.scored if one.criterion.share
        ],
        "rows": [
            {"name": name, "index": its, "url": f"?{urlencode({**period.query, 'agency': key})}"}
            for key, name, its in rows[page * ROWS_SHOWN : (page + 1) * ROWS_SHOWN]
        ],
        "previous_url": f"?{urlencode({**query, 'page': page})}" if page else "",
        "next_url": f"?{urlencode({**query, 'page': page + 2})}" if (page + 1) * ROWS_SHOWN < len(rows) else "",
        "may_enter": entries.may_enter(request.actor),
        "entry_form": entry_form,
        "history": _history(period, agency),
        "export_url": f"{reverse('reports-service-index-xlsx')}?{urlencode(query)}",
        "whole_url": f"?{urlencode(period.query)}" if scope.chosen else "",
        "subnav": pages(request),
    }
    wrong = entry_form.errors or (days_form.is_bound and days_form.errors)
    return render(request, "reports/service_index.html", context, status=422 if wrong else 200)


@open_to(*ROLES)
@require_safe
def service_index_xlsx(request: HttpRequest) -> HttpResponse:
    scope, period, _form, asked = read_request(request)
    found = entries.entries_of(period)
    agency = scope.agency.pk if scope.agency else None
    content = index_workbook(
        scoring.service_index(scope.population, asked, found, agency),
        scoring.indices_by_agency(scope.population, asked, found) if agency is None else [],
        title=f"{_('Chỉ số phục vụ')}: {scope.agency.local_name if scope.agency else _('Toàn tỉnh')}",
        notes=[
            f"{period.label}: {format_date(period.first)} – {format_date(period.last)}",
            _("Công thức theo Quyết định số 766/QĐ-TTg chưa được xác nhận với văn bản gốc."),
        ],
    )
    answer = HttpResponse(content, content_type=XLSX)
    name = f"service-index-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _entered(request: HttpRequest, form: EntryForm, scope: Scope, period: Period) -> bool:
    """Whether what was sent was recorded; the form says why not."""
    now = timezone.now()
    if not entries.may_enter(request.actor):
        form.is_valid()
        form.add_error(None, _("Chỉ người giám sát nhập được điểm không tính tự động."))
    if not form.is_valid():
        return False
    [criterion] = [one for one in criteria() if one.key == form.cleaned_data["criterion"]]
    try:
        entries.enter_points(
            request.actor,
            criterion,
            scope.agency,
            period,
            points=form.cleaned_data["points"],
            ground=form.cleaned_data["ground"],
            at=now,
            today=now.astimezone(VIETNAM).date(),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, _("Đã ghi điểm của tiêu chí “%s”.") % criterion.name)
    return True


def _history(period: Period, agency: int | None) -> list[dict[str, Any]]:
    """What was entered last, former entries too."""
    if not period.lasting:
        return []
    names = {one.key: one.name for one in criteria()}
    rows = IndexEntry.objects.filter(period=period.lasting, agency=agency)[:ENTRIES_SHOWN]
    return [{"entry": row, "name": names.get(row.criterion, row.criterion)} for row in rows]


def _list_url(one: scoring.Scored, scope: Scope, period: Period) -> str:
    return list_url(one.criterion.look_at, period, scope.query) if one.criterion.look_at else ""
