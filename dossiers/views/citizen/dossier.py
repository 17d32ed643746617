"""The applicant's own dossiers: what needs them, where each stands, what they may do."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import SIGNED_IN, open_to
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from digitization import scans, uploads
from digitization.cards import read_card
from digitization.models import StoredFile
from dossiers.access.held_results import is_result_held
from dossiers.access.policies import of_applicant
from dossiers.correspondence import messages as correspondence
from dossiers.fees.display import fate_of_fee
from dossiers.filing import discarding, open_pages, upload_targets
from dossiers.forms.action import ActionForm, effects_of
from dossiers.forms.filing import RatingForm
from dossiers.lifecycle import TABLE, Refused, Stale, available_transitions, execute_transition, refusal_of
from dossiers.models import ENDED_STATES, Dossier, DossierDocument, Rating, State, SupplementRequest
from dossiers.views import sheet
from dossiers.views.citizen.filing_sections import page_state
from dossiers.views.citizen.latest import latest_of
from dossiers.views.paging import page_of
from dossiers.views.typed import typed_values
from payments import panels

# What an applicant does on pages of their own or through staff's; the rest is not offered here.
_ANSWERS = ("answer_supplement", "add_to_answer")
_OFFERED = (*_ANSWERS, "collect", "withdraw")
_REMOVE_FORM = "remove-file"  # id of the form that takes files back


# What a card shows; with all that a dossier's own page joins, PostgreSQL planned for 25 ms.
_CARDS = KeptQuery(
    lambda keys: (
        Dossier.objects.filter(Among("pk", keys))
        .select_related("edition", "settling_agency__calendar")
        .defer("answers", "fee_facts", "search_vector")
    ),
    keys=ANY_KEYS,
)


@open_to(SIGNED_IN)
def dossiers(request: HttpRequest) -> HttpResponse:
    mine = of_applicant(request.actor, Dossier.objects.kept())
    page = page_of(request, mine, key="id", newest_first=True, size=20)
    keys, at = [row.pk for row in page.rows], timezone.now()
    found = sorted(_CARDS.records(keys=keys), key=lambda each: -each.pk) if keys else []
    asked = correspondence.asked_of_applicant(found)
    cards = [_card(dossier, at, asked=dossier.pk in asked) for dossier in found]
    context = {
        "needs": [c for c in cards if c["needs"]],
        "others": [c for c in cards if not c["needs"]],
        "page": page,
        "discarded": _discarded(request),
    }
    return render(request, "dossiers/citizen/list.html", context)


def _discarded(request: HttpRequest) -> list[dict[str, Any]]:
    """The drafts deleted last, which can be taken back."""
    deleted = of_applicant(request.actor, Dossier.objects.filter(discarded_at__isnull=False))
    return [
        {"dossier": draft, "title": sheet.title_of(draft), "until": discarding.kept_until(draft)}
        for draft in deleted.select_related("edition").order_by("-discarded_at")[:10]
    ]


def _card(dossier: Dossier, at: Any, *, asked: bool) -> dict[str, Any]:
    """A dossier in a list: what it is, how it stands, and what it needs from the reader."""
    needs = ""
    url = reverse("my-dossier", args=[dossier.uid])
    if dossier.state == State.DRAFT:
        needs, url = _("Hồ sơ CHƯA GỬI. Hãy làm tiếp và gửi."), reverse("file-tasks", args=[dossier.uid])
    elif dossier.state == State.SUPPLEMENT:
        needs = _("Hãy bổ sung giấy tờ.")
    elif dossier.state == State.FINANCIAL or (
        dossier.fee_amount and dossier.fee_settled_at is None and dossier.state not in ENDED_STATES
    ):
        needs = _("Hãy nộp phí, lệ phí.")
    elif dossier.state == State.DONE:
        needs = _("Đã có kết quả. Hãy nhận kết quả.")
    if asked and not needs:
        needs, url = _("Cơ quan hỏi bạn. Hãy trả lời tin nhắn."), reverse("my-dossier-messages", args=[dossier.uid])
    return {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "standing": sheet.standing(dossier, at=at),
        "needs": needs,
        "url": url,
    }


def _mine(request: HttpRequest, uid: Any) -> Dossier:
    mine = sheet.prefetched(of_applicant(request.actor, Dossier.objects.all()))
    return get_object_or_404(mine.prefetch_related("edition__fee_lines"), uid=uid)


@open_to(SIGNED_IN)
def dossier(request: HttpRequest, uid: Any) -> HttpResponse:
    shown = _mine(request, uid)
    if shown.state == State.DRAFT:
        return redirect("file-tasks", shown.uid)
    at = timezone.now()
    context = sheet.whole(request, shown, public=True, at=at)
    results = [d for d in context["documents"] if d.kind == DossierDocument.Kind.RESULT and d.withdrawn_at is None]
    ready = shown.state in (State.DONE, State.RETURNED)
    fee_first = is_result_held(shown)
    buttons = _buttons(request, shown)
    context["documents"] = [d for d in context["documents"] if d.kind != DossierDocument.Kind.RESULT]
    context["files"] = sheet.files_of(context["documents"])
    context |= {
        "results": sheet.files_of(results) if ready and not fee_first else [],
        "fee_first": fee_first and any(d.file_id for d in results),
        "actions": [button for button in buttons if button["tone"] == "primary"],
        "withdrawals": [button for button in buttons if button["tone"] == "warning"],
        "facts": _facts(shown),
        "latest": latest_of(shown, context["timeline"]),
        "charges": panels.charge_panels(request.actor, shown.reference, at=at),
        "correspondence": correspondence.summary_of_messages(shown, as_applicant=True),
        "rating": Rating.objects.filter(dossier=shown).first(),
        "may_rate": shown.state == State.RETURNED and not shown.destroyed_at,
    }
    return render(request, "dossiers/citizen/dossier.html", context)


def _facts(dossier: Dossier) -> list[dict[str, Any]]:
    returned = [dossier.get_return_method_display()]
    if dossier.return_method == "counter" and dossier.return_desk:
        returned.append(dossier.return_desk.local_name)
    elif dossier.return_method == "post":
        returned.append(dossier.return_address)
    return [
        {"key": _("Người đứng tên"), "value": dossier.owner_name},
        {"key": _("Người nộp"), "value": dossier.filer.full_name},
        {"key": _("Nội dung đề nghị"), "value": dossier.content},
        *([{"key": _("Trường hợp"), "value": case}] if (case := sheet.case_of(dossier)) else []),
        {"key": _("Nơi tiếp nhận"), "value": getattr(dossier.receiving_agency, "local_name", "")},
        {"key": _("Cơ quan giải quyết"), "value": getattr(dossier.settling_agency, "local_name", "")},
        {"key": _("Nhận kết quả"), "value": "\n".join(returned)},
    ]


def _buttons(request: HttpRequest, dossier: Dossier) -> list[dict[str, Any]]:
    rules = [rule for rule in available_transitions(dossier, request.actor) if rule.action in _OFFERED]
    if not (dossier.return_method == "download" and dossier.has_digital_result):
        rules = [rule for rule in rules if rule.action != "collect"]
    return [
        {
            "label": rule.label,
            "url": reverse("my-dossier-act", args=[dossier.uid, rule.action]),
            "method": "get",
            "tone": "warning" if rule.danger else "primary",
            "effects": effects_of(rule, dossier),
        }
        for rule in rules
    ]


@open_to(SIGNED_IN, refills=True)
def act(request: HttpRequest, uid: Any, action: str) -> HttpResponse:
    """The applicant's actions; an answer to a supplement takes files with it."""
    shown = _mine(request, uid)
    rule = TABLE.get(action)
    refusal = refusal_of(shown, rule, request.actor) if rule and action in _OFFERED else None
    if rule is None or action not in _OFFERED or refusal is not None:
        sentence = str(refusal.sentence) if refusal else _("Không có thao tác này.")
        typed = typed_values(rule, request) if rule else []
        if typed:
            context = {"dossier": shown, "sentence": sentence, "typed": typed}
            return render(request, "dossiers/citizen/refused.html", context, status=409)
        messages.error(request, sentence)
        return redirect("my-dossier", shown.uid)
    supplement = shown.supplement_requests.filter(answered_at__isnull=True).first()
    answering = shown.supplement_requests.order_by("-id").first() if action in _ANSWERS else None
    written = request.kept.dict() or (
        open_pages.typed_answers(shown, open_pages.answer_section(answering)) if answering else {}
    )
    form = ActionForm(rule, shown, request.POST or None, initial={**written, "revision": shown.revision})
    status = 200
    if request.method == "POST":
        if form.is_valid() and _done(request, shown, action, form, answering):
            return redirect("my-dossier", shown.uid)
        status = 422
        form.data = {**form.data.dict(), "revision": str(shown.revision)}  # what comes next is judged anew
    context = {
        "dossier": shown,
        "title": sheet.title_of(shown),
        "rule": rule,
        "form": form,
        "effects": [] if answering else [*effects_of(rule, shown), *fate_of_fee(rule.action, shown)],
        "supplement": supplement,
    }
    if answering:
        section = open_pages.answer_section(answering)
        context |= {**_answer_page(shown, answering), **page_state(request, shown, section)}
    return render(request, "dossiers/citizen/act.html", context, status=status)


