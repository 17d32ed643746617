"""Working off open queries: the list, one decision, and like cases at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, Count, Min, Q, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from procedures import display
from procedures.display import value_text
from procedures.editions import source_updates
from procedures.editions.diff import part_words
from procedures.editions.document import InvalidFacts
from procedures.editions.forms.fields import form_for
from procedures.fees.sentences import per_name
from procedures.models import Confirmation, Field, OpenQuery, Procedure
from procedures.public.presentation import agency_names
from procedures.review import confirmations, queries
from procedures.review.evidence import place_words, source_words, step_times
from vietnam.money import format_money
from vietnam.text import excerpt

CONTROLLER = StaffPost.Role.CONTROLLER
GROUPS = 15


@open_to(CONTROLLER)
@require_safe
def open_query_list(request: HttpRequest) -> HttpResponse:
    kind, field = _asked(request.GET.get("kind", "")), _asked(request.GET.get("field", ""))
    found = _narrowed(kind, field)
    page = page_of(found.select_related("edition", "procedure"), request, by=("id",))
    counts = dict(
        queries.undecided_queries()
        .filter(procedure__kind=Procedure.Kind.RECEIVABLE)
        .order_by()
        .values_list("kind")
        .annotate(number=Count("id"))
    )
    return render(
        request,
        "procedures/manage/open_queries.html",
        {
            "page": page,
            "rows": [_row(open_query) for open_query in page.items],
            "total": found.count(),
            "before_second": Confirmation.objects.filter(status=Confirmation.Status.WAITING).count(),
            "kind": kind,
            "field": field,
            "kinds": [
                (key, f"{label} ({counts[key]})") for key, (_group, label) in queries.KINDS.items() if key in counts
            ],
            "fields": [
                (f.key, display.short_text(value_text(f.name, f.name_en)))
                for f in Field.objects.filter(editions__status="published").distinct()[:400]
            ],
            "groups": like_cases(found, field) if kind else [],
            "equal_rule": queries.EQUAL_RULE,
            "chips": _chips(kind, field),
            "address": urlencode({k: v for k, v in (("kind", kind), ("field", field)) if v}),
        },
    )


def _asked(text: str) -> str:
    return text[:120] if text.isprintable() else ""


def _narrowed(kind: str, field: str) -> QuerySet[OpenQuery]:
    """Of procedures received here; a ministry's own are listed only and wait for nobody."""
    found = queries.undecided_queries().filter(procedure__kind=Procedure.Kind.RECEIVABLE)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(edition__field__key=field) if field else found


def _row(open_query: OpenQuery) -> dict[str, Any]:
    return {
        "pk": open_query.pk,
        "code": open_query.procedure.code,
        "title": value_text(open_query.edition.title, open_query.edition.title_en),
        "kind": queries.kind_label(open_query.kind),
        "place": place_words(open_query, open_query.edition.facts),
        "raw": open_query.raw[:300],
        "proposal": proposal_words(open_query),
        "acceptable": queries.acceptable_queries(open_query),
    }


def proposal_words(open_query: OpenQuery) -> str:
    """The proposed value as people say it; empty when there is none."""
    return _value_words(open_query, open_query.proposal or {})


def decision_words(open_query: OpenQuery, value: dict[str, Any] | None, *, accept: bool) -> str:
    """A decision as people say it."""
    group = queries.asks_for(open_query)
    if group == queries.DIFFERENCE and accept:
        return part_words(source_updates.part_of(open_query), (open_query.proposal or {}).get("value"))[:800]
    if group == queries.INTERNAL and accept:
        return _("Là thủ tục nội bộ, không hiện ra với người dân")
    if group == queries.REMARK or not accept:
        return _("Đã xem, giữ như đang ghi")
    said_ = value or {}
    words = [_value_words(open_query, said_)]
    if group == queries.FEE:
        words += [
            said_.get("name", ""),
            _("tính theo %(per)s")
            % {"per": per_name(said_.get("per", "dossier"), "en" if display.english() else "vi")},
        ]
    if group == queries.DOCUMENT:
        words.insert(0, said_.get("name", ""))
    if said_.get("after_15h_next_day"):
        words.append(_("nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo"))
    return " · ".join(filter(None, words))


