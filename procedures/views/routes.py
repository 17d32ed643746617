"""Internal routes of a procedure: the versions, the editor with its drawing and checks, and the way into force."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.calendars import NoCalendarDays
from core.pagination import page_of
from core.refusals import Refused
from core.version_buttons import posted_revision
from core.version_pages import Rights, Saving, copied_version, press_posted_button, save_posted_draft, version_context
from core.versions import UNDECIDED
from procedures.display import value_text
from procedures.models import Route
from procedures.routes import checking, editing, simulation, versions
from procedures.routes import context as route_facts
from procedures.routes.amounts import period_words, words
from procedures.routes.forms import RehearsalForm, RouteForm
from procedures.routes.planning import chosen, with_limits
from procedures.routes.steps import ACTS, DAY, HOUR, ROLES, read_steps, write_steps
from procedures.routes.versions import ROUTES
from procedures.routes.words import act_name, role_name
from procedures.views.route_display import (
    listed_route,
    owner_of,
    procedure_by_code,
    published_minutes,
    route_by_key,
    shown_route,
    step_rows,
)
from vietnam.working_time import OutsideCalendar

CONTROLLER, SUPERVISOR = StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR
SHOWN = 100
Status = Route.Status
LISTED = (Status.IN_FORCE, Status.SUBMITTED, Status.DRAFT, Status.REPLACED, Status.UNDONE)


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Drafts of all procedures and what was submitted, which a second person puts in force."""
    drafts = Route.objects.filter(status__in=UNDECIDED).select_related(
        "procedure__current", "edition__procedure__current"
    )
    page = page_of(drafts, request, by=("id",))
    rows = [
        {"route": route, "procedure": owner_of(route), "open_queries": versions.open_queries(route)}
        for route in page.items
    ]
    return render(request, "procedures/manage/routes_waiting.html", {"page": page, "rows": rows})


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def procedure_routes(request: HttpRequest, code: str) -> HttpResponse:
    found = procedure_by_code(code)
    own = list(found.routes.order_by("-id")[:SHOWN])
    edition, names = found.in_force, route_facts.agency_names()
    level = "province" if "province" in edition.levels else "commune"
    applied = chosen(edition, "", level, minutes=published_minutes(Route(procedure=found)))
    return render(
        request,
        "procedures/manage/routes.html",
        {
            "procedure": found,
            "edition": edition,
            "groups": [
                (
                    status.label,
                    [listed_route(route, edition, names) for route in own if route.status == status],
                )
                for status in LISTED
            ],
            "standard": applied if applied and applied.level else None,
            "standard_rows": step_rows(read_steps(applied.steps)) if applied and applied.level else [],
            "may_edit": request.actor.role == CONTROLLER,
        },
    )


@open_to(CONTROLLER)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft: from a version of this procedure, else from the standard route with the limit shared out."""
    found = procedure_by_code(code)
    if former := copied_version(request.POST, found.routes):
        draft = Route(procedure=found, name=former.name, name_en=former.name_en, decision=former.decision)
        draft.case, draft.agency_key, draft.territory_code = former.case, former.agency_key, former.territory_code
        steps = read_steps(former.steps)
    else:
        draft = Route(procedure=found, name=_("Quy trình riêng"))
        minutes = published_minutes(draft)
        level = "province" if "province" in found.in_force.levels else "commune"
        standard = Route.objects.filter(level=level, case="", status=Route.Status.IN_FORCE).first()
        steps = with_limits(read_steps(standard.steps), minutes or 0) if standard else ()
    draft.steps = write_steps(steps)
    ROUTES.begin_draft(draft, by=request.actor, at=timezone.now())
    messages.success(request, _("Đã lập bản nháp. Hãy sửa các bước rồi lưu."))
    return redirect("manage-route-edit", code=found.code, pk=draft.pk)


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def route(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One version: its drawing, its steps, what is wrong with it, and the buttons that a draft has."""
    found, rights, refused = route_by_key(code, pk), _rights(request), None
    if request.method == "POST":
        try:
            return _button_pressed(request, found, rights)
        except Refused as refusal:
            found, refused = route_by_key(code, pk), refusal
    steps, context = route_facts.route_context(found)
    problems = checking.route_problems(steps, context) if found.is_undecided else []
    return render(
        request,
        "procedures/manage/route.html",
        {
            **shown_route(found, steps, problems),
            **version_context(request, ROUTES, found, rights, refused),
            "open_queries": list(enumerate(found.open_queries)),
        },
        status=409 if refused else 200,
    )


def _rights(request: HttpRequest) -> Rights:
    return Rights(may_edit=request.actor.role == CONTROLLER, may_decide=True)


