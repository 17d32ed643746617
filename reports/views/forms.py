"""The official forms: a list behind each cell, taken away, closed, compared with what was sent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Agency
from core.refusals import Refused
from papers.models import Paper
from reports.cuts import CUTS, names_of
from reports.forms import drawing, making, templates
from reports.forms.definitions import FORMS, OfficialForm
from reports.forms.editing import SignerForm
from reports.forms.periods import choices, last_ended, reporting_period
from reports.forms.printed import PrintedColumn, PrintedForm, official_as_kept, printed_as_kept
from reports.forms.signing import Signer, usual_signer
from reports.indicators import MEASURES
from reports.links import list_url
from reports.models import KeptForm
from reports.periods import Period
from reports.views.asking import ROLES
from reports.views.navigation import pages
from reports.workbooks import XLSX
from vietnam.numbers import format_number
from vietnam.working_time import VIETNAM

Role = StaffPost.Role
VERSIONS_SHOWN = 50
FORMS_SHOWN = 300


class Choice:
    """The form, the agency and the period that an address names. Raises Http404 or PermissionDenied."""

    def __init__(self, request: HttpRequest, key: str) -> None:
        self.at: datetime = timezone.now()
        self.form: OfficialForm = _known(key)
        self.agency = _agency(request, self.form)
        if not making.may_see(request.actor, self.form, self.agency):
            raise PermissionDenied
        self.key = request.GET.get("period") or last_ended(self.at.astimezone(VIETNAM).date())
        period = reporting_period(self.key)
        if period is None:
            raise Http404
        self.period: Period = period
        self.kept: KeptForm | None = None
        asked = request.GET.get("version", "")
        if asked:
            if not (asked.isdecimal() and len(asked) < 5):
                raise Http404
            self.kept = self.versions().filter(version=int(asked)).first()
            if self.kept is None:
                raise Http404
        in_force = templates.printed_in_force(self.form)
        self.printed: PrintedForm = printed_as_kept(self.form, self.kept) if self.kept else in_force
        self.now = making.compute(self.printed, self.agency, self.key, at=self.at)
        whose = self.agency or drawing.whole_province()
        self.signer = (
            Signer(self.kept.signer_title, self.kept.signer)
            if self.kept
            else usual_signer(in_force.wording, whose, request.actor)
        )

    @property
    def content(self) -> dict[str, Any]:
        return self.kept.content if self.kept else self.now

    @property
    def days(self) -> tuple[date, date]:
        return self.period.first, self.period.last

    @property
    def query(self) -> dict[str, str]:
        return {"period": self.key, **({"agency": str(self.agency.pk)} if self.agency else {})}

    def versions(self) -> Any:
        versions = KeptForm.objects.filter(form=self.form.key, agency=self.agency, period=self.key)
        return versions.select_related("agency").defer("content")


@open_to(*ROLES)
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Which forms there are for the reader, and what was kept of them last."""
    actor = request.actor
    supervisor = actor.role == Role.SUPERVISOR
    own = None if supervisor else actor.post.agency
    kept = KeptForm.objects.select_related("agency").defer("content")
    kept = (
        kept if supervisor else kept.filter(agency=own, form__in=[f.key for f in FORMS.values() if f.whose == "agency"])
    )
    in_force = templates.all_in_force()
    ended = last_ended(timezone.localdate())
    rows = [
        {
            "form": form,
            "printed": in_force[form.key],
            "url": reverse("reports-form", args=[form.key]) if form.whose == "province" or not supervisor else "",
            "choose": supervisor and form.whose != "province",
            "period": _period_label(ended),
            "sheets": [
                {"label": label, "url": f"{reverse(name, args=[form.key])}?{urlencode({'period': ended})}"}
                for label, name in (("xlsx", "reports-form-xlsx"), ("PDF", "reports-form-pdf"))
            ],
        }
        for form in FORMS.values()
        if supervisor or form.whose == "agency"
    ]
    context = {
        "rows": rows,
        "agencies": making.agencies_reporting() if supervisor else [],
        "centres": making.centres_reporting() if supervisor else [],
        "kept": _by_form_and_year(kept[:FORMS_SHOWN]),
        "kept_more": kept.count() > FORMS_SHOWN,
        "subnav": pages(request),
    }
    return render(request, "reports/forms.html", context)


