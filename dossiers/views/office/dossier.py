"""A dossier as staff see it, and the one page on which every action is done."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.areas import areas_of
from accounts.models import StaffPost
from accounts.permissions import STAFF, open_to, visible
from digitization import page_edits
from digitization.cards import read_card
from digitization.models import StoredFile
from digitization.signing import copies
from dossiers.access.openings import record_dossier_look
from dossiers.correspondence import messages as correspondence
from dossiers.deadlines import extension
from dossiers.fees.display import fate_of_fee
from dossiers.forms.action import ActionForm, action_form_fields, effects_of
from dossiers.lifecycle import (
    TABLE,
    NotAllowed,
    Refused,
    Stale,
    available_transitions,
    execute_transition,
    moved_on,
    refusal_of,
    results,
    route_change,
)
from dossiers.lifecycle.transitions import Clock, Transition
from dossiers.models import Dossier, DossierDocument, State
from dossiers.search import dossier_by_code
from dossiers.views import navigation, sheet
from dossiers.views.custody.folders import folder_lines
from dossiers.views.office import action_context, case_opening
from dossiers.views.typed import typed_values
from papers.signing.keys import signing_is_set_up
from payments import panels

Role = StaffPost.Role
_KEYS = {
    "accept": "t",
    "ask_completion": "b",
    "refuse": "u",
    "assign": "p",
    "take": "n",
    "attach_result": "d",
    "verify": "t",
    "submit": "t",
    "approve": "t",
    "issue": "t",
    "return_result": "t",
    "send_back": "l",
    "ask_supplement": "b",
    "extend": "g",
    "remind": "o",
}


def found(request: HttpRequest, code: str) -> Dossier:
    """The dossier of `code`, as it is or as somebody typed it, that this actor may see, else 404."""
    dossiers = sheet.prefetched(visible(request.actor, Dossier.objects.sent())).prefetch_related(
        "edition__fee_lines", "unopened_links"
    )
    dossier = dossier_by_code(dossiers, code)
    if dossier is None:
        raise Http404
    record_dossier_look(dossier, by=request.actor, at=timezone.now())
    return dossier


def buttons(dossier: Dossier, request: HttpRequest) -> list[dict[str, Any]]:
    """What may be done now, the next step first."""
    rules = [rule for rule in available_transitions(dossier, request.actor)]
    rules.sort(key=_weight)
    return [_button(rule, dossier, first=n == 0) for n, rule in enumerate(rules)]


_FORWARD = ("accept", "assign", "verify", "submit", "approve", "issue", "return_result", "answer_supplement")


def _weight(rule: Transition) -> int:
    if rule.action in _FORWARD:
        return 0
    return 2 if rule.danger else 1


def _button(rule: Transition, dossier: Dossier, *, first: bool) -> dict[str, Any]:
    asks = bool(action_form_fields(rule, dossier)) or any(field.kind == "papers" for field in rule.fields)
    return {
        "label": rule.label_for_staff,
        "url": reverse("dossier-act", args=[dossier.code, rule.action]),
        "method": "get" if asks or rule.danger else "post",
        "tone": "warning" if rule.danger else ("primary" if first else "secondary"),
        "key": _KEYS.get(rule.action, ""),
        "effects": effects_of(rule, dossier) if first else [],
    }


_ASK_REGISTERS = (StaffPost.Role.COUNTER, StaffPost.Role.OFFICER, StaffPost.Role.UNIT_HEAD)


@open_to(STAFF)
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    if closed := case_opening.closed_dossier(request, code):
        return case_opening.closed_page(request, closed)
    shown = found(request, code)
    context = sheet.whole(request, shown, public=False, at=timezone.now())
    context |= {
        "actions": buttons(shown, request),
        "charges": panels.charge_panels(request.actor, shown.reference, at=timezone.now()),
        "correspondence": correspondence.summary_of_messages(shown, as_applicant=False),
        "changes": shown.due_date_changes.all()[:20],
        "expected": sheet.expected(shown, at=timezone.now()) if shown.state == State.FILED else None,
        "folders": folder_lines(shown),
        "files": _with_page_links(request, shown, context["documents"]),
        "copies_to_sign": len(_copies_to_sign(request, context["documents"])),
        "registers": request.actor.role in _ASK_REGISTERS,
        "subnav": subnav_of(request),
    }
    return render(request, "dossiers/officer/dossier.html", context)


def _with_page_links(request: HttpRequest, shown: Dossier, documents: list[DossierDocument]) -> list[dict[str, Any]]:
    """The cards of the files, each with the way to its pages where this actor may put them in order."""
    allowed = refusal_of(shown, TABLE["edit_pages"], request.actor) is None
    papers = {file.pk for d in documents if d.kind != DossierDocument.Kind.RESULT for file in d.files}
    cards = []
    for file, note in sheet.named_files(documents):
        may_edit = allowed and file.pk in papers and page_edits.may_be_edited(file)
        pages_url = reverse("dossier-file-pages", args=[shown.code, file.pk]) if may_edit else ""
        card = read_card(file, note=note)
        again = reverse("dossier-file-again", args=[shown.code, file.pk]) if card["state"] == "parked" else ""
        cards.append({**card, "pages_url": pages_url, "again_url": again})
    return cards


_SIGNS_COPIES = (Role.COUNTER, Role.OFFICER, Role.CLERK)


def _copies_to_sign(request: HttpRequest, documents: list[DossierDocument]) -> list[StoredFile]:
    """The scanned papers whose electronic copy nobody has signed, where this post signs."""
    if request.actor.role not in _SIGNS_COPIES or not signing_is_set_up():
        return []
    papers = [document for document in documents if document.kind != DossierDocument.Kind.RESULT]
    return [file for document in papers for file in document.files if copies.may_be_signed(file)]


@open_to(*_SIGNS_COPIES)
@require_POST
def sign_copies(request: HttpRequest, code: str) -> HttpResponse:
    """Have the electronic copies of the dossier's papers signed in the name of who asks."""
    shown = found(request, code)
    files = _copies_to_sign(request, sheet.documents_of(shown))
    try:
        with transaction.atomic():
            number = copies.ask_signed_copies(files, request.actor.post, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Đang ký số %(n)s bản điện tử. Hãy tải lại trang sau ít phút.") % {"n": number})
    return redirect("dossier", shown.code)


@open_to(STAFF, refills=True)
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """GET asks for the facts of an action and says what it will do; POST does it."""
    shown = found(request, code)
    rule = TABLE.get(action)
    drawn = request.POST.get("revision", "")
    if stale := moved_on(shown, int(drawn) if drawn.isdecimal() and len(drawn) < 10 else None):
        return _once_more(request, shown, rule, stale)
    if rule is None or isinstance(refusal_of(shown, rule, request.actor), NotAllowed):
        return _refusal(request, shown, refusal_of(shown, rule, request.actor) if rule else None, 403, rule=rule)
    form = ActionForm(
        rule,
        shown,
        request.POST or None,
        request.FILES or None,
        initial={**_prepared(rule, shown), **request.kept.dict(), "revision": shown.revision},
        at_counter=True,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                execute_transition(
                    shown,
                    action,
                    request.actor,
                    at=timezone.now(),
                    revision=form.cleaned_data["revision"],
                    **form.inputs(request.actor),
                )
        except Stale as refusal:
            return _once_more(request, found(request, code), rule, refusal)
        except NotAllowed as refusal:
            return _refusal(request, shown, refusal, 403, rule=rule)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after(request, shown, rule)
        status = 422
    elif request.method == "POST":
        status = 422
    elif refusal := refusal_of(shown, rule, request.actor):
        return _refusal(request, shown, refusal, 409)
    return _action_page(request, shown, rule, form, status)


def _action_page(request: HttpRequest, shown: Dossier, rule: Transition, form: ActionForm, status: int) -> HttpResponse:
    context = {
        "dossier": shown,
        "title": sheet.title_of(shown),
        "rule": rule,
        "form": form,
        "action_context": action_context.context_rows(rule, shown, request.actor),
        "effects": [*effects_of(rule, shown), *_foreseen(rule, shown), *fate_of_fee(rule.action, shown)],
        "expected": sheet.expected(shown, at=timezone.now()) if rule.clock is Clock.START else None,
        "subnav": subnav_of(request),
    }
    return render(request, "dossiers/officer/act.html", context, status=status)


def _once_more(request: HttpRequest, shown: Dossier, rule: Transition | None, stale: Stale) -> HttpResponse:
    """Somebody was first: the page with what was typed, for the dossier as it is now; or the refusal with it."""
    if rule is None or refusal_of(shown, rule, request.actor) is not None:
        return _refusal(request, shown, stale, 409, rule=rule)
    given = request.POST.copy()
    given["revision"] = str(shown.revision)
    form = ActionForm(rule, shown, given, None, at_counter=True)
    form.full_clean()
    form.refuse(stale)
    return _action_page(request, shown, rule, form, 409)


def _prepared(rule: Transition, dossier: Dossier) -> dict[str, Any]:
    """What the page proposes before anybody typed: a letter that asks for more time or apologises; a result's name."""
    proposal = extension.propose_extension(dossier, at=timezone.now()) if rule.clock is Clock.EXTEND else None
    filled: dict[str, Any] = {"amount": proposal.amount, "reason": proposal.reason} if proposal else {}
    if rule.action == "apologise" and (apology := extension.propose_apology(dossier, at=timezone.now())):
        filled |= {"expected_on": apology[0], "reason": apology[1]}
    if rule.action in ("issue", "record_signed") and (result := results.to_sign(dossier)):
        decided = dossier.events.filter(action__in=("approve", "reject")).select_related("account").last()
        filled |= {
            "result": result.pk,
            "number": result.number,
            "issued_on": result.issued_on or timezone.localdate(),
            "signer": result.signer or (decided.account.full_name if decided and decided.account else ""),
        }
    if rule.action == "attach_result":
        filled["name"] = results.proposed_name(dossier)
    return {"revision": dossier.revision, **filled}


def _foreseen(rule: Transition, dossier: Dossier) -> list[str]:
    """What moving to the route in force would change, or why it cannot be."""
    if rule.action != "change_route":
        return []
    try:
        return [change.sentence for change in route_change.preview_route_change(dossier).changes]
    except Refused as refusal:
        return [str(refusal.sentence)]


def _after(request: HttpRequest, dossier: Dossier, rule: Transition) -> HttpResponse:
    """The counter goes on to the paper that is to be printed, everybody else back to the dossier, or to their own work
    when the act gave the dossier into other hands."""
    done = dossier.events.filter(action=rule.action).last()
    if request.actor.role == Role.COUNTER and done is not None and done.facts.get("papers"):
        return redirect("desk-done", dossier.code)
    messages.success(request, str(rule.done or rule.label_for_staff))
    if not visible(request.actor, Dossier.objects.filter(pk=dossier.pk)).exists():
        messages.info(request, _("Hồ sơ %s không còn ở cơ quan của bạn.") % dossier.code)
        return redirect(areas_of(request.actor)[0][0])
    return redirect("dossier", dossier.code)


def _refusal(
    request: HttpRequest, dossier: Dossier, refusal: Refused | None, status: int, *, rule: Transition | None = None
) -> HttpResponse:
    typed = typed_values(rule, request) if rule else []
    context = {"dossier": dossier, "refusal": refusal, "typed": typed, "subnav": subnav_of(request)}
    return render(request, "dossiers/officer/refused.html", context, status=status)


def subnav_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The local navigation of the actor's area."""
    return navigation.items(request)