def _button_pressed(request: HttpRequest, found: Route, rights: Rights) -> HttpResponse:
    """Do what the button says: settle an open query of the import, or what every version's page has. Raises Refused."""
    do, code = request.POST.get("do", ""), found.procedure.code
    page = reverse("manage-route", args=[code, found.pk])
    if not (do.startswith("settle-") and rights.may_edit):
        gone = reverse("manage-routes-of", args=[code])
        return press_posted_button(request, ROUTES, found, rights, page=page, gone=gone)
    query, revision = do.removeprefix("settle-"), posted_revision(request.POST)
    versions.settle_query(found, query, revision=revision, by=request.actor, at=timezone.now())
    messages.success(request, _("Đã đánh dấu điểm nghi ngờ là đã xử lý."))
    return redirect(page)


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The editor. Buttons that add and move steps change the form only; saving writes the draft."""
    found = route_by_key(code, pk)
    if not found.is_draft:
        messages.warning(request, _("Bản này đã trình hoặc đã áp dụng nên không sửa được."))
        return redirect("manage-route", code=code, pk=pk)
    edition, posted = found.procedure.in_force, request.method == "POST"
    form = RouteForm(edition, request.POST if posted else None, instance=found)
    rows = editing.rows_of(read_steps(found.steps))
    if posted:
        rows = editing.posted(request.POST, dict(request.POST.lists()))
        editing.pressed(rows, request.POST.get("do", ""))
    steps, errors = editing.finished(rows)
    asked_to_save = posted and request.POST.get("do") == "save"
    saving = Saving(revision=posted_revision(request.POST) if posted else found.revision)
    if asked_to_save and form.is_valid() and not errors:
        draft = form.save(commit=False)
        draft.steps = write_steps(steps)
        saving = save_posted_draft(request, ROUTES, draft, page=reverse("manage-route", args=[code, pk]))
        if saving.response:
            return saving.response
    if posted:
        form.is_valid()
    problems = checking.route_problems(steps, route_facts.around(found, steps))
    return render(
        request,
        "procedures/manage/route_edit.html",
        {
            **shown_route(found, steps, problems),
            **_choices(),
            "form": form,
            "rows": _numbered(rows),
            "revision": saving.revision,
            "errors": [
                *saving.errors,
                *({"text": sentence, "target": field} for field, sentence in errors),
                *({"text": e, "target": f"id_{name}"} for name, found_ in form.errors.items() for e in found_),
            ]
            if posted
            else [],
        },
        status=409 if saving.errors else 422 if asked_to_save else 200,
    )


def _numbered(rows: list[editing.Row]) -> list[dict[str, Any]]:
    last = len(rows)
    return [
        {**row, "at": f"s{i}", "n": i + 1, "first": i == 0, "last": i + 1 == last, "before": rows[1:i]}
        for i, row in enumerate(rows)
    ]


def _choices() -> dict[str, Any]:
    return {
        "acts": [(act, act_name(act)) for act in ACTS],
        "roles": [(role, role_name(role)) for role in ROLES],
        "agencies": list(route_facts.agency_names().items()),
        "units": [(DAY, _("ngày")), (HOUR, _("giờ"))],
    }


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def sheet(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The drawing and the table of steps on paper."""
    found = route_by_key(code, pk)
    return render(request, "procedures/manage/route_sheet.html", shown_route(found, read_steps(found.steps), []))


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def rehearse(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who would have a simulated dossier from when to when."""
    found = route_by_key(code, pk)
    edition = found.procedure.in_force
    asked = "day" in request.GET
    now = timezone.localtime()
    initial = {"day": now.date(), "hour": f"{now:%H:%M}", "channel": "counter", "case": found.case}
    form = RehearsalForm(edition, request.GET if asked else None, initial=initial)
    context: dict[str, Any] = {"route": found, "procedure": found.procedure, "form": form, "tried": None}
    if asked and form.is_valid():
        try:
            context |= _tried(found, form)
        except OutsideCalendar:
            form.add_error("day", _("Lịch làm việc chưa có đến ngày đó. Hãy chọn ngày gần hơn."))
        except NoCalendarDays:
            form.add_error(None, _("Cơ quan này chưa có lịch làm việc. Hãy nhờ người quản trị nạp lịch."))
    return render(
        request, "procedures/manage/route_rehearsal.html", context, status=422 if asked and form.errors else 200
    )


def _tried(found: Route, form: RehearsalForm) -> dict[str, Any]:
    data = form.cleaned_data
    agency = simulation.agency_for(found)
    if agency is None:
        form.add_error(None, _("Chưa rõ cơ quan nào giải quyết thủ tục này. Hãy ghi bảng thẩm quyền trước."))
        return {}
    case = data.get("case") or found.case
    tried, period = simulation.tried(found, agency, form.start(), channel=data["channel"], case=case)
    return {
        "tried": tried,
        "agency": agency,
        "sum": words(tried.minutes),
        "limit": period_words(period) if period else "",
        "rows": [
            {
                "row": row,
                "name": value_text(row.step.name, row.step.name_en),
                "who": simulation.who(row.step.role, row.step.agency_key, agency),
                "time": words(row.step.minutes or 0),
                "opinions": [
                    {
                        "who": simulation.who(o.opinion.role, o.opinion.agency_key, None),
                        "asked": o,
                        "time": words(o.opinion.minutes),
                    }
                    for o in row.opinions
                ],
            }
            for row in tried.steps
        ],
    }
