"""The head's page: how the agency or the province is doing, and the list behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.looks import Seen, record_looks
from accounts.models import Look, StaffPost
from accounts.permissions import open_to, visible
from dossiers.access.openings import countable, is_supervisor, masked_owner, opened_among
from dossiers.lifecycle import TABLE, NotAllowed, Refused, execute_transition, refusal_of
from dossiers.models import Dossier, DossierEvent, State
from dossiers.views import sheet
from dossiers.views.lists import COUNTED_AT_MOST, listed, row_of
from dossiers.views.paging import Page, page_of
from reports import exports, measures, periods
from reports.links import list_url
from reports.measures import MEASURES, Asked, Measure
from reports.periods import Period
from reports.scope import Scope, scope_of
from reports.views.agencies import province_table
from vietnam.numbers import format_number
from vietnam.working_time import VIETNAM

Role = StaffPost.Role
_ROLES = (Role.UNIT_HEAD, Role.LEADER, Role.SUPERVISOR)
_IN_PERIOD = ("received", "finished", "early", "on_time", "late")
_NOW = ("open", "in_time", "due_soon", "overdue", "paused", "unanswered")
_FEES = ("fees", "fees_noncash")
# Shown only when there is one; most procedures have a limit and most answers come in time.
_RARE = {
    "finished": ("finished_unlimited",),
    "paused": ("open_unlimited", "links_unopened"),
    "unanswered": ("unanswered_late",),
}
_TONES = {
    "late": "overdue",
    "overdue": "overdue",
    "unanswered_late": "overdue",
    "links_unopened": "overdue",
    "due_soon": "due-soon",
}
_ICONS = {
    "early": "double-tick",
    "on_time": "tick",
    "late": "bar",
    "in_time": "tick",
    "due_soon": "hourglass",
    "overdue": "bar",
    "paused": "pause",
    "unanswered": "inbox",
    "unanswered_late": "bar",
    "links_unopened": "bar",
}


@open_to(*_ROLES)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = _read(request)
    table: dict[str, Any] = {}
    if request.actor.role == Role.SUPERVISOR and scope.agency is None:
        by_agency = measures.numbers_by_agency(scope.dossiers, asked)
        counted = measures.summed(by_agency.values())
        table = province_table(request, period, by_agency)
    else:
        counted = measures.numbers(scope.dossiers, asked)
    context = {
        "scope": scope,
        "waiting": _waiting(request),
        "period": period,
        "form": form,
        "periods": _period_chips(scope, period),
        "groups": [
            {"title": title, "cards": _cards(names, counted, scope, period), "name": name}
            for name, title, names in (
                ("period", _("Trong kỳ"), _IN_PERIOD),
                ("now", _("Lúc này"), _NOW),
                ("fees", _("Phí, lệ phí trong kỳ"), _FEES),
            )
        ],
        "meanings": MEASURES.values(),
        **table,
    }
    return render(request, "reports/reports.html", context, status=422 if form.is_bound and form.errors else 200)


@open_to(*_ROLES)
@require_safe
def reports_list(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = _read(request)
    measure = _measure(request)
    dossiers = measures.dossiers_listed(scope.dossiers, measure, asked)
    page = page_of(request, dossiers, key=measure.order, newest_first=measure.order == "id")
    query = {"measure": measure.name, **period.query, **scope.query}
    context = {
        "scope": scope,
        "period": period,
        "form": form,
        "measure": measure,
        "rows": _rows(request, page, asked),
        "page": page,
        "total": dossiers.count(),
        "here": request.get_full_path(),
        "back_url": f"{reverse('reports')}?{urlencode({**period.query, **scope.query})}",
        "export_url": f"{reverse('reports-export')}?{urlencode(query)}",
    }
    return render(request, "reports/list.html", context, status=422 if form.is_bound and form.errors else 200)


@open_to(*_ROLES)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list shown, as a file for a spreadsheet."""
    scope, period, _form, asked = _read(request)
    measure = _measure(request)
    dossiers = measures.dossiers_listed(scope.dossiers, measure, asked)
    if dossiers[exports.AT_MOST :].exists():
        messages.error(
            request,
            _("Danh sách dài hơn %(most)s hồ sơ nên không tải xuống được. Hãy chọn kỳ ngắn hơn hoặc một cơ quan.")
            % {"most": format_number(exports.AT_MOST)},
        )
        query = {"measure": measure.name, **period.query, **scope.query}
        return redirect(f"{reverse('reports-list')}?{urlencode(query)}")
    masked = is_supervisor(request.actor)
    if not masked:
        owners = dossiers.order_by().filter(owner_person__isnull=False).values_list("owner_person", flat=True)
        seen = (Seen(key, f"export:{measure.name}", str(measure.label)) for key in owners.distinct())
        record_looks(seen, by=request.actor, purpose=Look.Purpose.EXPORT, at=asked.at)
    name = f"{measure.name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    return exports.export_response(dossiers, name=name, masked=masked, at=asked.at)


