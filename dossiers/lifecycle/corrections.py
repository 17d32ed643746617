"""Corrections: what each kind means, checked when it is asked for and again when a second person confirms it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from core.refusals import NotAllowed, Refused
from dossiers import search
from dossiers.deadlines import clock
from dossiers.filing import register
from dossiers.lifecycle import reopening, routing
from dossiers.lifecycle.transitions import Action
from dossiers.models import OPEN_STATES, Correction, Dossier, DossierDocument, ReturnMethod, State
from procedures.models import Channel
from vietnam import working_time
from vietnam.phone import InvalidPhone, normalise_phone

Kind = Correction.Kind


def none_open(action: Action) -> None:
    if action.dossier.corrections.filter(decided_at=None).exists():
        raise Refused("correction_open", _("Đã có một đề nghị đính chính chờ người thứ hai xác nhận."))


def one_open(action: Action) -> None:
    if not action.dossier.corrections.filter(decided_at=None).exists():
        raise Refused("no_correction", _("Hồ sơ không có đề nghị đính chính nào chờ xác nhận."))


def by_another_person(action: Action) -> None:
    asked = _open(action.dossier).asked_by_account_id
    if action.by.account_id == asked:
        raise NotAllowed("four_eyes", _("Người đề nghị đính chính không được tự xác nhận. Hãy nhờ người thứ hai."))


def makes_sense(action: Action) -> None:
    kind = action.inputs["kind"]
    if kind not in _CHECKS:
        raise Refused("unknown_kind", _("Hãy chọn điều sai trong danh sách."), field="kind")
    _CHECKS[kind](action.dossier, stated_value(action), action.at)


def still_makes_sense(action: Action) -> None:
    correction = _open(action.dossier)
    _CHECKS[correction.kind](action.dossier, correction.change.get("new", ""), action.at)


def request_correction(action: Action) -> None:
    kind, value = action.inputs["kind"], stated_value(action)
    change = {"old": present_value(kind, action.dossier, value), "new": value}
    Correction.objects.create(
        dossier=action.dossier,
        kind=kind,
        change=change,
        reason=action.inputs["reason"],
        asked_by=action.by.post,
        asked_by_account_id=action.by.account_id,
        asked_at=action.at,
    )
    action.recorded |= {"correction": kind, **change}


def stated_value(action: Action) -> Any:
    """What is said to be right, as plain values: a text, or for some kinds several values by name."""
    given = action.inputs
    match given["kind"]:
        case Kind.AGENCY:
            return str(given.get("agency") or given.get("value") or "").strip()
        case Kind.RETURN:
            address = str(given.get("return_address") or "").strip()
            return {"method": str(given.get("return_method") or ""), "address": address}
        case Kind.COUNTS:
            key = str(getattr(given.get("document"), "pk", given.get("document")) or "")
            counts = {part: _count(given.get(part)) for part in ("originals", "copies")}
            return {"document": int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0, **counts}
        case Kind.OWNER:
            return " ".join(str(given.get("value") or "").split())
        case Kind.PHONE:
            return _phone(str(given.get("value") or "")) or str(given.get("value") or "").strip()
    return str(given.get("value") or "").strip()


def _phone(text: str) -> str:
    """As telephones are kept; "" for what is none."""
    try:
        return normalise_phone(text)
    except InvalidPhone:
        return ""


def present_value(kind: str, dossier: Dossier, value: Any) -> Any:
    """What stands there now, in the shape of `stated_value`."""
    match kind:
        case Kind.REOPEN:
            return str(State(dossier.state).value)
        case Kind.LIMIT:
            return f"{dossier.limit_amount or 0:f} {dossier.limit_unit}"
        case Kind.AGENCY:
            return dossier.settler.code
        case Kind.OWNER:
            return dossier.owner_name
        case Kind.PHONE:
            return dossier.contact_phone
        case Kind.RETURN:
            return {"method": dossier.return_method, "address": dossier.return_address}
        case Kind.COUNTS:
            line = dossier.documents.get(pk=value["document"])
            return {"document": line.pk, "originals": line.originals, "copies": line.copies}
    return dossier.content


def _count(given: Any) -> int | None:
    text = str(given) if given is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def confirm_correction(action: Action) -> None:
    correction = _decide(action, confirmed=True)
    _APPLY[correction.kind](action, correction.change["new"])
    action.recorded |= {"correction": correction.kind, **correction.change}


def decline_correction(action: Action) -> None:
    correction = _decide(action, confirmed=False)
    action.recorded |= {"correction": correction.kind, **correction.change}


def state_after(action: Action) -> State:
    """Only a reopening changes the state; the event kept what was confirmed."""
    if action.recorded["correction"] != Kind.REOPEN:
        return State(action.dossier.state)
    return reopening.state_reopened(action.dossier)


def _open(dossier: Dossier) -> Correction:
    return dossier.corrections.select_related("asked_by").get(decided_at=None)


def _decide(action: Action, *, confirmed: bool) -> Correction:
    correction = _open(action.dossier)
    correction.decided_by, correction.decided_at = action.by.post, action.at
    correction.decided_by_account_id = action.by.account_id
    correction.confirmed, correction.note = confirmed, str(action.inputs.get("reason") or "")
    correction.save(update_fields=["decided_by", "decided_by_account", "decided_at", "confirmed", "note"])
    return correction


def _check_reopen(dossier: Dossier, _value: str, at: datetime) -> None:
    if dossier.state == State.DONE:
        return
    if dossier.state == State.NOT_RECEIVED and dossier.received_at is None:
        if dossier.channel == Channel.ONLINE:
            return
        raise Refused(
            "file_anew", _("Hồ sơ giấy đã trả lại cho người nộp. Hãy tiếp nhận thành hồ sơ mới tại quầy."), field="kind"
        )
    if dossier.state in reopening.STOPPED_STATES:
        reopening.check_stopped(dossier, at)
        return
    raise Refused(
        "not_ended",
        _("Chỉ mở lại hồ sơ đã xong, đã bị từ chối tiếp nhận, đã rút hoặc đã dừng giải quyết, do nhầm."),
        field="kind",
    )


def _check_limit(dossier: Dossier, value: str, _at: datetime) -> None:
    if dossier.state not in OPEN_STATES:
        raise Refused("not_open", _("Chỉ sửa thời hạn của hồ sơ đang giải quyết."), field="kind")
    days = _days(value)
    if (days, str(working_time.Unit.WORKING_DAY)) == (dossier.limit_amount, dossier.limit_unit):
        raise _as_it_stands("value")


def _as_it_stands(field: str) -> Refused:
    return Refused("same", _("Hồ sơ đang ghi đúng như vậy."), field=field)


def _check_agency(dossier: Dossier, value: str, at: datetime) -> None:
    if dossier.state != State.PROCESSING:
        raise Refused("not_open", _("Chỉ chuyển cơ quan khi hồ sơ đang xử lý."), field="kind")
    if dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).exists():
        raise Refused("decided", _("Đã có dự thảo kết quả nên không chuyển cơ quan được nữa."), field="kind")
    agency = _agency(value, at)
    if agency is None:
        raise Refused("unknown_agency", _("Hãy chọn cơ quan giải quyết đúng trong danh sách."), field="agency")
    if agency.pk == dossier.settling_agency_id:
        raise Refused("same_agency", _("Hồ sơ đang ở chính cơ quan này."), field="agency")


def _check_owner(dossier: Dossier, value: str, _at: datetime) -> None:
    _check_text(value)
    if value == dossier.owner_name:
        raise _as_it_stands("value")


def _check_content(dossier: Dossier, value: str, _at: datetime) -> None:
    _check_text(value)
    if value == dossier.content:
        raise _as_it_stands("value")


def _check_text(value: str) -> None:
    if not value:
        raise Refused("missing", _("Hãy nhập nội dung đúng."), field="value")
    if len(value) > 250:
        raise Refused("too_long", _("Nội dung dài quá 250 ký tự."), field="value")


def _check_phone(dossier: Dossier, value: str, _at: datetime) -> None:
    phone = _phone(value)
    if not phone:
        raise Refused("bad_phone", _("Số điện thoại không hợp lệ. Ví dụ: 0912345678."), field="value")
    if phone == dossier.contact_phone:
        raise _as_it_stands("value")


def _check_return(dossier: Dossier, value: dict[str, str], _at: datetime) -> None:
    method, address = value["method"], value["address"]
    if method not in ReturnMethod.values:
        raise Refused("missing", _("Hãy chọn cách nhận kết quả đúng."), field="return_method")
    if len(address) > 300:
        raise Refused("too_long", _("Chỉ ghi tối đa %(n)s ký tự.") % {"n": 300}, field="return_address")
    if method == ReturnMethod.POST and not (address or dossier.return_address or dossier.contact_address):
        raise Refused("missing", _("Hãy nhập địa chỉ nhận qua bưu chính."), field="return_address")
    if dossier.state == State.DONE and method == ReturnMethod.DOWNLOAD and not dossier.has_digital_result:
        raise Refused("no_digital", _("Kết quả không có bản điện tử để tải về."), field="return_method")
    if method == dossier.return_method and address in ("", dossier.return_address):
        raise _as_it_stands("return_method")


def _check_counts(dossier: Dossier, value: dict[str, int | None], _at: datetime) -> None:
    papers = dossier.documents.exclude(kind=DossierDocument.Kind.RESULT)
    line = papers.filter(pk=value["document"], withdrawn_at=None).first()
    if line is None:
        raise Refused("unknown_document", _("Hãy chọn giấy tờ có số bản ghi sai."), field="document")
    for part in ("originals", "copies"):
        if value[part] is None:
            raise Refused("missing", _("Hãy ghi số bản đúng, từ 0 đến 99."), field=part)
    if (line.originals, line.copies) == (value["originals"], value["copies"]):
        raise _as_it_stands("originals")


def _days(value: str) -> Decimal:
    try:
        days = Decimal(value.replace(",", "."))
        working_time.Period(days, working_time.Unit.WORKING_DAY)
    except (InvalidOperation, working_time.InvalidPeriod):
        days = Decimal(0)
    if not 0 < days <= 1000:
        raise Refused("bad_amount", _("Hãy nhập số ngày làm việc, ví dụ 5 hoặc 2,5."), field="value")
    return days


def _agency(code: str, at: datetime) -> Agency | None:
    return Agency.objects.valid(on=timezone.localdate(at)).filter(code=code).select_related("calendar").first()


def _reopen(action: Action, _value: str) -> None:
    """Back to appraisal, to the counter's inbox or to where it was stopped, on the same clock: the mistake costs the
    agency's own time."""
    dossier = action.dossier
    if dossier.state == State.NOT_RECEIVED:
        reopening.back_to_inbox(action)
        return
    if dossier.state in reopening.STOPPED_STATES:
        reopening.reopen_stopped(action)
        return
    register.withdraw_results(action)
    dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).update(withdrawn_at=action.at)
    dossier.has_digital_result = False
    dossier.finished_at, dossier.outcome, dossier.substate = None, "", ""
    back = routing.first_carrying(dossier, "verify")
    routing.begin_step(dossier, back, at=action.at, last_held=True)


