"""A filing online as a whole: begun, its task list, moved to a new edition, sent, deleted and taken back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import SIGNED_IN, open_to
from digitization.cards import read_card
from dossiers.access.policies import of_applicant
from dossiers.fees import display
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import completeness, declaration, discarding, edition_change
from dossiers.filing import drafts as filing
from dossiers.filing.eligibility import may_own, not_for_owner, require_open_door
from dossiers.filing.open_pages import (
    is_done,
)
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, State
from dossiers.views import sheet
from journal.idempotency import new_form_key
from payments.charges import open_charges
from procedures import display as wording
from procedures.editions import time_limits
from procedures.editions.papers import Need, need_of_paper
from procedures.models import Channel, Edition, Procedure
from procedures.questionnaire import versions
from vietnam import working_time


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
        key = request.POST.get("key", "")[:32] or new_form_key()
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
        "key": new_form_key(),
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
    drafts = of_applicant(request.actor, Dossier.objects.all()).select_related(*sheet.LOADED, "pages")
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
    gaps = {gap.section for gap in completeness.missing_parts(draft)}
    titles = section_titles()
    items = [
        {
            "title": titles[section],
            "url": reverse("file-section", args=[draft.uid, section]),
            "state": ("started" if section in gaps else "done") if is_done(draft, section) else "todo",
        }
        for section in completeness.draft_sections(draft)
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
        completeness.FEE: _("Phí, lệ phí"),
        "documents": _("Giấy tờ"),
        "result": _("Cách nhận kết quả"),
        "check": _("Kiểm tra và gửi"),
    }


def following(draft: Dossier, section: str) -> str:
    """The address of the page after this one."""
    pages = completeness.draft_sections(draft)
    after = pages[pages.index(section) + 1 :]
    return reverse("file-section", args=[draft.uid, after[0]]) if after else reverse("file-check", args=[draft.uid])


def limit_sentence(draft: Dossier) -> str:
    """The published limit in words; says so while it is to be confirmed."""
    term = time_limits.term_for(draft.edition, draft.channel, draft.case)
    period = time_limits.period_of(term)
    if period is None:
        return _("Thời hạn chờ xác nhận; bộ phận một cửa sẽ báo khi tiếp nhận.")
    if period.unit is working_time.Unit.AT_ONCE:
        return _("Trả kết quả trong ngày; nhận sau 15 giờ thì ngày làm việc tiếp theo.")
    sentence = _("%s kể từ khi tiếp nhận") % wording.limit_words(term)
    return sentence + (_(" (chờ xác nhận)") if time_limits.is_unverified(term) else "") + "."


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
        "charge": open_charges(dossier.reference).first(),
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
    titles = section_titles()
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "sections": [titles[name] for name in completeness.draft_sections(draft) if is_done(draft, name)],
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
