"""Pages of editions on their way: the list of what waits, one edition with its actions, the parts of a draft."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from procedures.display import value_text
from procedures.editions.diff import LABELS, compare_documents
from procedures.editions.forms.parts import PARTS, faults
from procedures.editions.lifecycle import deadlines, drafts
from procedures.editions.lifecycle.completeness import gaps_in
from procedures.editions.lifecycle.execution import (
    available_transitions,
    execute_transition,
    has_relation,
    next_relation,
)
from procedures.editions.lifecycle.forms import ActionForm
from procedures.editions.lifecycle.table import TABLE, done_words
from procedures.editions.lifecycle.transitions import Relation
from procedures.models import UNDER_WAY, Edition, Procedure
from procedures.views import citizen
from vietnam.dates import format_date

Role = StaffPost.Role
WHO = (Role.CONTROLLER, Role.SUPERVISOR, Role.LEADER)
_TONES = {
    "draft": "draft", "reviewed": "waiting", "approved": "working", "announced": "working", "upcoming": "waiting",
    "published": "done", "suspended": "paused", "superseded": "draft", "abolished": "refused", "withdrawn": "draft",
}  # fmt: skip


def _relation_words(relation: Relation | None) -> str:
    return {
        Relation.DRAFTER: _("Người quản lý danh mục"),
        Relation.REVIEWER: _("Người quản lý danh mục hoặc giám sát"),
        Relation.APPROVER: _("Lãnh đạo có thẩm quyền"),
    }.get(relation, "") if relation else ""  # fmt: skip


def _lists(request: HttpRequest, at: datetime) -> dict[str, tuple[str, QuerySet[Edition]]]:
    """The choices of the list's first filter: (label, editions)."""
    way = Edition.objects.filter(status__in=[*UNDER_WAY, Edition.Status.UPCOMING])
    mine = [
        status
        for status, relation in (
            ("draft", Relation.REVIEWER),
            ("reviewed", Relation.APPROVER),
            ("approved", Relation.DRAFTER),
        )
        if has_relation(request.actor, relation)
    ]
    mine += ["announced"] if has_relation(request.actor, Relation.DRAFTER) else []
    return {
        "way": (_("Đang trên đường công bố"), way),
        "mine": (_("Chờ tôi"), Edition.objects.filter(status__in=mine)),
        "late": (_("Quá hạn"), deadlines.late(at)),
        "stopped": (_("Tạm ngừng, bãi bỏ"), Edition.objects.filter(status__in=("suspended", "abolished"))),
        "done": (_("Đã công bố từ dự thảo"), Edition.objects.filter(status="published", decision_date__isnull=False)),
    }


@open_to(*WHO)
@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    lists = _lists(request, at)
    chosen = request.GET.get("list", "way")
    chosen = chosen if chosen in lists else "way"
    found = lists[chosen][1].select_related("procedure", "drafted_by").defer("facts")
    page = page_of(found, request, by=("id",))
    return render(
        request,
        "procedures/manage/editions.html",
        {
            "page": page,
            "rows": [_row(edition, at) for edition in page.items],
            "chosen": lists[chosen][0],
            "choices": [
                {"label": f"{label} ({editions.count()})", "url": f"?list={key}", "current": key == chosen}
                for key, (label, editions) in lists.items()
            ],
        },
    )


def _row(edition: Edition, at: datetime) -> dict[str, Any]:
    return {
        "edition": edition,
        "title": value_text(edition.title, edition.title_en),
        "tone": _TONES[edition.status],
        "late": deadlines.lateness(edition, at),
        "waits_for": _relation_words(next_relation(edition)),
    }


@open_to(*WHO)
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    found = _edition(pk)
    at = timezone.now()
    return render(
        request,
        "procedures/manage/edition_life.html",
        {
            **_row(found, at),
            "procedure": found.procedure,
            "based_on": found.based_on,
            "current": found.procedure.current,
            "overtaken": found.status in UNDER_WAY and found.procedure.current_id != found.based_on_id,
            "differences": compare_documents(found.based_on.facts if found.based_on else {}, found.facts),
            "gaps": _gaps(found),
            "is_new": found.based_on is None and found.drafted_by is not None,
            "parts": _parts(found) if _editable(request, found) else [],
            "transitions": available_transitions(found, request.actor),
            "acts": [
                {
                    "title": done_words(act.act),
                    "at": act.at,
                    "by": act.actor,
                    "text": _act_text(act.act, act.reason, act.facts),
                }
                for act in found.acts.all()[:100]
            ],
        },
    )


def _act_text(action: str, reason: str, facts: dict[str, Any]) -> str:
    lines = [reason] if reason else []
    if facts.get("decision_number"):
        day = format_date(date.fromisoformat(facts["decision_date"]))
        lines.append(_("Quyết định số %(number)s ngày %(day)s") % {"number": facts["decision_number"], "day": day})
    if facts.get("proposed_by"):
        lines.append(_("Người đề xuất: %(name)s") % {"name": facts["proposed_by"]})
    if action == "edit" and facts.get("part") in PARTS:
        lines.append(str(PARTS[facts["part"]].label))
    return "\n".join(lines)


def _edition(pk: int) -> Edition:
    return get_object_or_404(
        Edition.objects.select_related(
            "procedure", "procedure__current", "field", "based_on", "drafted_by", "reviewed_by", "approved_by"
        ),
        pk=pk,
    )