def _new_limit(action: Action, value: str) -> None:
    dossier = action.dossier
    dossier.limit_amount, dossier.limit_unit = _days(value), str(working_time.Unit.WORKING_DAY)
    clock.correct_due_date(
        dossier, action.inputs.get("reason") or _open_reason(dossier), at=action.at, by=action.by.label
    )


def _open_reason(dossier: Dossier) -> str:
    last = dossier.corrections.order_by("-id").first()
    return last.reason if last else ""


def _new_agency(action: Action, value: str) -> None:
    """The right agency begins at its own assignment; the due date promised to the applicant stays."""
    dossier, agency = action.dossier, _agency(value, action.at)
    if agency is None:
        raise Refused("unknown_agency", _("Không có cơ quan nào mang mã “%(code)s”.") % {"code": value}, field="value")
    routing.finish_step(dossier, at=action.at, broken_off=True)
    dossier.settling_agency = agency
    dossier.route = routing.plan_route(dossier)
    routing.begin_step(dossier, routing.step_after(dossier, "receive"), at=action.at)


def _new_owner(action: Action, value: str) -> None:
    action.dossier.owner_name = value
    search.index_dossier(action.dossier)


def _new_phone(action: Action, value: str) -> None:
    action.dossier.contact_phone = normalise_phone(value)
    search.index_dossier(action.dossier)


