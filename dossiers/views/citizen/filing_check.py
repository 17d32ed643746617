"""The last page of an online filing: all answers, what it costs and how long it takes; then it is sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import SIGNED_IN, open_to
from dossiers.fees import display
from dossiers.filing import completeness, declaration
from dossiers.forms.filing import communes
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, State
from dossiers.views import sheet
from dossiers.views.citizen.filing import draft_of, limit_sentence, sent_already


@open_to(SIGNED_IN)
def check(request: HttpRequest, uid: Any) -> HttpResponse:
    """All answers on one page; POST sends. Sending twice makes one dossier."""
    draft = draft_of(request, uid)
    if draft.state != State.DRAFT:
        if request.method == "POST":
            return redirect("file-sent", draft.uid)
        return sent_already(request, draft) or redirect("my-dossiers")
    error = ""
    if request.method == "POST":
        try:
            execute_transition(draft, "send", request.actor, at=timezone.now())
        except Refused as refusal:
            draft.refresh_from_db(fields=["state"])
            if draft.state != State.DRAFT:
                return redirect("file-sent", draft.uid)
            error = str(refusal.sentence)
        else:
            return redirect("file-sent", draft.uid)
    gaps = completeness.missing_parts(draft)
    if gaps and not error:
        return redirect("file-tasks", draft.uid)
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "rows": check_rows(draft),
        "declaration": declaration.answers_text(draft),
        "files": sheet.files_of(list(draft.documents.all())),
        "later": [d.name for d in draft.documents.all() if d.later],
        "fee": display.fee_display(draft, at=timezone.now()),
        "limit": limit_sentence(draft),
        "error": error,
    }
    return render(request, "dossiers/citizen/check.html", context, status=422 if error else 200)


def check_rows(draft: Dossier) -> list[dict[str, Any]]:
    def url(section: str) -> str:
        return reverse("file-section", args=[draft.uid, section])

    place = communes().filter(code=draft.answers.get("territory") or "-").first()
    case = sheet.case_of(draft)
    rows = [
        {"key": _("Người đứng tên"), "value": draft.owner_name, "change_url": url("applicant")},
        {"key": _("Căn cứ nộp"), "value": draft.get_filing_ground_display(), "change_url": url("applicant")},
        {"key": _("Điện thoại"), "value": draft.contact_phone, "change_url": url("applicant")},
        {"key": _("Địa chỉ"), "value": draft.contact_address, "change_url": url("applicant")},
        {
            "key": _("Nội dung đề nghị"),
            "value": draft.content,
            "change_url": url(declaration.SECTION if declaration.writes_content(draft) else "request"),
        },
        {
            "key": _("Cơ quan giải quyết"),
            "value": getattr(draft.settling_agency, "local_name", ""),
            "change_url": url("request"),
        },
    ]
    rows += [{**row, "change_url": url(completeness.FEE)} for row in display.answers_display(draft)]
    if case:
        rows.append({"key": _("Trường hợp"), "value": case, "change_url": url("request")})
    if place:
        rows.append({"key": _("Xã, phường"), "value": place.local_name, "change_url": url("request")})
    rows.append(
        {
            "key": _("Nhận kết quả"),
            "value": " · ".join(filter(None, [draft.get_return_method_display(), _returned_to(draft)])),
            "change_url": url("result"),
        }
    )
    return rows


def _returned_to(draft: Dossier) -> str:
    if draft.return_method == "counter":
        return getattr(draft.return_desk, "local_name", "")
    return draft.return_address