def _answer_page(dossier: Dossier, wanted: SupplementRequest) -> dict[str, Any]:
    """What was asked for, what was sent for it so far, and where the page saves itself."""
    owner = upload_targets.answer_owner(wanted)
    return {
        "wanted": wanted.items,
        "upload_owner": owner,
        "remove_form": _REMOVE_FORM,
        "waiting": [_waiting_card(dossier, file) for file in upload_targets.waiting_uploads([owner]).get(owner, [])],
    }


def _waiting_card(dossier: Dossier, file: StoredFile) -> dict[str, Any]:
    address = reverse("my-dossier-take-back", args=[dossier.uid, file.pk])
    return read_card(file, remove_url=address, remove_form=_REMOVE_FORM)


@open_to(SIGNED_IN)
def take_back(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """Take back a file that was sent for an answer that is not handed in yet."""
    shown = _mine(request, uid)
    wanted = shown.supplement_requests.order_by("-id").first()
    if wanted is None or not upload_targets.may_use_answer(request.actor, upload_targets.answer_owner(wanted)):
        return redirect("my-dossier", shown.uid)
    if request.method == "POST":
        owner = upload_targets.answer_owner(wanted)
        uploads.discard_file(get_object_or_404(StoredFile.objects.present(), pk=file, owner=owner))
    return redirect("my-dossier-act", shown.uid, _ANSWERS[0] if wanted.answered_at is None else _ANSWERS[1])


def _done(
    request: HttpRequest, dossier: Dossier, action: str, form: ActionForm, answering: SupplementRequest | None
) -> bool:
    try:
        with transaction.atomic():
            if answering:
                upload_targets.adopt_answer_files(answering, dossier, at=timezone.now())
                _take_files(request, dossier)
            execute_transition(
                dossier,
                action,
                request.actor,
                at=timezone.now(),
                revision=form.cleaned_data["revision"],
                **form.inputs(request.actor),
            )
    except Stale as refusal:
        dossier.refresh_from_db(fields=["revision"])
        form.refuse(refusal)
    except Refused as refusal:
        form.refuse(refusal)
    else:
        messages.success(request, str(TABLE[action].done or TABLE[action].label))
        return True
    return False


def _take_files(request: HttpRequest, dossier: Dossier) -> None:
    for sent in request.FILES.getlist("files"):
        stored = uploads.store_file(sent, sent.name or "", dossier.reference, request.actor)
        DossierDocument.objects.create(
            dossier=dossier, kind=DossierDocument.Kind.OTHER, name=stored.name, file=stored, position=1000
        )
        scans.queue_scan(stored)


@open_to(SIGNED_IN, refills=True)
def rate(request: HttpRequest, uid: Any) -> HttpResponse:
    """How it was, once, after the result was returned."""
    shown = _mine(request, uid)
    if shown.state != State.RETURNED or shown.destroyed_at or Rating.objects.filter(dossier=shown).exists():
        return redirect("my-dossier", shown.uid)
    form = RatingForm(request.POST or None, initial=request.kept.dict())
    if request.method == "POST" and form.is_valid():
        Rating.objects.get_or_create(
            dossier=shown,
            defaults={
                "stars": form.cleaned_data["stars"],
                "comment": form.cleaned_data["comment"],
                "at": timezone.now(),
            },
        )
        messages.success(request, _("Cảm ơn bạn đã đánh giá."))
        return redirect("my-dossier", shown.uid)
    context = {"dossier": shown, "title": sheet.title_of(shown), "form": form}
    return render(request, "dossiers/citizen/rate.html", context, status=422 if form.errors else 200)
