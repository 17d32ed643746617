"""Use and evaluation: what stands out among procedures, proposals and their decision, and readers' votes."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import PUBLIC, open_to
from accounts.throttling import Event, TooMany, count_events
from core.pagination import page_of
from core.refusals import Refused
from procedures.display import value_text
from procedures.editions.lifecycle.execution import has_relation
from procedures.editions.lifecycle.transitions import Relation
from procedures.models import Improvement, Procedure
from procedures.public.listing import public_procedures
from procedures.review import evaluation
from procedures.review.evaluation import FINDINGS, Finding
from procedures.views.editions import WHO

Role = StaffPost.Role
SIZE = 50
COUNTED_FOR = 3600  # seconds for which a count of the past year stands
_TONES = {"open": "waiting", "accepted": "working", "refused": "refused", "done": "done"}


class ProposalForm(forms.Form):
    proposal = forms.CharField(
        label=gettext_lazy("Kiến nghị"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=gettext_lazy("Lý do hoặc kết quả"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _period(now: datetime) -> tuple[datetime, datetime]:
    """The 365 days before today."""
    until = datetime.combine(timezone.localdate(now), time(0), tzinfo=timezone.get_current_timezone())
    return until - timedelta(days=365), until


def _findings(now: datetime) -> list[Finding]:
    since, until = _period(now)
    offered = public_procedures().filter(kind=Procedure.Kind.RECEIVABLE)
    used = cache.get_or_set(
        f"procedure-usage:{until.isoformat()}", lambda: evaluation.usage_of(since, until), timeout=COUNTED_FOR
    )
    votes = evaluation.votes(since.date(), until.date() + timedelta(days=1))
    young = offered.annotate(first=Min("editions__published_at")).filter(first__gte=since)
    return evaluation.findings(
        offered.values_list("code", flat=True), used or {}, votes, young=frozenset(young.values_list("code", flat=True))
    )


@open_to(*WHO)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Findings of one kind, the heaviest first, with how many there are of each."""
    now = timezone.now()
    everything = _findings(now)
    kinds = {kind: [f for f in everything if f.kind == kind] for kind in FINDINGS}
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = next((k for k in (evaluation.SUPPLEMENTED, *FINDINGS) if kinds[k]), evaluation.UNUSED)
    page = Paginator(kinds[kind], SIZE).get_page(request.GET.get("page"))
    codes = [finding.code for finding in page.object_list]
    found = Procedure.objects.filter(code__in=codes).select_related("current").defer("current__facts", "search_text")
    titles = {p.code: value_text(p.in_force.title, p.in_force.title_en) for p in found}
    proposed = set(
        Improvement.objects.filter(
            procedure__code__in=codes, finding=kind, status__in=("open", "accepted")
        ).values_list("procedure__code", flat=True)
    )
    since, until = _period(now)
    return render(
        request,
        "procedures/manage/evaluation.html",
        {
            "kind": kind,
            "label": FINDINGS[kind][0],
            "advice": FINDINGS[kind][1],
            "since": since,
            "until": until - timedelta(days=1),
            "chips": [
                {"label": label, "url": f"?kind={key}", "current": key == kind, "count": len(kinds[key])}
                for key, (label, _advice) in FINDINGS.items()
            ],
            "rows": [
                {"finding": f, "title": titles.get(f.code, ""), "proposed": f.code in proposed}
                for f in page.object_list
            ],
            "previous_url": f"?kind={kind}&page={page.previous_page_number()}" if page.has_previous() else "",
            "next_url": f"?kind={kind}&page={page.next_page_number()}" if page.has_next() else "",
            "may_propose": _may_propose(request),
        },
    )


def _may_propose(request: HttpRequest) -> bool:
    return has_relation(request.actor, Relation.REVIEWER)


