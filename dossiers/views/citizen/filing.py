"""Filing online, one question page at a time. A draft is saved with every page and can be taken up anywhere."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import SIGNED_IN, open_to
from digitization.cards import read_card
from dossiers.access.policies import of_applicant
from dossiers.fees import amounts, display
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import declaration, discarding, edition_change
from dossiers.filing import drafts as filing
from dossiers.filing.eligibility import may_own, not_for_owner, require_open_door
from dossiers.filing.open_pages import (
    SavedElsewhere,
    Stamp,
    answer_section,
    claim_section,
    keep_typed,
    stamp_for,
    typed_answers,
)
from dossiers.forms import fee_facts as fee_fields
from dossiers.forms.filing import ApplicantForm, RequestForm, ReturnForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, State
from dossiers.views import sheet
from dossiers.views.citizen.comparison import compared_answers
from procedures import display as wording
from procedures.editions import time_limits
from procedures.editions.papers import Need, need_of_paper
from procedures.models import Channel, Edition, Procedure
from procedures.questionnaire import versions
from procedures.questionnaire.layout import read_layout
from procedures.questionnaire.web import names
from vietnam import working_time
from vietnam.documents import FOREIGN, IdentityDocument


@open_to(SIGNED_IN)
def start(request: HttpRequest, code: str) -> HttpResponse:
    """What filing will take; POST begins (or finds again) the draft."""
    edition = get_object_or_404(
        Edition.objects.select_related("procedure", "field").prefetch_related("terms", "fee_lines", "documents"),
        procedure__code=code,
        status=Edition.Status.PUBLISHED,
        procedure__kind=Procedure.Kind.RECEIVABLE,
    )
    person = request.actor.person
    if settings.ONLINE_FILING != "here":
        return redirect(settings.NATIONAL_PORTAL_URL)
    try:
        require_open_door(edition, Channel.ONLINE)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("procedure", code)
    if request.method == "POST" and person is not None:
        key = request.POST.get("key", "")[:32] or filing.new_key()
        try:
            draft = filing.start_draft(edition, person, key=key, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
            return redirect("procedure", code)
        return redirect("file-tasks", draft.uid)
    english = get_language() == "en"
    context = {
        "edition": edition,
        "title": (english and edition.title_en) or edition.title,
        "person": person,
        "key": filing.new_key(),
        "drafts": of_applicant(request.actor, Dossier.objects.kept().filter(state=State.DRAFT, edition=edition))[:5],
        "papers": _to_have_ready(edition),
        "for_others": person is not None and not may_own(edition, person) and not_for_owner(edition),
    }
    return render(request, "dossiers/citizen/start.html", context)


def _to_have_ready(edition: Edition) -> list[dict[str, str]]:
    """The papers that are demanded, without the form that is filled in here; of one case's it says of which."""
    cases = {case["key"]: wording.fact_text(case) for case in edition.facts.get("cases") or []}
    asked = versions.questionnaire_in_force(edition.procedure_id)
    filled = str(asked.layout.get("document", "")) if asked else ""
    wanted = [p for p in edition.documents.all() if need_of_paper(p, filled=filled) is Need.DEMANDED]
    return [{"name": wording.value_text(p.name, p.name_en), "case": cases.get(p.case, "")} for p in wanted]


def draft_of(request: HttpRequest, uid: Any) -> Dossier:
    drafts = of_applicant(request.actor, Dossier.objects.all()).select_related(*sheet.LOADED)
    return get_object_or_404(
        drafts.prefetch_related(
            "edition__documents",
            "edition__fee_lines",
            "documents__file__scan",
            "documents__further__file__scan",
            "documents__required_document",
        ),
        uid=uid,
    )


def sent_already(request: HttpRequest, dossier: Dossier) -> HttpResponse | None:
    """Back in the browser after sending or deleting: told so, led on."""
    if dossier.state == State.DRAFT and dossier.discarded_at is not None:
        messages.info(request, _("Bản nháp này đã xóa. Bạn có thể lấy lại ở cuối trang này."))
        return redirect("my-dossiers")
    if dossier.state == State.DRAFT:
        return None
    messages.info(request, _("Hồ sơ này đã được gửi nên không sửa được nữa. Mã hồ sơ: %s.") % dossier.code)
    return redirect("my-dossier", dossier.uid)


