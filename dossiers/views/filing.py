"""Filing online, one question page at a time. A draft is saved with every page and can be taken up anywhere."""

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
from digitization import scans, uploads
from digitization.cards import card
from dossiers import fees, filing
from dossiers.forms.filing import ApplicantForm, DocumentForm, RequestForm, ReturnForm, communes
from dossiers.lifecycle import Refused, perform
from dossiers.models import Dossier, State
from dossiers.permissions import of_applicant
from dossiers.views import sheet
from procedures import terms, wording
from procedures.models import Edition, Procedure
from vietnam import working_time

NEXT = {"applicant": "request", "request": "documents", "documents": "result", "result": "check"}


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
    if request.method == "POST" and person is not None:
        key = request.POST.get("key", "")[:32] or filing.new_key()
        draft = filing.start_draft(edition, person, key=key, at=timezone.now())
        return redirect("file-tasks", draft.uid)
    english = get_language() == "en"
    context = {
        "edition": edition,
        "title": (english and edition.title_en) or edition.title,
        "person": person,
        "key": filing.new_key(),
        "drafts": of_applicant(request.actor, Dossier.objects.filter(state=State.DRAFT, edition=edition))[:5],
        "papers": [d for d in edition.documents.all() if d.required and not d.show_only],
    }
    return render(request, "dossiers/citizen/start.html", context)


def _draft(request: HttpRequest, uid: Any) -> Dossier:
    drafts = of_applicant(request.actor, Dossier.objects.all()).select_related(*sheet.LOADED)
    return get_object_or_404(drafts.prefetch_related("edition__documents", "documents__file__scan"), uid=uid)


def _sent_already(request: HttpRequest, dossier: Dossier) -> HttpResponse | None:
    """Back in the browser after sending: told so, led on."""
    if dossier.state == State.DRAFT:
        return None
    messages.info(request, _("Hồ sơ này đã được gửi nên không sửa được nữa. Mã hồ sơ: %s.") % dossier.code)
    return redirect("my-dossier", dossier.uid)


@open_to(SIGNED_IN)
def tasks(request: HttpRequest, uid: Any) -> HttpResponse:
    """The task list: sections and their state."""
    draft = _draft(request, uid)
    if answer := _sent_already(request, draft):
        return answer
    gaps = {gap.section for gap in filing.missing(draft)}
    done = set(draft.answers.get("done", []))
    titles = section_titles()
    items = [
        {
            "title": titles[section],
            "url": reverse("file-section", args=[draft.uid, section]),
            "state": "done" if section not in gaps and section in done else "started" if section in done else "todo",
        }
        for section in filing.SECTIONS
    ]
    items.append(
        {
            "title": titles["check"],
            "url": "" if gaps else reverse("file-check", args=[draft.uid]),
            "state": "cannot" if gaps else "todo",
        }
    )
    context = {"dossier": draft, "title": sheet.title_of(draft), "items": items, "ready": not gaps}
    return render(request, "dossiers/citizen/tasks.html", context)


def section_titles() -> dict[str, str]:
    return {
        "applicant": _("Người nộp và người đứng tên"),
        "request": _("Nội dung đề nghị"),
        "documents": _("Giấy tờ"),
        "result": _("Cách nhận kết quả"),
        "check": _("Kiểm tra và gửi"),
    }


@open_to(SIGNED_IN)
def section(request: HttpRequest, uid: Any, section: str) -> HttpResponse:
    """One question page; saving leads to the next."""
    draft = _draft(request, uid)
    if answer := _sent_already(request, draft):
        return answer
    if section == "documents":
        return redirect("file-documents", draft.uid)
    if section not in filing.SECTIONS:
        raise Http404
    form = _form(request, draft, section)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _save(draft, section, form)
            except Refused as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                return redirect(_next(draft, section))
        status = 422
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "section": section,
        "section_title": section_titles()[section],
    }
    return render(request, "dossiers/citizen/section.html", context, status=status)


def _next(draft: Dossier, section: str) -> str:
    following = NEXT[section]
    if following == "check":
        return reverse("file-check", args=[draft.uid])
    return reverse("file-section", args=[draft.uid, following])


