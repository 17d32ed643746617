"""The fee within an act: claims of exemption decided, an amount fixed that the catalogue leaves in doubt."""

from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.fees import amounts
from dossiers.lifecycle.transitions import Act
from dossiers.models import State
from vietnam.money import format_money


def claims_decided(act: Act) -> None:
    """Every open claim is confirmed by its proof, or refused with a reason (guard)."""
    confirmed = list(act.facts.get("exemptions") or ())
    open_ = amounts.open_claims(act.dossier)
    known = {relief.key for relief in open_}
    if unknown := [key for key in confirmed if key not in known]:
        sentence = _("Người nộp không đề nghị diện miễn, giảm “%(key)s”.") % {"key": unknown[0]}
        raise Refused("unknown_exemption", sentence, field="exemptions")
    refused = [relief.said() for relief in open_ if relief.key not in confirmed]
    if refused and not str(act.facts.get("reason") or "").strip():
        sentence = _("Đánh dấu diện miễn, giảm có giấy tờ chứng minh. Không đánh dấu thì ghi lý do không áp dụng: %s.")
        raise Refused("claims_open", sentence % "; ".join(refused), field="reason")


def decide_claims(act: Act) -> None:
    decided = amounts.decide_claims(act.dossier, act.facts.get("exemptions") or ())
    if decided:
        act.recorded["exemptions"] = decided


def note_exemptions(act: Act) -> None:
    """What was confirmed by taking in: whoever ticked it saw the proof, and the event names them."""
    confirmed = [amounts.as_recorded(relief, state) for relief, state in amounts.reliefs_of(act.dossier)]
    if confirmed:
        act.recorded["exemptions"] = confirmed


def amount_allowed(act: Act) -> None:
    """An amount is said only for a fee that nobody knows; a known one comes from the catalogue alone (guard)."""
    if act.facts.get("fee") is not None:
        _in_doubt(act)


def in_doubt(act: Act) -> None:
    """Guard of the act that does nothing else."""
    _in_doubt(act)


def _in_doubt(act: Act) -> None:
    dossier = act.dossier
    granted = set(act.facts.get("exemptions") or ())
    if dossier.fee_amount is not None or amounts.decided(dossier, granted, at=act.at).total is not None:
        raise Refused("fee_known", _("Mức thu của hồ sơ này đã rõ theo danh mục, không phải nhập."), field="fee")


def fix_fee(act: Act) -> None:
    amount = act.facts.get("fee")
    if amount is None:
        return
    if not isinstance(amount, int) or not 0 <= amount <= amounts.LARGEST_FEE:
        most = format_money(amounts.LARGEST_FEE)
        raise Refused("bad_amount", _("Hãy nhập số tiền từ 0 đến %(most)s.") % {"most": most}, field="fee")
    amounts.fix(act.dossier, amount, str(act.facts.get("fee_ground") or ""))
    act.recorded["fee_fixed"] = amount


def raise_fee(act: Act) -> None:
    dossier = act.dossier
    amounts.raise_fee(dossier, by=act.by.label)
    if dossier.fee_amount:
        act.recorded["fee"] = dossier.fee_amount
    if dossier.state == State.DONE and dossier.substate == "to_collect" and dossier.fee_amount:
        dossier.substate = "fee_to_collect"
