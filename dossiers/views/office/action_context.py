"""What an action is about, shown on its page: whoever decides need not turn back to the dossier for it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import people
from accounts.actors import Actor
from accounts.models import Authorisation
from accounts.models.people import document_name
from agencies.models import Agency
from dossiers.filing.authorisation import paper_line
from dossiers.lifecycle import Transition, results
from dossiers.models import Correction, Dossier, DossierDocument, Outcome, ReturnMethod, SupplementRequest
from procedures import display
from vietnam.documents import IdentityDocument

Kind = Correction.Kind


def context_rows(rule: Transition, dossier: Dossier, actor: Actor) -> list[dict[str, Any]]:
    """Rows {key, value, moment, url, note} for the page of `rule`; empty where the action says it all itself."""
    if rule.action in ("confirm_correction", "decline_correction"):
        asked = dossier.corrections.filter(decided_at=None).select_related("asked_by__account").first()
        return _correction(asked) if asked else []
    if rule.action in ("approve", "reject", "issue", "record_signed"):
        return [_result(result) for result in results.results_of(dossier)]
    if rule.action == "confirm_authorisation" and dossier.authorisation is not None:
        return _authorisation(dossier, dossier.authorisation)
    if rule.action == "give_opinion" and actor.post is not None:
        opinion = dossier.opinions.filter(ended_at=None, agency=actor.post.agency_id).first()
        return _rows((_("Được hỏi"), opinion.question), (_("Trả lời trước"), opinion.due_at)) if opinion else []
    if rule.action == "answer_supplement":
        asked_for = dossier.supplement_requests.filter(answered_at=None).first()
        return _supplement(asked_for) if asked_for else []
    if rule.action in ("extend", "apologise"):
        limit = _limit(str(dossier.limit_amount), dossier.limit_unit) if dossier.limit_amount else ""
        return _rows((_("Thời hạn"), limit), (_("Hạn trả hiện nay"), dossier.due_at))
    return []


def _supplement(request: SupplementRequest) -> list[dict[str, Any]]:
    """What was asked for, why and until when: the papers that were brought are compared with it."""
    lines = (f"{item['name']}: {item['reason']}" if item.get("reason") else item["name"] for item in request.items)
    return _rows(
        (_("Đã yêu cầu bổ sung"), "\n".join(lines)), (_("Lý do"), request.reason), (_("Chờ đến"), request.answer_by)
    )


def _result(result: DossierDocument) -> dict[str, Any]:
    """A draft as it would be approved: its text, its file, and the hash by which the approval fixes both."""
    kind = result.get_outcome_display() if result.outcome == Outcome.REFUSED else _("Dự thảo kết quả")
    return {
        "key": kind,
        "value": f"{result.name}\n{result.text}".strip(),
        "url": reverse("file", args=[result.file_id]) if result.file_id else "",
        "url_text": result.file.name if result.file else "",
        "note": _("Mã băm SHA-256: %(digest)s") % {"digest": results.digest_of(result)},
    }


def _authorisation(dossier: Dossier, row: Authorisation) -> list[dict[str, Any]]:
    """What the filer stated, beside what is on record: the counter compares both with the paper."""
    stated = IdentityDocument.of_key(row.grantor_number)
    known = people.find_by_document(stated)
    if known is None:
        recorded = _("Số này chưa có trong hệ thống")
    elif people.differences(known, full_name=row.grantor_name):
        recorded = _("Số này đã lưu với tên khác: %(name)s") % {"name": known.full_name}
    else:
        recorded = _("Khớp với người đã lưu")
    line = paper_line(dossier)
    sent = _("Đã gửi tệp, xem ở phần giấy tờ") if line and line.file_id else _("Mang bản giấy đến quầy")
    return _rows(
        (_("Người ủy quyền (người nộp khai)"), f"{row.grantor_name}, {document_name(stated)} {stated}"),
        (_("Đối chiếu"), recorded),
        (_("Văn bản (người nộp khai)"), row.paper),
        (_("Bản chụp"), sent),
    )


def change_of(correction: Correction) -> str:
    """What is to become what, in words; empty where the kind says it all."""
    return _change_words(correction.kind, correction.change)


def corrected_words(facts: Mapping[str, Any]) -> str:
    """What a correction was about and what became what, of the facts that its events keep."""
    change = _change_words(facts["correction"], facts)
    return ": ".join(filter(None, (str(Kind(facts["correction"]).label), change)))


def _change_words(kind: str, change: Mapping[str, Any]) -> str:
    was, becomes = change.get("old", ""), change.get("new", "")
    if kind == Kind.RETURN:
        return f"{_way(was)} → {_way(becomes)}"
    if kind == Kind.COUNTS:
        line = DossierDocument.objects.filter(pk=becomes["document"]).first()
        return f"{line.name if line else ''}: {_counts(was)} → {_counts(becomes)}"
    old, new = str(was), str(becomes)
    if not new or kind == Kind.REOPEN:
        return ""
    if kind == Kind.LIMIT:
        amount, _space, unit = old.partition(" ")
        old, new = _limit(amount, unit), _limit(new, "working_day")
    elif kind == Kind.AGENCY:
        names = {agency.code: agency.local_name for agency in Agency.objects.filter(code__in=[old, new])}
        old, new = names.get(old, old), names.get(new, new)
    return f"{old} → {new}" if old else new


def _way(value: dict[str, str]) -> str:
    method = ReturnMethod(value["method"]).label
    return f"{method} ({value['address']})" if value["address"] else str(method)


def _counts(value: dict[str, int]) -> str:
    return _("%(originals)s bản chính, %(copies)s bản sao") % value


def _limit(amount: str, unit: str) -> str:
    """As a correction keeps it, in words; as it is where it is no amount."""
    try:
        return display.amount_words(Decimal(amount.replace(",", ".")), unit)
    except (InvalidOperation, KeyError):
        return amount


def _correction(asked: Correction) -> list[dict[str, Any]]:
    return _rows(
        (_("Điều sai"), asked.get_kind_display()),
        (_("Sửa thành"), change_of(asked)),
        (_("Lý do"), asked.reason),
        (_("Người đề nghị"), asked.asked_by.account.full_name),
        (_("Lúc"), asked.asked_at),
    )


def _rows(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value, "moment": hasattr(value, "tzinfo")} for key, value in pairs if value]