def _editable(request: HttpRequest, found: Edition) -> bool:
    return found.status == Edition.Status.DRAFT and has_relation(request.actor, Relation.DRAFTER)


def _gaps(found: Edition) -> list[dict[str, Any]]:
    """What the draft of a new procedure must still say, each with the part where it is said."""
    if found.status != Edition.Status.DRAFT or found.based_on_id is not None:
        return []
    return [
        {"text": sentence, "label": PARTS[part].label, "url": reverse("manage-edition-part", args=[found.pk, part])}
        for part, sentence in gaps_in(found.facts)
    ]


def _parts(found: Edition) -> list[dict[str, Any]]:
    return [
        {
            "label": part.label,
            "url": reverse("manage-edition-part", args=[found.pk, part.key]),
            "number": len(found.facts.get(part.key, [])) if part.many else None,
        }
        for part in PARTS.values()
    ]


@open_to(Role.CONTROLLER)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft of a procedure, or open the one that is under way."""
    if not code.isprintable():
        raise Http404
    procedure = get_object_or_404(Procedure, code=code)
    try:
        draft = drafts.start_draft(procedure, request.actor, timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        waiting = drafts.under_way(procedure)
        return redirect("manage-edition-life", pk=waiting.pk) if waiting else redirect("manage-catalogue")
    return redirect("manage-edition-life", pk=draft.pk)


@open_to(Role.CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One part of a draft as a form."""
    found, asked = _edition(pk), PARTS.get(key)
    if asked is None:
        raise Http404
    if found.status != Edition.Status.DRAFT:
        messages.warning(request, _("Bản này không còn là dự thảo nên không sửa được."))
        return redirect("manage-edition-life", pk=pk)
    posted = request.method == "POST"
    bound = asked.bound(found.facts, request.POST if posted else None, request.FILES if posted else None)
    keys = bound.keys
    problem = ""
    if posted and bound.is_valid():
        try:
            seen = request.POST.get("seen", "")
            drafts.write_part(found, key, bound.value(found.facts), request.actor, timezone.now(), seen=seen)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Đã lưu: %(part)s.") % {"part": asked.label})
            if request.POST.get("again"):
                return redirect("manage-edition-part", pk=pk, key=key)
            return redirect("manage-edition-life", pk=pk)
    return render(
        request,
        "procedures/manage/edition_part.html",
        {
            "edition": found,
            "part": asked,
            "bound": bound,
            "form": None if asked.many else bound,
            "seen": request.POST.get("seen", "") if posted else drafts.part_digest(found.facts, keys),
            "problems": [problem] if problem else faults(bound) if posted else [],
        },
        status=422 if posted else 200,
    )


@open_to(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Execute an action; when it asks for something, its form first."""
    found, transition = _edition(pk), TABLE.get(action)
    if transition is None:
        raise Http404
    form = ActionForm(transition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            execute_transition(found, action, request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            if refusal.field in form.fields:
                form.add_error(refusal.field, str(refusal.sentence))
            else:
                messages.warning(request, str(refusal))
                return redirect("manage-edition-life", pk=pk)
        else:
            messages.success(request, f"{transition.done}.")
            return redirect("manage-edition-life", pk=pk)
    return render(
        request,
        "procedures/manage/edition_act.html",
        {
            "edition": found,
            "transition": transition,
            "form": form,
            "allowed": transition in available_transitions(found, request.actor),
        },
    )


@open_to(Role.CONTROLLER)
@require_POST
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    found = _edition(pk)
    try:
        both = drafts.rebase_draft(found, request.actor, timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("manage-edition-life", pk=pk)
    messages.success(request, _("Đã cập nhật dự thảo theo bản đang áp dụng."))
    if both:
        text = _("Cả hai bên cùng sửa, dự thảo giữ theo cách của dự thảo; hãy xem lại: %(parts)s.")
        messages.warning(request, text % {"parts": ", ".join(part_label(key) for key in both)})
    return redirect("manage-edition-life", pk=pk)


def part_label(key: str) -> str:
    return str(LABELS.get(key, key))


@open_to(*WHO)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition as citizens see it, before they can."""
    found = _edition(pk)
    address = reverse("manage-edition-preview", args=[pk])
    context = citizen.page_of(found.procedure, found, request.GET.get("case", ""), address)
    messages.info(
        request, _("Xem trước: %(status)s, người dân chưa thấy trang này.") % {"status": found.get_status_display()}
    )
    return render(request, "procedures/citizen/procedure.html", context)


@open_to(*WHO)
@require_safe
def comparison(request: HttpRequest, code: str) -> HttpResponse:
    """Any two editions of a procedure side by side."""
    if not code.isprintable():
        raise Http404
    procedure = get_object_or_404(Procedure, code=code)
    numbers = list(procedure.editions.order_by("-number").values_list("number", flat=True)[:200])
    if not numbers:
        raise Http404
    right = _number(request.GET.get("right", ""), numbers, numbers[0])
    left = _number(request.GET.get("left", ""), numbers, next((n for n in numbers if n < right), right))
    rows = {edition.number: edition for edition in procedure.editions.filter(number__in=(left, right))}
    return render(
        request,
        "procedures/manage/comparison.html",
        {
            "procedure": procedure,
            "numbers": numbers,
            "left": rows[left],
            "right": rows[right],
            "differences": compare_documents(rows[left].facts, rows[right].facts),
        },
    )


def _number(text: str, known: list[int], otherwise: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise
    return number if number in known else otherwise
