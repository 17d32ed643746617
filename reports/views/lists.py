"""The list behind a number: who has each dossier, why it is not further, and what may be done with many at once."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.looks import Seen, record_looks
from accounts.models import Look, StaffPost
from accounts.permissions import open_to, visible
from accounts.views.sign_in import safe_next
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from dossiers.access.openings import countable, is_supervisor, masked_owner, opened_among
from dossiers.deadlines import extension
from dossiers.lifecycle import TABLE, NotAllowed, Refused, execute_transition, refusal_of
from dossiers.models import Dossier, DossierEvent, State
from dossiers.views.lists import listed, row_of
from dossiers.views.office import bulk
from dossiers.views.paging import page_of
from reports import exports, figures
from reports.indicators import MEASURES
from reports.indicators.kinds import Measure
from reports.reasons import reasons_of
from reports.scope import narrowed
from reports.views.asking import ROLES, read_request
from vietnam.numbers import format_number

Role = StaffPost.Role
# What a row names; with all that a dossier's own page shows, planning took longer than reading.
_JOINED = ("edition", "step", "holder__account", "settling_agency__calendar", "receiving_agency")
_LONG = ("answers", "fee_facts", "search_vector")
_ROWS = KeptQuery(
    lambda keys: Dossier.objects.filter(Among("pk", keys)).select_related(*_JOINED).defer(*_LONG), keys=ANY_KEYS
)


@open_to(*ROLES)
@require_safe
def reports_list(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = read_request(request)
    measure = _measure(request)
    within, narrowing, words = narrowed(scope, request.GET)
    dossiers = figures.dossiers_listed(within, measure, asked)
    page = page_of(request, dossiers, key=measure.order, newest_first=measure.order == "id")
    query = {"measure": measure.name, **period.query, **scope.query, **narrowing}
    rows = with_letters(request, rows_shown(request, [dossier.pk for dossier in page.rows], at=asked.at), at=asked.at)
    heads = not is_supervisor(request.actor)
    tools = bulk.bar(request.actor, rows, "reports", more=False) if heads else {}
    context = {
        "scope": scope,
        "narrowed": words,
        "period": period,
        "form": form,
        "measure": measure,
        "rows": rows,
        "bulk": tools,
        "page": page,
        "total": dossiers.count(),
        "here": request.get_full_path(),
        "back_url": f"{reverse('reports')}?{urlencode({**period.query, **scope.query})}",
        "export_url": f"{reverse('reports-export')}?{urlencode(query)}",
    }
    return render(request, "reports/list.html", context, status=422 if form.is_bound and form.errors else 200)


@open_to(*ROLES)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list shown, as a file for a spreadsheet."""
    scope, period, _form, asked = read_request(request)
    measure = _measure(request)
    within, narrowing, _words = narrowed(scope, request.GET)
    dossiers = figures.dossiers_listed(within, measure, asked)
    if dossiers[exports.AT_MOST :].exists():
        messages.error(
            request,
            _("Danh sách dài hơn %(most)s hồ sơ nên không tải xuống được. Hãy chọn kỳ ngắn hơn hoặc một cơ quan.")
            % {"most": format_number(exports.AT_MOST)},
        )
        query = {"measure": measure.name, **period.query, **scope.query, **narrowing}
        return redirect(f"{reverse('reports-list')}?{urlencode(query)}")
    masked = is_supervisor(request.actor)
    if not masked:
        owners = dossiers.order_by().filter(owner_person__isnull=False).values_list("owner_person", flat=True)
        seen = (Seen(key, f"export:{measure.name}", measure.label) for key in owners.distinct())
        record_looks(seen, by=request.actor, purpose=Look.Purpose.EXPORT, at=asked.at)
    name = f"{measure.name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    return exports.export_response(dossiers, name=name, masked=masked, at=asked.at)


@open_to(*ROLES)
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
    return redirect(safe_next(request) or reverse("reports"))


def _measure(request: HttpRequest) -> Measure:
    measure = MEASURES.get(request.GET.get("measure", "open"))
    if measure is None:
        raise Http404
    return measure


def rows_shown(request: HttpRequest, ids: list[int], *, at: datetime) -> list[dict[str, Any]]:
    """What a row says of each dossier, in the order of `ids`; a supervisor reads no name of a person."""
    loaded = {dossier.pk: dossier for dossier in _ROWS.records(keys=ids)} if ids else {}
    reminded, promised = _done_already(ids, at)
    rule, actor = TABLE["remind"], request.actor
    opened = opened_among(actor, ids) if is_supervisor(actor) else set(ids)
    reasons = reasons_of(list(loaded.values()), at=at)
    return [
        {
            **row_of(loaded[pk], at=at),
            "reasons": reasons[pk],
            "owner": loaded[pk].owner_name if pk in opened else masked_owner(loaded[pk]),
            "post": _waits_for(loaded[pk]),
            "at_counter": loaded[pk].state == State.FILED,  # sent, and not accepted yet
            "may_remind": refusal_of(loaded[pk], rule, request.actor) is None,
            "reminded_at": reminded.get(pk),
            "promised_on": promised.get(pk),
        }
        for pk in ids
    ]


def with_letters(
    request: HttpRequest, rows: list[dict[str, Any]], *, at: datetime, waiting: bool = True
) -> list[dict[str, Any]]:
    """The rows with the letter that their reader may sign of each now; `waiting`: whether any was written and waits."""
    if is_supervisor(request.actor) or not rows:
        return rows
    prepared: set[int] = set()
    if waiting:
        written = listed(request, "apologies").filter(dossier__in=[row["dossier"].pk for row in rows])
        prepared = set(written.values_list("dossier", flat=True))
    extension.read_extensions([row["dossier"] for row in rows])
    return [{**row, "letter": _letter(request, row, prepared, at)} for row in rows]


def _letter(request: HttpRequest, row: dict[str, Any], prepared: set[int], at: datetime) -> dict[str, Any] | None:
    """While there is time for an extension that one, later the apology, once until the day it promised has passed; with
    the address where it stands ready."""
    dossier: Dossier = row["dossier"]
    if row["promised_on"]:
        return None
    overdue = dossier.due_at is not None and dossier.due_at <= at
    for name in ("extend", "apologise") if overdue or dossier.pk in prepared else ():
        rule = TABLE[name]
        if not refusal_of(dossier, rule, request.actor) and (rule.offered is None or rule.offered(dossier)):
            return {"label": rule.label, "url": reverse("dossier-act", args=[dossier.code, name])}
    return None


def _done_already(ids: list[int], at: datetime) -> tuple[dict[int, datetime], dict[int, date]]:
    """When each dossier was last reminded of, and the day that its last apology promised, while that is ahead."""
    reminded: dict[int, datetime] = {}
    promised: dict[int, date] = {}
    told = DossierEvent.objects.filter(dossier__in=ids, action__in=("remind", "apologise")).order_by("at", "id")
    for pk, action, when, facts in told.values_list("dossier", "action", "at", "facts"):
        if action == "remind":
            reminded[pk] = when
        elif day := facts.get("expected_on"):
            promised[pk] = date.fromisoformat(day)
    today = timezone.localdate(at)
    return reminded, {pk: day for pk, day in promised.items() if day >= today}


def _waits_for(dossier: Dossier) -> str:
    """Which post a step waits for that nobody in particular holds."""
    if dossier.step is None or dossier.holder is not None:
        return ""
    return str(dict(Role.choices).get(dossier.step.role, ""))
