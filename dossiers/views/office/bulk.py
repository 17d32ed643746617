"""One act for many dossiers: chosen in a list, confirmed on one page, followed on another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import open_to, visible
from dossiers.forms.action import effects_of
from dossiers.forms.bulk import BulkForm
from dossiers.lifecycle import TABLE, Refused, available_transitions, bulk
from dossiers.models import BulkItem, BulkRun, Dossier, DossierDocument
from dossiers.views import lists, sheet
from dossiers.views.navigation import items as navigation
from dossiers.views.office import work_filters
from journal.idempotency import new_form_key
from procedures.display import value_text

Role = StaffPost.Role
_ROLES = (Role.COUNTER, Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)


def bar(actor: Actor, rows: list[dict[str, Any]], shown: str, *, more: bool) -> dict[str, Any]:
    """What the list `shown` needs to let its rows be chosen: the actions open to any of them. Each row learns its own;
    `more` says whether the list goes on beyond this page."""
    offered: set[str] = set()
    for row in rows:
        row["acts"] = [rule.action for rule in available_transitions(row["dossier"], actor, bulk=True)]
        offered.update(row["acts"])
    rules = [rule for rule in TABLE.values() if rule.action in offered]
    return {"rules": rules, "list": shown, "more": more, "most": bulk.AT_MOST}


@open_to(*_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which of the chosen dossiers the action is open to, and its facts; with `confirmed`, asks for it."""
    rule = TABLE.get(request.POST.get("action", ""))
    if rule is None or not rule.bulk:
        return _back(request, _("Hãy chọn hồ sơ trong danh sách, rồi chọn việc cần làm."))
    chosen, gone = _chosen(request)
    if len(chosen) > bulk.AT_MOST:
        return _back(request, _("Mỗi lần chọn tối đa %(most)s hồ sơ. Hãy chọn bớt.") % {"most": bulk.AT_MOST})
    confirmed = "confirmed" in request.POST
    fitting = chosen if confirmed else [pair for pair in chosen if _fits(pair[0], rule.action, request.actor)]
    if not fitting:
        return _back(request, _("Không hồ sơ nào bạn chọn làm được việc này lúc này. Hãy xem lại danh sách."))
    given = request.POST if confirmed else None
    form = BulkForm(rule, fitting[0][0], given, key=new_form_key())
    if confirmed and form.is_valid():
        key, facts = form.cleaned_data["key"], form.inputs(request.actor)
        try:
            run = bulk.request_bulk_run(request.actor, rule.action, fitting, facts, key=key, at=timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("bulk-run", run.uid)
    kept = {dossier.pk for dossier, _revision in fitting}
    drafts_of = _drafts(list(kept)) if rule.action in ("approve", "issue") else {}
    context = {
        "rule": rule,
        "form": form,
        "effects": effects_of(rule),
        "chosen": [
            {"dossier": d, "revision": n, "title": sheet.title_of(d), "drafts": drafts_of.get(d.pk, [])}
            for d, n in fitting
        ],
        "left_out": [
            {"dossier": d, "step": value_text(d.step.name, d.step.name_en) if d.step else ""}
            for d, _revision in chosen
            if d.pk not in kept
        ],
        "gone": gone,
        "back": _list_of(request.actor),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/bulk/confirm.html", context, status=422 if form.errors else 200)


@open_to(*_ROLES)
def run(request: HttpRequest, uid: str) -> HttpResponse:
    """How far it is; at the end an outcome for each, with what was refused ready to be chosen again."""
    asked = get_object_or_404(BulkRun, uid=uid, post=request.actor.post)
    items = asked.items.order_by("done", "id").select_related("dossier__edition", "dossier__step")
    rows = list(items[: bulk.AT_MOST])
    refused = [item for item in rows if item.done is False]
    done = [item for item in rows if item.done]
    context = {
        "run": asked,
        "rule": TABLE[asked.action],
        "total": len(rows),
        "judged": len(done) + len(refused),
        "refused": [_row(item) for item in refused],
        "done": [_row(item) for item in done],
        "back": _list_of(request.actor),
        "subnav": navigation(request),
    }
    page = "outcomes" if request.htmx else "run"
    return render(request, f"dossiers/bulk/{page}.html", context)


def _row(item: BulkItem) -> dict[str, Any]:
    dossier = item.dossier
    url = reverse("dossier", args=[dossier.code])
    return {"item": item, "dossier": dossier, "title": sheet.title_of(dossier), "url": url}


def _drafts(dossiers: list[int]) -> dict[int, list[DossierDocument]]:
    """What would be approved or issued, by dossier."""
    found: dict[int, list[DossierDocument]] = {}
    standing = DossierDocument.objects.filter(dossier__in=dossiers, kind=DossierDocument.Kind.RESULT, withdrawn_at=None)
    for draft in standing.select_related("file").order_by("id"):
        found.setdefault(draft.dossier_id, []).append(draft)
    return found


def _chosen(request: HttpRequest) -> tuple[list[tuple[Dossier, int]], int]:
    """The dossiers of the boxes (or of the whole list) with the revision each was drawn with, and how many of the
    boxes name none that the actor may see."""
    if "whole" in request.POST:
        keys = _whole(request, request.POST.get("list", ""))
        rows = {dossier.pk: dossier for dossier in sheet.prefetched(Dossier.objects.filter(pk__in=keys))}
        return [(rows[key], rows[key].revision) for key in keys if key in rows], 0
    drawn: dict[str, int] = {}
    for box in request.POST.getlist("selected")[: bulk.AT_MOST + 1]:
        code, _colon, revision = box.rpartition(":")
        if code and "\x00" not in code and revision.isascii() and revision.isdigit() and len(revision) < 10:
            drawn[code[:60]] = int(revision)
    found = sheet.prefetched(visible(request.actor, Dossier.objects.sent()).filter(code__in=drawn))
    by_code = {dossier.code: dossier for dossier in found}
    return [(by_code[code], drawn[code]) for code in drawn if code in by_code], len(drawn) - len(by_code)


def _whole(request: HttpRequest, shown: str) -> list[int]:
    """The keys of the first dossiers of the list that the page showed."""
    if shown == "returns":
        return lists.whole_in_order(lists.waiting_for_return(request), shown, bulk.AT_MOST)
    if shown in lists.VIEWS:
        narrowed = work_filters.narrowed(lists.listed(request, shown), request.POST.dict())
        return lists.whole_in_order(narrowed, shown, bulk.AT_MOST)
    return []


def _fits(dossier: Dossier, action: str, actor: Actor) -> bool:
    return any(rule.action == action for rule in available_transitions(dossier, actor, bulk=True))


def _list_of(actor: Actor) -> str:
    return reverse("desk-returns" if actor.role == Role.COUNTER else "work")


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.method == "POST":
        messages.error(request, sentence)
    return redirect(_list_of(request.actor))