def _form(request: HttpRequest, draft: Dossier, section: str) -> Any:
    data = request.POST or None
    if section == "applicant":
        initial = {
            "ground": draft.filing_ground,
            "enterprise": draft.owner_enterprise_id,
            "owner_number": draft.owner_person.personal_number
            if draft.owner_person_id != draft.filer_id and draft.owner_person
            else "",
            "owner_name": draft.owner_name if draft.filing_ground == "authorised" else "",
            "note": draft.ground_note,
            "phone": draft.contact_phone,
            "email": draft.contact_email,
            "address": draft.contact_address,
        }
        return ApplicantForm(draft.filer, data, initial=initial)
    if section == "request":
        initial = {"content": draft.content, "case": draft.case, "territory": draft.answers.get("territory", "")}
        initial |= {f"quantity_{k}": v for k, v in (draft.answers.get("quantities") or {}).items()}
        return RequestForm(draft, data, initial=initial)
    initial = {"method": draft.return_method, "desk": draft.return_desk_id, "address": draft.return_address}
    return ReturnForm(draft, data, initial=initial)


def _save(draft: Dossier, section: str, form: Any) -> None:
    given = form.cleaned_data
    if section == "applicant":
        filing.save_applicant(
            draft,
            ground=given["ground"],
            owner=form.owner(),
            note=given["note"],
            phone=given["phone"],
            email=given["email"],
            address=given["address"],
        )
    elif section == "request":
        filing.save_request(
            draft,
            case=given.get("case", ""),
            content=given["content"],
            territory=given.get("territory"),
            quantities=form.quantities(),
        )
    else:
        filing.save_return(draft, method=given["method"], desk=given["desk"], address=given["address"])


@open_to(SIGNED_IN)
def documents(request: HttpRequest, uid: Any) -> HttpResponse:
    """Each required paper as its own card: choose a file, or say that the original is brought later."""
    draft = _draft(request, uid)
    if answer := _sent_already(request, draft):
        return answer
    errors: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        errors = _take_documents(request, draft)
        if not errors and "continue" in request.POST:
            filing.confirm_documents(draft)
            return redirect("file-section", draft.uid, "result")
        if not errors:
            return redirect("file-documents", draft.uid)
        status = 422
        draft = _draft(request, uid)
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "cards": document_cards(draft, errors),
        "errors": [{"text": text, "href": f"#id_{key}"} for key, text in errors.items()],
        "section_title": section_titles()["documents"],
    }
    return render(request, "dossiers/citizen/documents.html", context, status=status)


def document_cards(draft: Dossier, errors: dict[str, Any]) -> list[dict[str, Any]]:
    lines = {line.required_document_id: line for line in draft.documents.all()}
    english = get_language() == "en"
    cards = []
    for paper in filing.required_documents(draft):
        line = lines.get(paper.pk)
        form = DocumentForm(prefix=paper.key, label=_("Chọn tệp"))
        cards.append(
            {
                "paper": paper,
                "name": (english and paper.name_en) or paper.name,
                "when": (english and paper.when_en) or paper.when,
                "line": line,
                "file": card(line.file, remove_url=reverse("file-detach", args=[draft.uid, line.pk]))
                if line and line.file
                else None,
                "field": form["file"],
                "error": errors.get(f"{paper.key}-file", ""),
            }
        )
    return cards


def _take_documents(request: HttpRequest, draft: Dossier) -> dict[str, str]:
    """Take every file that came; what is refused is named, what is good is kept."""
    errors: dict[str, str] = {}
    for paper in filing.required_documents(draft):
        form = DocumentForm({}, request.FILES, prefix=paper.key)
        if not form.is_valid():
            errors[f"{paper.key}-file"] = " ".join(str(e) for e in form.errors["file"])
            continue
        sent = form.cleaned_data["file"]
        later = request.POST.get(f"{paper.key}-later") == "on"
        if sent:
            try:
                with transaction.atomic():
                    stored = uploads.store(sent, sent.name, draft.reference, request.actor)
                    filing.attach(draft, paper, stored)
                    scans.queue(stored)
            except uploads.UploadRefused as refusal:
                errors[f"{paper.key}-file"] = str(refusal.sentence)
        else:
            line = next((d for d in draft.documents.all() if d.required_document_id == paper.pk), None)
            if (line is None or line.file_id is None) and (later or line is not None):
                filing.attach(draft, paper, None, later=later)
    return errors


@require_POST
@open_to(SIGNED_IN)
def detach(request: HttpRequest, uid: Any, pk: int) -> HttpResponse:
    draft = _draft(request, uid)
    if answer := _sent_already(request, draft):
        return answer
    filing.detach(draft, get_object_or_404(draft.documents, pk=pk))
    return redirect("file-documents", draft.uid)


