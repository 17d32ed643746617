"""The fee within an action: claims of exemption decided, an amount fixed that the catalogue leaves open."""

from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.fees import amounts
from dossiers.lifecycle.transitions import Action
from dossiers.models import State, Substate
from vietnam.money import format_money


def claims_decided(action: Action) -> None:
    """Every open claim is confirmed by its proof, or refused with a reason (guard)."""
    confirmed = list(action.inputs.get("exemptions") or ())
    open_ = amounts.open_claims(action.dossier)
    known = {relief.key for relief in open_}
    if unknown := [key for key in confirmed if key not in known]:
        sentence = _("Người nộp không đề nghị diện miễn, giảm “%(key)s”.") % {"key": unknown[0]}
        raise Refused("unknown_exemption", sentence, field="exemptions")
    refused = [relief.local_text() for relief in open_ if relief.key not in confirmed]
    if refused and not str(action.inputs.get("reason") or "").strip():
        sentence = _("Đánh dấu diện miễn, giảm có giấy tờ chứng minh. Không đánh dấu thì ghi lý do không áp dụng: %s.")
        raise Refused("claims_open", sentence % "; ".join(refused), field="reason")


def decide_claims(action: Action) -> None:
    decided = amounts.decide_claims(action.dossier, action.inputs.get("exemptions") or ())
    if decided:
        action.recorded["exemptions"] = decided


def note_exemptions(action: Action) -> None:
    """What was confirmed by taking in: whoever ticked it saw the proof, and the event names them."""
    confirmed = [amounts.as_recorded(relief, state) for relief, state in amounts.reliefs_of(action.dossier)]
    if confirmed:
        action.recorded["exemptions"] = confirmed


def amount_allowed(action: Action) -> None:
    """An amount is said only for a fee that nobody knows; a known one comes from the catalogue alone (guard)."""
    if action.inputs.get("fee") is not None:
        _require_unverified(action)


def fee_is_unverified(action: Action) -> None:
    """Guard of the action that does nothing else."""
    _require_unverified(action)


def _require_unverified(action: Action) -> None:
    dossier = action.dossier
    granted = set(action.inputs.get("exemptions") or ())
    if dossier.fee_amount is not None or amounts.fee_with_exemptions(dossier, granted, at=action.at).total is not None:
        raise Refused("fee_known", _("Mức thu của hồ sơ này đã rõ theo danh mục, không phải nhập."), field="fee")


def fix_fee(action: Action) -> None:
    amount = action.inputs.get("fee")
    if amount is None:
        return
    if not isinstance(amount, int) or not 0 <= amount <= amounts.LARGEST_FEE:
        most = format_money(amounts.LARGEST_FEE)
        raise Refused("bad_amount", _("Hãy nhập số tiền từ 0 đến %(most)s.") % {"most": most}, field="fee")
    amounts.fix_amount(action.dossier, amount, str(action.inputs.get("fee_ground") or ""))
    action.recorded["fee_fixed"] = amount


def correct_fee(action: Action) -> None:
    """The right amount takes the place of the one that was charged: the difference is owed, or goes back."""
    dossier, amount = action.dossier, action.inputs["fee"]
    if not isinstance(amount, int) or not 0 <= amount <= amounts.LARGEST_FEE:
        most = format_money(amounts.LARGEST_FEE)
        raise Refused("bad_amount", _("Hãy nhập số tiền từ 0 đến %(most)s.") % {"most": most}, field="fee")
    if dossier.fee_amount is None:
        raise Refused("fee_unknown", _("Mức thu của hồ sơ này chưa được xác định nên chưa có gì để sửa."), field="fee")
    if amount == dossier.fee_amount:
        raise Refused("same_fee", _("Mức thu đang là số này. Hãy nhập số đúng."), field="fee")
    if action.by.account_id is None:
        raise Refused("no_person", _("Sửa mức thu cần một người đăng nhập chịu trách nhiệm."))
    ground, why = str(action.inputs["fee_ground"]).strip(), str(action.inputs["reason"]).strip()
    action.recorded["fee_before"] = dossier.fee_amount
    found = amounts.correct_fee(dossier, amount, ground, why, by=action.by, at=action.at)
    action.recorded |= {"fee_fixed": amount, "fee_ground": ground}
    action.recorded |= {"fee_more": found.more} if found.more else {}
    action.recorded |= {"fee_back": found.back} if found.back else {}
    if dossier.state == State.DONE and dossier.substate in (Substate.TO_COLLECT, Substate.FEE_TO_COLLECT):
        dossier.substate = Substate.FEE_TO_COLLECT if found.more else Substate.TO_COLLECT


def charge_again(action: Action) -> None:
    """For a dossier that goes on after an ending by mistake, whose open fee was taken back then."""
    dossier = action.dossier
    amounts.charge_again(dossier, _("Hồ sơ được mở lại vì đã kết thúc nhầm"), by=action.by.label)
    if dossier.fee_amount:
        action.recorded["fee"] = dossier.fee_amount


def raise_fee(action: Action) -> None:
    dossier = action.dossier
    amounts.raise_fee(dossier, by=action.by.label)
    if dossier.fee_amount:
        action.recorded["fee"] = dossier.fee_amount
    if dossier.state == State.DONE and dossier.substate == Substate.TO_COLLECT and dossier.fee_amount:
        dossier.substate = Substate.FEE_TO_COLLECT
