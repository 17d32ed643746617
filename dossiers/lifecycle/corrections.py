"""Corrections: what each kind means, checked when it is asked for and again when a second person confirms it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from agencies.models import Agency
from core.refusals import NotAllowed, Refused
from dossiers import search
from dossiers.deadlines import clock
from dossiers.lifecycle import effects, fee_actions, routing, waits
from dossiers.lifecycle.transitions import Action
from dossiers.models import OPEN_STATES, Correction, Dossier, DossierDocument, State
from procedures.models import Channel
from vietnam import working_time

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
    _CHECKS[kind](action.dossier, str(action.inputs.get("value") or "").strip(), action.at)


def still_makes_sense(action: Action) -> None:
    correction = _open(action.dossier)
    _CHECKS[correction.kind](action.dossier, correction.change.get("new", ""), action.at)


def request_correction(action: Action) -> None:
    kind, value = action.inputs["kind"], str(action.inputs.get("value") or "").strip()
    change = {"old": _PRESENT[kind](action.dossier), "new": value}
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


def confirm_correction(action: Action) -> None:
    correction = _decide(action, confirmed=True)
    _APPLY[correction.kind](action, correction.change["new"])
    action.recorded |= {"correction": correction.kind, **correction.change}


def decline_correction(action: Action) -> None:
    correction = _decide(action, confirmed=False)
    action.recorded |= {"correction": correction.kind, **correction.change}


def state_after(action: Action) -> State:
    """Only a reopening changes the state; the event kept what was confirmed."""
    before = State(action.dossier.state)
    if action.recorded["correction"] != Kind.REOPEN:
        return before
    return State.PROCESSING if before is State.DONE else State.FILED


def _open(dossier: Dossier) -> Correction:
    return dossier.corrections.select_related("asked_by").get(decided_at=None)


def _decide(action: Action, *, confirmed: bool) -> Correction:
    correction = _open(action.dossier)
    correction.decided_by, correction.decided_at = action.by.post, action.at
    correction.decided_by_account_id = action.by.account_id
    correction.confirmed, correction.note = confirmed, str(action.inputs.get("reason") or "")
    correction.save()
    return correction


def _check_reopen(dossier: Dossier, _value: str, _at: datetime) -> None:
    if dossier.state == State.DONE:
        return
    if dossier.state == State.NOT_RECEIVED and dossier.received_at is None:
        if dossier.channel == Channel.ONLINE:
            return
        raise Refused(
            "file_anew", _("Hồ sơ giấy đã trả lại cho người nộp. Hãy tiếp nhận thành hồ sơ mới tại quầy."), field="kind"
        )
    raise Refused("not_ended", _("Chỉ mở lại hồ sơ đã xong, hoặc đã bị từ chối tiếp nhận, do nhầm."), field="kind")


def _check_limit(dossier: Dossier, value: str, _at: datetime) -> None:
    if dossier.state not in OPEN_STATES:
        raise Refused("not_open", _("Chỉ sửa thời hạn của hồ sơ đang giải quyết."), field="kind")
    _days(value)


def _check_agency(dossier: Dossier, value: str, at: datetime) -> None:
    if dossier.state != State.PROCESSING:
        raise Refused("not_open", _("Chỉ chuyển cơ quan khi hồ sơ đang xử lý."), field="kind")
    if dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).exists():
        raise Refused("decided", _("Đã có dự thảo kết quả nên không chuyển cơ quan được nữa."), field="kind")
    agency = _agency(value, at)
    if agency is None:
        raise Refused("unknown_agency", _("Không có cơ quan nào mang mã “%(code)s”.") % {"code": value}, field="value")
    if agency.pk == dossier.settling_agency_id:
        raise Refused("same_agency", _("Hồ sơ đang ở chính cơ quan này."), field="value")


def _check_text(dossier: Dossier, value: str, _at: datetime) -> None:
    if not value:
        raise Refused("missing", _("Hãy nhập nội dung đúng."), field="value")
    if len(value) > 250:
        raise Refused("too_long", _("Nội dung dài quá 250 ký tự."), field="value")


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
    return Agency.objects.valid(on=at.date()).filter(code=code).select_related("calendar").first()


def _reopen(action: Action, _value: str) -> None:
    """Back to appraisal, or to the counter's inbox, on the same clock: the mistake costs the agency's own time."""
    dossier = action.dossier
    if dossier.state == State.NOT_RECEIVED:
        dossier.closed_at = None
        effects.answer_wanted(action)
        waits.for_answer(action)
        fee_actions.raise_fee(action)
        return
    dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).update(withdrawn_at=action.at)
    dossier.has_digital_result = False
    dossier.finished_at, dossier.outcome, dossier.substate = None, "", ""
    back = routing.first_carrying(dossier, "verify")
    routing.begin_step(dossier, back, at=action.at, holder=routing.last_holder(dossier, back))


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
    routing.finish_step(dossier, at=action.at)
    dossier.settling_agency = agency
    dossier.route = routing.plan_route(dossier)
    routing.begin_step(dossier, routing.step_after(dossier, "receive"), at=action.at)


def _new_owner(action: Action, value: str) -> None:
    action.dossier.owner_name = value
    search.index_dossier(action.dossier)


def _new_content(action: Action, value: str) -> None:
    action.dossier.content = value
    search.index_dossier(action.dossier)


_CHECKS: dict[str, Callable[[Dossier, str, datetime], None]] = {
    Kind.REOPEN: _check_reopen,
    Kind.LIMIT: _check_limit,
    Kind.AGENCY: _check_agency,
    Kind.OWNER: _check_text,
    Kind.CONTENT: _check_text,
}
_PRESENT: dict[str, Callable[[Dossier], str]] = {
    Kind.REOPEN: lambda dossier: str(State(dossier.state).value),
    Kind.LIMIT: lambda dossier: f"{dossier.limit_amount or 0:f} {dossier.limit_unit}",
    Kind.AGENCY: lambda dossier: dossier.settler.code,
    Kind.OWNER: lambda dossier: dossier.owner_name,
    Kind.CONTENT: lambda dossier: dossier.content,
}
_APPLY: dict[str, Callable[[Action, str], None]] = {
    Kind.REOPEN: _reopen,
    Kind.LIMIT: _new_limit,
    Kind.AGENCY: _new_agency,
    Kind.OWNER: _new_owner,
    Kind.CONTENT: _new_content,
}