@open_to(SIGNED_IN)
def check(request: HttpRequest, uid: Any) -> HttpResponse:
    """All answers on one page; POST sends. Sending twice makes one dossier."""
    draft = _draft(request, uid)
    if draft.state != State.DRAFT:
        if request.method == "POST":
            return redirect("file-sent", draft.uid)
        return _sent_already(request, draft) or redirect("my-dossiers")
    error = ""
    if request.method == "POST":
        try:
            perform(draft, "send", request.actor, at=timezone.now())
        except Refused as refusal:
            draft.refresh_from_db(fields=["state"])
            if draft.state != State.DRAFT:
                return redirect("file-sent", draft.uid)
            error = str(refusal.sentence)
        else:
            return redirect("file-sent", draft.uid)
    gaps = filing.missing(draft)
    if gaps and not error:
        return redirect("file-tasks", draft.uid)
    fee = fees.computed(draft)
    english = get_language() == "en"
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "rows": check_rows(draft),
        "files": sheet.files_of(list(draft.documents.all())),
        "later": [d.name for d in draft.documents.all() if d.later],
        "fee": fee,
        "fee_sentences": fee.explanation_en if english else fee.explanation,
        "limit": limit_sentence(draft),
        "error": error,
    }
    return render(request, "dossiers/citizen/check.html", context, status=422 if error else 200)


def check_rows(draft: Dossier) -> list[dict[str, Any]]:
    def url(section: str) -> str:
        return reverse("file-section", args=[draft.uid, section])

    place = communes().filter(code=draft.answers.get("territory") or "-").first()
    case = next((c["name"] for c in draft.edition.facts.get("cases") or [] if c["key"] == draft.case), "")
    rows = [
        {"key": _("Người đứng tên"), "value": draft.owner_name, "change_url": url("applicant")},
        {"key": _("Căn cứ nộp"), "value": draft.get_filing_ground_display(), "change_url": url("applicant")},
        {"key": _("Điện thoại"), "value": draft.contact_phone, "change_url": url("applicant")},
        {"key": _("Địa chỉ"), "value": draft.contact_address, "change_url": url("applicant")},
        {"key": _("Nội dung đề nghị"), "value": draft.content, "change_url": url("request")},
        {
            "key": _("Cơ quan giải quyết"),
            "value": getattr(draft.settling_agency, "local_name", ""),
            "change_url": url("request"),
        },
    ]
    if case:
        rows.append({"key": _("Trường hợp"), "value": case, "change_url": url("request")})
    if place:
        rows.append({"key": _("Xã, phường"), "value": place.local_name, "change_url": url("request")})
    rows.append(
        {
            "key": _("Nhận kết quả"),
            "value": " · ".join(filter(None, [draft.get_return_method_display(), str(draft.return_desk or "")]))
            if draft.return_method == "counter"
            else " · ".join(filter(None, [draft.get_return_method_display(), draft.return_address])),
            "change_url": url("result"),
        }
    )
    return rows


def limit_sentence(draft: Dossier) -> str:
    """The published limit in words; says so while it is to be confirmed."""
    term = terms.term_for(draft.edition, draft.channel, draft.case)
    period = terms.period_of(term)
    if period is None:
        return _("Thời hạn chờ xác nhận; bộ phận một cửa sẽ báo khi tiếp nhận.")
    if period.unit is working_time.Unit.AT_ONCE:
        return _("Trả kết quả trong ngày; nhận sau 15 giờ thì ngày làm việc tiếp theo.")
    sentence = _("%s kể từ khi tiếp nhận") % wording.limit_words(term)
    return sentence + (_(" (chờ xác nhận)") if terms.in_doubt(term) else "") + "."


@open_to(SIGNED_IN)
def sent(request: HttpRequest, uid: Any) -> HttpResponse:
    """The confirmation: code, QR, every file with size and check sum, what happens next and by when."""
    dossier = _draft(request, uid)
    if dossier.state == State.DRAFT:
        return redirect("file-tasks", dossier.uid)
    files = [
        {**item, "sha256": line.file.sha256[:16]}
        for item, line in zip(
            sheet.files_of([d for d in dossier.documents.all() if d.file_id]),
            [d for d in dossier.documents.all() if d.file_id],
            strict=True,
        )
    ]
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "files": files,
        "track_url": settings.PUBLIC_URL + reverse("track-dossier", args=[dossier.code]),
        "limit": limit_sentence(dossier),
    }
    return render(request, "dossiers/citizen/sent.html", context)


@require_POST
@open_to(SIGNED_IN)
def discard(request: HttpRequest, uid: Any) -> HttpResponse:
    draft = _draft(request, uid)
    try:
        filing.discard_draft(draft)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Đã xóa bản nháp."))
    return redirect("my-dossiers")
