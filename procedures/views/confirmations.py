"""What waits for a second person: the list, and one proposal with every decision in it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from core.versions import Status
from procedures.competence import table
from procedures.display import value_text
from procedures.editions.document import InvalidFacts
from procedures.models import Confirmation, ConfirmationItem, Questionnaire, Replacement, Route
from procedures.review import confirmations, queries
from procedures.review.evidence import place_words, source_words, step_times
from procedures.review.queries import StaleQuery
from procedures.views.competence import described_changes
from procedures.views.open_queries import decision_words

Role = StaffPost.Role
WHO = (Role.CONTROLLER, Role.SUPERVISOR, Role.LEADER)
TONES = {"waiting": "waiting", "approved": "done", "returned": "refused", "overtaken": "draft"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


@open_to(*WHO)
@require_safe
def confirmation_list(request: HttpRequest) -> HttpResponse:
    done = request.GET.get("list") == "done"
    waiting = Confirmation.objects.filter(status=Confirmation.Status.WAITING)
    found = Confirmation.objects.exclude(status=Confirmation.Status.WAITING) if done else waiting
    page = page_of(found, request, by=("-id",))
    counts = queries.items_of(page.items)
    return render(
        request,
        "procedures/manage/confirmations.html",
        {
            "page": page,
            "rows": [
                {
                    "confirmation": row,
                    "number": counts.get(row.pk, 0),
                    "tone": TONES[row.status],
                    "mine": request.actor.account is not None and row.proposed_by_id == request.actor.account.pk,
                }
                for row in page.items
            ],
            "done": done,
            "changes": described_changes(table.waiting_changes()),
            "elsewhere": _waiting_elsewhere(request),
            "choices": [
                {"label": _("Chờ duyệt (%(n)s)") % {"n": waiting.count()}, "url": "?", "current": not done},
                {"label": _("Đã xử lý"), "url": "?list=done", "current": done},
            ],
        },
    )


def _waiting_elsewhere(request: HttpRequest) -> list[dict[str, str]]:
    """What else waits for a second person, with the page on which it is decided."""
    if request.actor.role == Role.LEADER:
        return []
    routes = Route.objects.filter(status=Status.SUBMITTED).count()
    forms = Questionnaire.objects.filter(status=Status.SUBMITTED).count()
    rows = Replacement.objects.filter(status=Replacement.Status.PROPOSED).count()
    found = [
        (routes, ngettext("%(n)s quy trình", "%(n)s quy trình", routes), reverse("manage-routes")),
        (forms, ngettext("%(n)s tờ khai", "%(n)s tờ khai", forms), reverse("manage-forms")),
        (
            rows,
            ngettext("%(n)s giấy tờ thay bằng dữ liệu", "%(n)s giấy tờ thay bằng dữ liệu", rows),
            reverse("manage-replacements") + "?status=proposed",
        ),
    ]
    return [{"text": text % {"n": number}, "url": url} for number, text, url in found if number]


@open_to(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Confirmation.objects.select_related("proposed_by"), pk=pk)
    act = request.POST.get("act", "")
    form = ReasonForm(request.POST if act in ("return", "return_some") else None)
    if request.method == "POST":
        if act == "approve":
            return _approved(request, pk)
        if form.is_valid():
            return _sent_back(request, pk, form.cleaned_data["reason"], some=act == "return_some")
    items = found.items.select_related("open_query", "open_query__procedure", "open_query__edition")
    page = page_of(items, request, by=("id",))
    waiting = found.status == Confirmation.Status.WAITING
    own = request.actor.account is not None and request.actor.account.pk == found.proposed_by_id
    refusal = confirmations.second_person(found, request.actor)
    return render(
        request,
        "procedures/manage/confirmation.html",
        {
            "confirmation": found,
            "tone": TONES[found.status],
            "page": page,
            "total": items.count(),
            "rows": [_row(item) for item in page.items],
            "form": form,
            "waiting": waiting,
            "may_approve": waiting and not refusal,
            "may_return": waiting and (own or not refusal),
            "own": own,
            "refusal": refusal if waiting else "",
        },
        status=422 if request.method == "POST" else 200,
    )


def _row(item: ConfirmationItem) -> dict[str, Any]:
    open_query = item.open_query
    return {
        "pk": item.pk,
        "code": open_query.procedure.code,
        "title": value_text(open_query.edition.title, open_query.edition.title_en),
        "kind": queries.kind_label(open_query.kind),
        "open_query": open_query.pk,
        "place": place_words(open_query, open_query.edition.facts),
        "raw": open_query.raw,
        "source": source_words(open_query, open_query.edition.facts),
        "times": step_times(open_query.edition.facts) if queries.asks_for(open_query) == queries.LIMIT else None,
        "words": decision_words(open_query, item.value, accept=item.accept),
        "outcome": item.get_outcome_display(),
        "tone": TONES[item.outcome],
        "waiting": item.outcome == ConfirmationItem.Outcome.WAITING,
    }


def _approved(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        made, overtaken = confirmations.approve_decisions(pk, request.actor, timezone.now())
    except StaleQuery:
        messages.warning(request, _("Có điểm vừa được người khác quyết định. Hãy tải lại rồi duyệt lại."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    except InvalidFacts as error:
        text = _("Điều đề xuất cho %(code)s không còn khớp với phần còn lại. Hãy trả lại điểm đó rồi duyệt phần khác.")
        messages.warning(request, text % {"code": error.code})
    else:
        text = ngettext("Đã duyệt và công bố %(n)s bản mới.", "Đã duyệt và công bố %(n)s bản mới.", len(made))
        messages.success(request, text % {"n": len(made)})
        if overtaken:
            text = _("%(n)s điểm không áp dụng vì thủ tục đã đổi từ khi đề xuất; chúng trở lại danh sách chờ.")
            messages.warning(request, text % {"n": overtaken})
        return redirect("manage-confirmations")
    return redirect("manage-confirmation", pk=pk)


def _sent_back(request: HttpRequest, pk: int, reason: str, *, some: bool) -> HttpResponse:
    ticked = [
        int(text) for text in request.POST.getlist("item") if text.isascii() and text.isdigit() and len(text) < 18
    ]
    try:
        found = confirmations.send_back(
            pk, request.actor, timezone.now(), reason=reason, items=ticked[: queries.AT_ONCE] if some else None
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("manage-confirmation", pk=pk)
    messages.success(request, _("Đã trả lại. Các điểm đó trở lại danh sách chờ xác nhận."))
    if found.status == Confirmation.Status.WAITING:
        return redirect("manage-confirmation", pk=pk)
    return redirect("manage-confirmations")
