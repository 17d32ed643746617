"""Papers that staff ask for themselves: the control slip, working aids for the folder, monitoring registers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import STAFF, open_to, require_permission
from core.fields import CarriedText, DateField
from core.refusals import Refused
from dossiers import letters, registers
from dossiers.letters import aids, filled_form, register
from dossiers.models import Dossier
from dossiers.views.navigation import items as navigation
from dossiers.views.office.dossier import found
from dossiers.views.paging import page_of
from papers.models import Paper, PaperRun
from vietnam.dates import format_date

Role = StaffPost.Role


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def control_slip(request: HttpRequest, code: str) -> HttpResponse:
    """Issue the control slip as things stand, and open it. While it would say the same, the last one stands."""
    shown = found(request, code)
    require_permission(request.actor, "view_internal", shown)
    if request.method != "POST":
        return redirect("dossier", shown.code)
    at = timezone.now()
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=shown.pk)
        last = Paper.objects.filter(owner=dossier.reference, form="control_slip").first()
        now = letters.letter_facts("control_slip", dossier, by=request.actor, at=at, facts={})
        if last is not None and {**last.facts, "signer": now["signer"]} == now:
            return redirect("paper", last.code)
        paper = letters.issue_letter("control_slip", dossier, by=request.actor, at=at, facts={}, replaces=last)
    return redirect("paper", paper.code)


@open_to(STAFF)
@require_safe
def cover(request: HttpRequest, code: str) -> HttpResponse:
    dossier = found(request, code)
    pdf = aids.cover(dossier, at=timezone.now(), with_separators="separators" in request.GET)
    return inline(pdf, f"bia-{dossier.code}.pdf")


@open_to(STAFF)
@require_safe
def declaration(request: HttpRequest, code: str) -> HttpResponse:
    """The form that the applicant filled in, as it would have been handed in."""
    dossier = found(request, code)
    pdf = filled_form.of_dossier(dossier, at=timezone.now())
    if pdf is None:
        raise Http404
    return inline(pdf, f"to-khai-{dossier.code}.pdf")


@open_to(STAFF)
@require_safe
def label(request: HttpRequest, code: str) -> HttpResponse:
    dossier = found(request, code)
    try:
        pdf = aids.label(dossier, at=timezone.now())
    except aids.NoLabel:
        return render(
            request, "dossiers/papers/no_label.html", {"dossier": dossier, "subnav": navigation(request)}, status=409
        )
    return inline(pdf, f"nhan-{dossier.code}.pdf")


@open_to(Role.COUNTER, Role.CLERK)
@require_safe
def separator(request: HttpRequest) -> HttpResponse:
    return inline(aids.separator(request.actor.post.agency, at=timezone.now()), "to-ngan.pdf")


def inline(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class BookForm(forms.Form):
    since = DateField(label=gettext_lazy("Từ ngày"))
    until = DateField(label=gettext_lazy("Đến ngày"))
    key = CarriedText(max_length=40)


@open_to(*registers.ROLES, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def register_list(request: HttpRequest) -> HttpResponse:
    """Books of the agency, and the form that asks for a new one."""
    form = BookForm(request.POST or request.kept or None, initial=_last_month())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = registers.order_register(
                request.actor.post.agency,
                given["since"],
                given["until"],
                by=request.actor,
                at=timezone.now(),
                key=f"{request.actor.post.pk}:{given['key']}",
            )
        except Refused as refusal:
            form.add_error("until", str(refusal.sentence))
        else:
            return redirect("register", run.uid)
    runs = PaperRun.objects.filter(form=register.FORM.key, agency=request.actor.post.agency_id).select_related("agency")
    page = page_of(request, runs, key="id", newest_first=True, size=20)
    context = {
        "form": form,
        "page": page,
        "rows": [{"run": run, "period": period_of(run)} for run in page.rows],
        "subnav": navigation(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/papers/registers.html", context, status=status)


def _last_month() -> dict[str, Any]:
    """What is asked for most: the month that has ended; and a key, so that sending twice makes one register."""
    first = timezone.localdate().replace(day=1)
    until = first - timedelta(days=1)
    return {
        "since": until.replace(day=1),
        "until": until,
        "key": get_random_string(24),
    }


@open_to(*registers.ROLES)
@require_safe
def register_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far the register is, and its volumes; asked again by htmx while it is being written."""
    run = get_object_or_404(PaperRun.objects.select_related("agency"), uid=uid, form=register.FORM.key)
    if not registers.may_order(request.actor, run.agency):
        raise Http404
    volumes = run.volumes()
    context = {
        "run": run,
        "period": period_of(run),
        "volumes": [
            {"paper": paper, "volume": paper.facts.get("volume", ""), "rows": paper.facts.get("rows", 0)}
            for paper in volumes.only("code", "number", "title", "facts", "size", "issued_at")[:60]
        ],
        "working": run.state in (PaperRun.State.WAITING, PaperRun.State.RUNNING),
        "again": reverse("register", args=[run.uid]),
        "subnav": navigation(request),
    }
    part = request.htmx and not request.htmx.boosted
    return render(request, f"dossiers/papers/{'register_progress' if part else 'register'}.html", context)


def period_of(run: PaperRun) -> str:
    since, until = (datetime.fromisoformat(run.asked[name]).date() for name in ("since", "until"))
    return f"{format_date(since)} – {format_date(until)}"
