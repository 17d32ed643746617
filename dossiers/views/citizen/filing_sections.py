"""The question pages of an online filing: each is saved by its button, and saves itself while it is open."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import SIGNED_IN, open_to
from dossiers.fees import amounts
from dossiers.filing import completeness, declaration
from dossiers.filing import drafts as filing
from dossiers.filing.open_pages import (
    SavedElsewhere,
    Stamp,
    answer_section,
    claim_section,
    keep_typed,
    require_current,
    stamp_for,
    typed_answers,
)
from dossiers.forms import fee_facts as fee_fields
from dossiers.forms.filing import ApplicantForm, RequestForm, ReturnForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier
from dossiers.views import sheet
from dossiers.views.citizen.comparison import compared_answers
from dossiers.views.citizen.filing import draft_of, following, section_titles, sent_already
from procedures.questionnaire.layout import read_layout
from procedures.questionnaire.web import names
from vietnam.documents import FOREIGN, IdentityDocument


@open_to(SIGNED_IN, refills=True)
def section(request: HttpRequest, uid: Any, section: str) -> HttpResponse:
    """One question page; saving leads to the next."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if section == "documents":
        return redirect("file-documents", draft.uid)
    if section not in completeness.SECTIONS:
        raise Http404
    form = _form(draft, section, request.POST or None, request.kept.dict() or typed_answers(draft, section))
    status, compared = 200, None
    if request.method == "POST":
        stamp = Stamp.read(request.POST)
        try:
            if form.is_valid():
                with transaction.atomic():
                    claim_section(draft, section, stamp)
                    saved = _save(draft, section, form)
                return redirect(following(saved, section))
            require_current(draft, section, stamp)
        except SavedElsewhere:
            draft = draft_of(request, uid)
            theirs = _form(draft, section, None, typed_answers(draft, section))
            compared = compared_answers(form, theirs)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
        status = 409 if compared is not None else 422
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "section": section,
        "section_title": section_titles()[section],
        "compared": compared,
        **page_state(request, draft, section, compared=compared is not None),
    }
    return render(request, "dossiers/citizen/section.html", context, status=status)


def page_state(request: HttpRequest, dossier: Dossier, section: str, *, compared: bool = False) -> dict[str, Any]:
    """Where the open page saves itself, and the stamp by which it is told when another page saved meanwhile."""
    return {
        "draft_url": reverse("file-typed", args=[dossier.uid, section]),
        "stamp": stamp_for(dossier, section, request.POST.dict(), compared=compared),
    }


@open_to(SIGNED_IN)
def typed(request: HttpRequest, uid: Any, section: str) -> HttpResponse:
    """The open page saves itself: its answers are kept as typed, and another device shows them."""
    draft = draft_of(request, uid)
    stamp = Stamp.read(request.POST.dict())
    if request.method != "POST" or stamp is None:
        return redirect("file-tasks", draft.uid)
    try:
        names = _names(draft, section)
        given = {name: str(text) for name, text in request.POST.items() if name in names}
        saves = keep_typed(draft, section, given, stamp)
    except Refused as refusal:
        return HttpResponse(str(refusal.sentence), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"OSS-Saves": str(saves)})


def _names(draft: Dossier, section: str) -> Collection[str]:
    """The questions of a page."""
    wanted = draft.supplement_requests.filter(answered_at__isnull=True).first()
    if wanted is not None and section == answer_section(wanted):
        return ("answer",)
    if section == declaration.SECTION and (questionnaire := declaration.form_in_force(draft)):
        return names(read_layout(questionnaire.layout))
    if section == completeness.FEE:
        return fee_fields.field_names(amounts.asked_inputs(draft, at=timezone.now()))
    if section not in completeness.SECTIONS or section == "documents":
        raise Http404
    return _form(draft, section).fields


def _form(draft: Dossier, section: str, data: Any = None, written: Mapping[str, Any] | None = None) -> Any:
    """The page's form; `written` are answers that were typed and not saved, shown without being judged."""
    if section == "applicant":
        initial = {
            "ground": draft.filing_ground,
            "enterprise": draft.owner_enterprise_id,
            **_stated(draft),
            "note": draft.ground_note,
            "phone": draft.contact_phone,
            "email": draft.contact_email,
            "address": draft.contact_address,
        }
        code = draft.edition.procedure.code
        return ApplicantForm(draft.filer, data, procedure_code=code, initial={**initial, **(written or {})})
    if section == "request":
        initial = {"content": draft.content, "case": draft.case, "territory": draft.answers.get("territory", "")}
        return RequestForm(draft, data, initial={**initial, **(written or {})})
    address = draft.return_address or draft.contact_address
    initial = {"method": draft.return_method, "desk": draft.return_desk_id, "address": address}
    return ReturnForm(draft, data, initial={**initial, **(written or {})})


def _stated(draft: Dossier) -> dict[str, Any]:
    """What the filer typed about who authorised them; never what a record says of that person."""
    row = draft.authorisation
    if row is None:
        return {}
    if row.confirmed_at:
        return {"authorisation": row.pk}
    paper = IdentityDocument.of_key(row.grantor_number)
    country = paper.country if paper.kind in FOREIGN else ""
    return {"owner_number": paper.number, "owner_country": country, "owner_name": row.grantor_name}


def _save(draft: Dossier, section: str, form: Any) -> Dossier:
    given = form.cleaned_data
    if section == "applicant":
        return filing.save_applicant(
            draft,
            ground=given["ground"],
            owner=form.owner(),
            note=given["note"],
            phone=given["phone"],
            email=given["email"],
            address=given["address"],
            authorised_by=form.authorised_by(),
            authorisation=given.get("authorisation"),
        )
    if section == "request":
        return filing.save_request(
            draft,
            case=given.get("case", ""),
            content=given.get("content", draft.content),
            territory=given.get("territory"),
        )
    return filing.save_return(draft, method=given["method"], desk=given["desk"], address=given["address"])