def _value_words(open_query: OpenQuery, value: dict[str, Any]) -> str:
    group = queries.asks_for(open_query)
    if group == queries.LIMIT and value.get("unit"):
        if value["unit"] == "at_once":
            return _("Giải quyết ngay")
        return display.amount_words(value["amount"], value["unit"]) if value.get("amount") is not None else ""
    if group == queries.FEE and value.get("amount") is not None:
        return format_money(value["amount"])
    if group == queries.DOCUMENT and "originals" in value:
        return _("%(originals)s bản chính, %(copies)s bản sao") % {
            "originals": value.get("originals", 0),
            "copies": value.get("copies", 0),
        }
    if group == queries.ONLINE and value.get("value"):
        return str(display.ONLINE_LEVELS[value["value"]])
    if group == queries.AGENCY and value.get("value"):
        return agency_names([value["value"]], timezone.localdate()).get(value["value"], value["value"])
    return ""


def like_cases(found: QuerySet[OpenQuery], field: str) -> list[dict[str, Any]]:
    """Like cases of one kind, the most frequent first: an example, its proposal and how many there are."""
    counted = list(
        found.filter(proposal__isnull=False)
        .exclude(~Q(kind=source_updates.DIFFERS), raw="")
        .order_by()
        .annotate(
            words=Case(When(kind=source_updates.DIFFERS, then=Value("")), default="raw", output_field=TextField())
        )
        .values("proposal", "words")
        .annotate(number=Count("id"), example=Min("id"))
        .order_by("-number")[:GROUPS]
    )
    examples = OpenQuery.objects.in_bulk([row["example"] for row in counted])
    groups = []
    for row in counted:
        example = examples[row["example"]]
        if row["number"] > 1 and queries.acceptable_queries(example):
            words = proposal_words(example) or excerpt(example.raw, 120)
            if example.kind == source_updates.DIFFERS:
                words = part_words(source_updates.part_of(example), (example.proposal or {}).get("value"))
                words = excerpt(words, 300)
            group = {
                "example": example.pk,
                "words": words,
                "raw": row["words"],
                "number": row["number"],
                "field": field,
            }
            groups.append(group)
    return groups