@open_to(*_ROLES)
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Remind whoever has the dossier, and go back to the list."""
    dossiers = countable if is_supervisor(request.actor) else visible
    dossier = get_object_or_404(dossiers(request.actor, Dossier.objects.sent()), code=code)
    revision = request.POST.get("revision", "")
    try:
        execute_transition(
            dossier,
            "remind",
            request.actor,
            at=timezone.now(),
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    except Refused as refusal:
        messages.warning(request, f"{dossier.code}: {refusal}")
    else:
        messages.success(request, _("Đã đôn đốc hồ sơ %(code)s.") % {"code": dossier.code})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("reports"))


def _read(request: HttpRequest) -> tuple[Scope, Period, periods.DaysForm, Asked]:
    """What the address asks for."""
    at = timezone.now()
    scope = scope_of(request.actor, request.GET.get("agency", ""))
    period, form = periods.chosen(request.GET, today=at.astimezone(VIETNAM).date())
    return scope, period, form, measures.measures_for(period.since, period.until, at=at)


def _measure(request: HttpRequest) -> Measure:
    measure = MEASURES.get(request.GET.get("measure", "open"))
    if measure is None:
        raise Http404
    return measure


def _waiting(request: HttpRequest) -> int | None:
    """How many dossiers wait for the reader's own act; None of those who only look."""
    if request.actor.role == Role.SUPERVISOR:
        return None
    return listed(request, "mine").order_by()[: COUNTED_AT_MOST + 1].count()


def _period_chips(scope: Scope, period: Period) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?{urlencode({'period': key, **scope.query})}",
            "current": key == period.key,
        }
        for key, label in periods.LABELS.items()
    ]


def _cards(names: tuple[str, ...], counted: dict[str, int], scope: Scope, period: Period) -> list[dict[str, Any]]:
    shown: list[str] = []
    for name in names:
        shown.append(name)
        shown += [rare for rare in _RARE.get(name, ()) if counted[rare]]
    shares = measures.shares(counted)
    parts = {}
    if shares["on_time"] is not None:
        late = counted["missed"]
        words = _("sớm hoặc đúng hạn; kể cả %(late)s hồ sơ quá hạn chưa xong") % {"late": format_number(late)}
        parts["finished"] = (shares["on_time"], words if late else _("sớm hoặc đúng hạn"))
    if shares["noncash"] is not None:
        words = _("số lượt nộp, mục tiêu %(target)s") % {"target": format_number(settings.NONCASH_TARGET) + " %"}
        parts["fees_noncash"] = (shares["noncash"], words)
    return [
        {
            "label": MEASURES[name].label,
            "number": counted[name],
            "url": list_url(name, period, scope.query),
            "tone": _tone(name, counted, shares),
            "icon": _ICONS.get(name, ""),
            "part": parts.get(name),
        }
        for name in shown
    ]


def _tone(name: str, counted: dict[str, int], shares: dict[str, float | None]) -> str:
    if name == "fees_noncash" and (share := shares["noncash"]) is not None:
        return "" if share * 100 >= settings.NONCASH_TARGET else "due-soon"
    return _TONES.get(name, "") if counted[name] else ""


def _rows(request: HttpRequest, page: Page, asked: Asked) -> list[dict[str, Any]]:
    ids = [dossier.pk for dossier in page.rows]
    loaded = {d.pk: d for d in sheet.prefetched(Dossier.objects.filter(pk__in=ids))}
    reminders = DossierEvent.objects.filter(dossier__in=ids, action="remind").order_by()
    reminded = dict(reminders.values_list("dossier").annotate(Max("at")))
    rule, actor = TABLE["remind"], request.actor
    opened = opened_among(actor, ids) if is_supervisor(actor) else set(ids)
    return [
        {
            **row_of(loaded[pk], at=asked.at),
            "owner": loaded[pk].owner_name if pk in opened else masked_owner(loaded[pk]),
            "post": _waits_for(loaded[pk]),
            "at_counter": loaded[pk].state == State.FILED,  # sent, and not accepted yet
            "may_remind": refusal_of(loaded[pk], rule, request.actor) is None,
            "reminded_at": reminded.get(pk),
        }
        for pk in ids
    ]


def _waits_for(dossier: Dossier) -> str:
    """Which post a step waits for that nobody in particular holds."""
    if dossier.step is None or dossier.holder is not None:
        return ""
    return str(dict(Role.choices).get(dossier.step.role, ""))