def _by_form_and_year(kept: Iterable[KeptForm]) -> list[dict[str, Any]]:
    """In the order of the forms, the newest year first."""
    found: dict[tuple[str, str], list[KeptForm]] = defaultdict(list)
    for one in kept:
        found[one.form, one.period[:4]].append(one)
    order = list(FORMS)
    return [
        {
            "official": official_as_kept(FORMS[key], rows[0]),
            "year": year,
            "versions": [_kept_row(one) for one in rows],
        }
        for (key, year), rows in sorted(found.items(), key=lambda one: (order.index(one[0][0]), -int(one[0][1])))
    ]


@open_to(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponse:
    """The figures of a period; sent, closes them."""
    chosen = Choice(request, key)
    here = f"{reverse('reports-form', args=[key])}?{urlencode(chosen.query)}"
    signer_form = SignerForm(
        request.POST if request.method == "POST" else None,
        initial={"signer_title": chosen.signer.title, "signer": chosen.signer.name},
    )
    if request.method == "POST" and signer_form.is_valid():
        try:
            kept = making.keep_by(
                request.actor, chosen.form, chosen.agency, chosen.key, at=chosen.at, signer=signer_form.chosen
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(here)
        messages.success(request, _("Đã chốt số liệu, bản %(version)s.") % {"version": kept.version})
        return redirect(f"{here}&version={kept.version}")
    changes = making.differences(chosen.printed, chosen.kept, chosen.now) if chosen.kept else []
    paper = Paper.objects.filter(owner=chosen.kept.owner).first() if chosen.kept else None
    query = {**chosen.query, **({"version": str(chosen.kept.version)} if chosen.kept else {})}
    names = _names(chosen)
    context = {
        "form_shown": chosen.form,
        "printed": chosen.printed,
        "signer": chosen.signer,
        "signer_form": signer_form,
        "agency": chosen.agency,
        "period": chosen.period,
        "period_key": chosen.key,
        "kept": chosen.kept,
        "paper": paper,
        "changes": changes,
        "rows": [_row(chosen, row, names) for row in chosen.content["rows"]],
        "rows_head": chosen.printed.wording.rows_head if get_language() == "vi" else CUTS[chosen.form.cut].label,
        "total_row": _total(chosen),
        "checks": [{"text": text, "holds": holds} for text, holds in chosen.printed.checks(chosen.content).items()],
        "periods": [
            {
                "label": _period_label(one),
                "url": f"?{urlencode({**chosen.query, 'period': one})}",
                "current": one == chosen.key,
            }
            for one in choices(chosen.at.astimezone(VIETNAM).date())
        ],
        "versions": [
            _kept_row(one) for one in chosen.versions().select_related("agency").defer("content")[:VERSIONS_SHOWN]
        ],
        # What is kept and still so needs no further version; another signer is written at the figures as they are now.
        "may_keep": (chosen.kept is None or bool(changes))
        and chosen.at >= chosen.period.until
        and making.may_keep(request.actor, chosen.form, chosen.agency),
        "now_url": here,
        "xlsx_url": f"{reverse('reports-form-xlsx', args=[key])}?{urlencode(query)}",
        "pdf_url": f"{reverse('reports-form-pdf', args=[key])}?{urlencode(query)}",
        "subnav": pages(request),
    }
    return render(request, "reports/form.html", context, status=422 if signer_form.errors else 200)


@open_to(*ROLES)
@require_safe
def form_xlsx(request: HttpRequest, key: str) -> HttpResponse:
    chosen = Choice(request, key)
    content = drawing.form_workbook(
        chosen.printed,
        chosen.content,
        agency=chosen.agency.name if chosen.agency else "",
        days=chosen.days,
        by=chosen.kept.made_by if chosen.kept else request.actor.label,
        signer=chosen.signer,
    )
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{key}-{chosen.key}.xlsx"'
    return answer


@open_to(*ROLES)
@require_safe
def form_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The paper of a kept version, or the draft of things as they stand."""
    chosen = Choice(request, key)
    if chosen.kept is not None:
        paper = Paper.objects.filter(owner=chosen.kept.owner).first()
        if paper is None:
            raise Http404
        return redirect("paper", paper.code)
    pdf = drawing.draft_pdf(
        chosen.printed,
        chosen.content,
        chosen.agency or drawing.whole_province(),
        chosen.days,
        by=request.actor.label,
        signer=chosen.signer,
        at=chosen.at,
    )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{key}-{chosen.key}.pdf"'
    return answer


def _known(key: str) -> OfficialForm:
    if key not in FORMS:
        raise Http404
    return FORMS[key]


def _agency(request: HttpRequest, shown: OfficialForm) -> Agency | None:
    """Whose form it is: heads have their own agency's; a supervisor names one where the form is about one."""
    asked = request.GET.get("agency", "")
    if shown.whose == "province":
        return None
    if not asked and request.actor.role != Role.SUPERVISOR:
        return request.actor.post.agency
    if not (asked.isdecimal() and len(asked) < 19):
        if shown.key == "07" and not asked:
            return None
        raise Http404
    agency = Agency.objects.filter(pk=int(asked)).first()
    if agency is None:
        raise Http404
    return agency


def _row(chosen: Choice, row: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    narrowed = {"by": chosen.form.cut, "of": "" if row["key"] is None else str(row["key"])}
    if row["level"]:
        narrowed["level"] = row["level"]
    return {
        "name": names.get(row["key"], row["name"]),
        "level": row["level"],
        "cells": _cells(chosen, row["values"], narrowed),
    }


def _total(chosen: Choice) -> dict[str, Any]:
    return {"name": _("Tổng số"), "cells": _cells(chosen, chosen.content["total"], {})}


def _cells(chosen: Choice, values: dict[str, int], narrowed: dict[str, str]) -> list[dict[str, Any]]:
    """Each figure with the list behind it; a kept figure has none, as its list may have changed since."""
    whose = {}
    if chosen.agency is not None:
        whose = {"receiving" if chosen.form.whose == "centre" else "agency": str(chosen.agency.pk)}
    return [
        {
            "label": f"{column.number}. {_head(column)}",
            "number": format_number(values[column.key]),
            "url": ""
            if chosen.kept or not values[column.key]
            else list_url(column.measure, chosen.period, {**whose, **narrowed}),
        }
        for column in chosen.printed.columns
    ]


def _head(column: PrintedColumn) -> str:
    """The heading of the sheet; to who reads another language, what the column counts."""
    return column.head if get_language() == "vi" else str(MEASURES[column.measure].label)


def _names(chosen: Choice) -> dict[Any, str]:
    """The rows' names in the reader's language; a kept form has those it was closed with."""
    if chosen.kept or get_language() == "vi":
        return {}
    return names_of(CUTS[chosen.form.cut], [row["key"] for row in chosen.content["rows"]])


def _kept_row(kept: KeptForm) -> dict[str, Any]:
    query = {"period": kept.period, "version": str(kept.version)}
    if kept.agency_id:
        query["agency"] = str(kept.agency_id)
    return {
        "kept": kept,
        "official": official_as_kept(FORMS[kept.form], kept),
        "label": _period_label(kept.period),
        "url": f"{reverse('reports-form', args=[kept.form])}?{urlencode(query)}",
    }


def _period_label(key: str) -> str:
    year, _dash, quarter = key.partition("-Q")
    if quarter:
        return _("Quý %(quarter)s/%(year)s") % {"quarter": quarter, "year": year}
    return _("Năm %s") % year