def _chips(kind: str, field: str) -> list[dict[str, str]]:
    chips = []
    if kind:
        chips.append(
            {"label": queries.kind_label(kind), "remove_url": f"?{urlencode({'field': field} if field else {})}"}
        )
    if field:
        name = Field.objects.filter(key=field).first()
        label = value_text(name.name, name.name_en) if name else field
        chips.append({"label": label, "remove_url": f"?{urlencode({'kind': kind} if kind else {})}"})
    return chips


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def open_query(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(OpenQuery.objects.select_related("edition", "edition__field", "procedure"), pk=pk)
    if found.kind == source_updates.DIFFERS and request.method != "POST":
        return redirect("manage-update", code=found.procedure.code)
    proposed = queries.proposed_decision(found) if found.decided_at is None else None
    open_still = proposed is None and found.decided_at is None and found.edition_id == found.procedure.current_id
    form = form_for(found, request.POST if request.method == "POST" else None)
    dismissible = queries.asks_for(found) in (queries.REMARK, queries.INTERNAL, queries.DIFFERENCE, queries.DOCUMENT)
    if request.method == "POST":
        leave = request.POST.get("decision") == "leave" and dismissible
        if leave or form.is_valid():
            return _decided(request, found, None if leave else form.value(), accept=not leave)
    return render(
        request,
        "procedures/manage/open_query.html",
        {
            "open_query": found,
            "kind": queries.kind_label(found.kind),
            "title": value_text(found.edition.title, found.edition.title_en),
            "form": form,
            "open": open_still,
            "proposed": proposed,
            "proposed_words": decision_words(found, proposed.value, accept=proposed.accept) if proposed else "",
            "dismissible": dismissible,
            "group": queries.asks_for(found),
            "proposal": proposal_words(found),
            "place": place_words(found, found.edition.facts),
            "steps": found.edition.facts.get("steps", ""),
            "times": step_times(found.edition.facts) if queries.asks_for(found) == queries.LIMIT else None,
            "source": source_words(found, found.edition.facts),
            "link": found.edition.facts.get("link", ""),
            "equal_rule": queries.EQUAL_RULE,
            "alike": queries.queries_alike(found).count() if open_still and queries.acceptable_queries(found) else 0,
        },
    )


def _decided(request: HttpRequest, found: OpenQuery, value: dict[str, Any] | None, *, accept: bool) -> HttpResponse:
    try:
        made = confirmations.propose_decisions([queries.Decision(found, value, accept)], request.actor, timezone.now())
    except (queries.StaleQuery, InvalidFacts):
        messages.warning(
            request, _("Điểm này vừa được người khác quyết định, hoặc thủ tục đã có bản mới. Hãy xem lại.")
        )
        return redirect("manage-procedure", code=found.procedure.code)
    messages.success(request, sent_words(made, 1))
    following = _narrowed(found.kind, "").filter(pk__gt=found.pk).order_by("pk").first()
    if following:
        return redirect("manage-query", pk=following.pk)
    return redirect(f"{reverse('manage-queries')}?kind={found.kind}")


def sent_words(made: Confirmation | None, number: int) -> str:
    """What happens next with what was proposed."""
    if made is None:
        return _("Đã ghi quyết định; bản đang áp dụng giữ nguyên.")
    text = ngettext(
        "Đã gửi %(n)s điểm cho người thứ hai duyệt. Người dân thấy giá trị mới sau khi duyệt.",
        "Đã gửi %(n)s điểm cho người thứ hai duyệt. Người dân thấy giá trị mới sau khi duyệt.",
        number,
    )
    return text % {"n": number}


@open_to(CONTROLLER)
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Propose to accept what the ticked open queries offer, or all that are like an example, as one batch."""
    narrowing = {key: request.POST[key] for key in ("kind", "field") if request.POST.get(key)}
    back = f"{reverse('manage-queries')}?{urlencode(narrowing)}"
    if request.POST.get("back") == "updates":
        back = reverse("manage-updates")
    example = request.POST.get("alike", "")
    if example.isascii() and example.isdigit() and len(example) < 18:
        sample = get_object_or_404(OpenQuery, pk=int(example))
        chosen = queries.queries_alike(sample, field=_asked(request.POST.get("field", "")))
    else:
        ids = [text for text in request.POST.getlist("query") if text.isascii() and text.isdigit() and len(text) < 18]
        chosen = queries.undecided_queries().filter(pk__in=[int(text) for text in ids[: queries.AT_ONCE]])
    listed = list(
        chosen.filter(procedure__kind=Procedure.Kind.RECEIVABLE)
        .select_related("procedure")
        .order_by("pk")[: queries.AT_ONCE]
    )
    try:
        made = confirmations.propose_proposals(listed, request.actor, timezone.now())
    except InvalidFacts as error:
        text = _("Không nhận được cho tất cả: %(code)s không khớp với phần còn lại. Hãy xử lý riêng thủ tục đó.")
        messages.warning(request, text % {"code": error.code})
        return redirect(back)
    except queries.StaleQuery:
        messages.warning(request, _("Có điểm vừa được người khác quyết định. Hãy tải lại danh sách rồi chọn lại."))
        return redirect(back)
    if made:
        messages.success(request, sent_words(made, made.items.count()))
    else:
        messages.warning(request, _("Chưa chọn điểm nào có đề xuất chấp nhận được."))
    return redirect(back)