def _new_return(action: Action, value: dict[str, str]) -> None:
    dossier = action.dossier
    dossier.return_method = value["method"]
    if value["method"] == ReturnMethod.POST:
        dossier.return_address = value["address"] or dossier.return_address or dossier.contact_address


def _new_counts(action: Action, value: dict[str, int]) -> None:
    line = action.dossier.documents.get(pk=value["document"])
    line.originals, line.copies = value["originals"], value["copies"]
    line.save(update_fields=["originals", "copies"])
    action.recorded["document"] = line.name


def _new_content(action: Action, value: str) -> None:
    action.dossier.content = value
    search.index_dossier(action.dossier)


_CHECKS: dict[str, Callable[[Dossier, Any, datetime], None]] = {
    Kind.REOPEN: _check_reopen,
    Kind.LIMIT: _check_limit,
    Kind.AGENCY: _check_agency,
    Kind.OWNER: _check_owner,
    Kind.CONTENT: _check_content,
    Kind.PHONE: _check_phone,
    Kind.RETURN: _check_return,
    Kind.COUNTS: _check_counts,
}
_APPLY: dict[str, Callable[[Action, Any], None]] = {
    Kind.REOPEN: _reopen,
    Kind.LIMIT: _new_limit,
    Kind.AGENCY: _new_agency,
    Kind.OWNER: _new_owner,
    Kind.CONTENT: _new_content,
    Kind.PHONE: _new_phone,
    Kind.RETURN: _new_return,
    Kind.COUNTS: _new_counts,
}