@open_to(Role.CONTROLLER, Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A proposal about what stands out at one procedure, with the evidence as it is now."""
    if kind not in FINDINGS or not code.isprintable():
        raise Http404
    procedure = get_object_or_404(Procedure.objects.select_related("current").filter(current__isnull=False), code=code)
    finding = next((f for f in _findings(timezone.now()) if (f.code, f.kind) == (code, kind)), None)
    if finding is None:
        messages.info(request, _("Điều này không còn nổi bật ở thủ tục đó."))
        return redirect("manage-evaluation")
    initial = {"proposal": str(FINDINGS[kind][1])}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        evidence = "\n".join([finding.evidence, *(f"{name} ({number})" for name, number in finding.reasons)])
        proposal = form.cleaned_data["proposal"]
        account = request.actor.account
        assert account is not None  # open_to let a post in
        evaluation.propose_improvement(procedure, kind, evidence, proposal, account, timezone.now())
        messages.success(request, _("Đã ghi kiến nghị."))
        return redirect("manage-improvements")
    return render(
        request,
        "procedures/manage/proposal.html",
        {"procedure": procedure, "finding": finding, "label": FINDINGS[kind][0], "form": form},
    )


@open_to(*WHO)
@require_safe
def improvements(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    found = Improvement.objects.select_related("procedure__current", "proposed_by", "decided_by")
    if status in Improvement.Status.values:
        found = found.filter(status=status)
    page = page_of(found, request, by=("id",))
    return render(
        request,
        "procedures/manage/improvements.html",
        {
            "page": page,
            "rows": [_row(improvement) for improvement in page.items],
            "may_decide": has_relation(request.actor, Relation.APPROVER),
            "chips": [
                {"label": label, "url": f"?status={key}", "current": key == status}
                for key, label in [("", _("Tất cả")), *Improvement.Status.choices]
            ],
        },
    )


def _row(improvement: Improvement) -> dict[str, Any]:
    edition = improvement.procedure.current
    return {
        "item": improvement,
        "title": value_text(edition.title, edition.title_en) if edition else "",
        "finding": FINDINGS[improvement.finding][0] if improvement.finding in FINDINGS else improvement.finding,
        "tone": _TONES[improvement.status],
    }


@open_to(Role.LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or refuse a proposal, or say that an accepted one is done; by whoever approves editions."""
    improvement = get_object_or_404(Improvement.objects.select_related("procedure__current", "proposed_by"), pk=pk)
    if not has_relation(request.actor, Relation.APPROVER):
        messages.warning(request, _("Việc này thuộc lãnh đạo có thẩm quyền duyệt danh mục."))
        return redirect("manage-improvements")
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account, words = request.actor.account, form.cleaned_data["decision"]
        assert account is not None
        try:
            evaluation.decide_improvement(improvement, request.POST.get("status", ""), words, account, timezone.now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Đã ghi quyết định."))
        return redirect("manage-improvements")
    return render(request, "procedures/manage/improvement.html", {**_row(improvement), "form": form})


@open_to(PUBLIC)
@require_POST
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """A reader says whether the page is easy to understand: once a day for a page, some pages a day."""
    if not code.isprintable():
        raise Http404
    procedure = get_object_or_404(public_procedures(), code=code)
    answer = request.POST.get("clear", "")
    if answer not in ("yes", "no"):
        messages.warning(request, _("Hãy chọn “Dễ hiểu” hoặc “Khó hiểu”."))
    elif _counts(request, code):
        evaluation.record_vote(procedure, clear=answer == "yes", on=timezone.localdate())
        messages.success(request, _("Cảm ơn bạn đã cho biết."))
    else:
        messages.info(request, _("Hôm nay bạn đã trả lời rồi. Cảm ơn bạn."))
    return redirect("procedure", code=code)


def _counts(request: HttpRequest, code: str) -> bool:
    """Whether the answer is the first of its address today; what is kept for a day tells no address."""
    who = f"{request.actor.address}:{timezone.localdate().isoformat()}"
    try:
        count_events(Event("vote", f"{who}:{code}"), Event("votes", who))
    except TooMany:
        return False
    return True