@open_to(SIGNED_IN)
def tasks(request: HttpRequest, uid: Any) -> HttpResponse:
    """The task list: sections and their state."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    gaps = {gap.section for gap in filing.missing_parts(draft)}
    done = set(draft.answers.get("done", []))
    titles = section_titles()
    items = [
        {
            "title": titles[section],
            "url": reverse("file-section", args=[draft.uid, section]),
            "state": "done" if section not in gaps and section in done else "started" if section in done else "todo",
        }
        for section in filing.draft_sections(draft)
    ]
    items.append(
        {
            "title": titles["check"],
            "url": "" if gaps else reverse("file-check", args=[draft.uid]),
            "state": "cannot" if gaps else "todo",
        }
    )
    context = {"dossier": draft, "title": sheet.title_of(draft), "items": items, "ready": not gaps}
    if "edition" in gaps:
        edition = edition_change.newer_edition(draft)
        context |= {"overtaken": True, "newer": edition}
        context["carried"] = edition_change.preview_edition_change(draft, edition) if edition else None
    return render(request, "dossiers/citizen/tasks.html", context)


@open_to(SIGNED_IN)
@require_POST
def renew(request: HttpRequest, uid: Any) -> HttpResponse:
    """Put the draft on the procedure's new edition."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    try:
        edition_change.move_to_edition(draft, timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Hồ sơ đang soạn đã theo bản mới của thủ tục."))
    return redirect("file-tasks", draft.uid)


def section_titles() -> dict[str, str]:
    return {
        "applicant": _("Người nộp và người đứng tên"),
        file_for_another.SECTION: _("Văn bản ủy quyền"),
        "request": _("Nội dung đề nghị"),
        declaration.SECTION: _("Tờ khai"),
        filing.FEE: _("Phí, lệ phí"),
        "documents": _("Giấy tờ"),
        "result": _("Cách nhận kết quả"),
        "check": _("Kiểm tra và gửi"),
    }


@open_to(SIGNED_IN, refills=True)
def section(request: HttpRequest, uid: Any, section: str) -> HttpResponse:
    """One question page; saving leads to the next."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if section == "documents":
        return redirect("file-documents", draft.uid)
    if section not in filing.SECTIONS:
        raise Http404
    form = _form(draft, section, request.POST or None, request.kept.dict() or typed_answers(draft, section))
    status, compared = 200, None
    if request.method == "POST":
        if form.is_valid():
            try:
                with transaction.atomic():
                    claim_section(draft, section, Stamp.read(request.POST))
                    saved = _save(draft, section, form)
            except SavedElsewhere:
                draft, status = draft_of(request, uid), 409
                theirs = _form(draft, section, None, typed_answers(draft, section))
                compared = compared_answers(form, theirs)
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
            else:
                return redirect(following(saved, section))
        status = 409 if compared is not None else 422
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "section": section,
        "section_title": section_titles()[section],
        "compared": compared,
        **page_state(request, draft, section),
    }
    return render(request, "dossiers/citizen/section.html", context, status=status)


def following(draft: Dossier, section: str) -> str:
    """The address of the page after this one."""
    pages = filing.draft_sections(draft)
    after = pages[pages.index(section) + 1 :]
    return reverse("file-section", args=[draft.uid, after[0]]) if after else reverse("file-check", args=[draft.uid])


def page_state(request: HttpRequest, dossier: Dossier, section: str) -> dict[str, Any]:
    """Where the open page saves itself, and the stamp by which it is told when another page saved meanwhile."""
    return {
        "draft_url": reverse("file-typed", args=[dossier.uid, section]),
        "stamp": stamp_for(dossier, section, request.POST.dict()),
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
    if section == filing.FEE:
        return fee_fields.names(amounts.asked_inputs(draft, at=timezone.now()))
    if section not in filing.SECTIONS or section == "documents":
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


def limit_sentence(draft: Dossier) -> str:
    """The published limit in words; says so while it is to be confirmed."""
    term = time_limits.term_for(draft.edition, draft.channel, draft.case)
    period = time_limits.period_of(term)
    if period is None:
        return _("Thời hạn chờ xác nhận; bộ phận một cửa sẽ báo khi tiếp nhận.")
    if period.unit is working_time.Unit.AT_ONCE:
        return _("Trả kết quả trong ngày; nhận sau 15 giờ thì ngày làm việc tiếp theo.")
    sentence = _("%s kể từ khi tiếp nhận") % wording.limit_words(term)
    return sentence + (_(" (chờ xác nhận)") if time_limits.in_doubt(term) else "") + "."


@open_to(SIGNED_IN)
def sent(request: HttpRequest, uid: Any) -> HttpResponse:
    """The confirmation: code, QR, every file with size and check sum, what happens next and by when."""
    dossier = draft_of(request, uid)
    if dossier.state == State.DRAFT:
        return redirect("file-tasks", dossier.uid)
    files = [
        {**read_card(file, note=note), "sha256": file.sha256[:16]}
        for file, note in sheet.named_files(list(dossier.documents.all()))
    ]
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "files": files,
        "fee": display.fee_display(dossier, at=timezone.now()),
        "track_url": settings.PUBLIC_URL + reverse("track-dossier", args=[dossier.code]),
        "limit": limit_sentence(dossier),
    }
    return render(request, "dossiers/citizen/sent.html", context)


@open_to(SIGNED_IN)
def discard(request: HttpRequest, uid: Any) -> HttpResponse:
    """Ask before a draft is deleted, saying what is in it; it can be taken back for a while."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if request.method == "POST":
        try:
            discarding.discard_draft(draft, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Đã xóa bản nháp. Bạn có thể lấy lại ở cuối trang này."))
        return redirect("my-dossiers")
    done, titles = draft.answers.get("done", []), section_titles()
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "sections": [titles[name] for name in filing.draft_sections(draft) if name in done],
        "files": sum(len(line.files) for line in draft.documents.all()),
        "days": settings.DISCARDED_DRAFT_DAYS,
    }
    return render(request, "dossiers/citizen/discard.html", context)


@open_to(SIGNED_IN)
@require_POST
def restore(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take a deleted draft back."""
    draft = draft_of(request, uid)
    discarding.restore_draft(draft)
    messages.success(request, _("Đã lấy lại bản nháp."))
    return redirect("file-tasks", draft.uid)
