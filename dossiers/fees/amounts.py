"""What a dossier owes. The amount is computed by `procedures.fees.calculation`; `payments` charges the payable record.

Fee facts stand on the dossier: {"quantities": {per: number}, "value": đồng or None, "exemptions": {key of a relief:
one of the states below}, "fixed": {"amount", "ground"} where staff fixed what the catalogue leaves open}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from dossiers.filing import declaration
from dossiers.models import Dossier
from payments import charges, refunds
from payments.ledger.posting import owed_of
from payments.models import Charge, Refund
from procedures.fees import calculation, inputs, sentences
from procedures.fees.inputs import Needed, Relief
from procedures.fees.lines import ComputedLine
from vietnam.legal_acts import with_act_kinds
from vietnam.money import format_money

# An exemption is claimed by the applicant, then confirmed or refused by staff who saw the proof.
CLAIMED, CONFIRMED, REFUSED = "claimed", "confirmed", "refused"
FEE, DIFFERENCE = "fee", "difference"  # why a charge was raised: the fee, and what was owed more of it later
FEE_REASONS = (FEE, DIFFERENCE)
LARGEST_FEE = 10**12  # đồng that staff may fix for one dossier


def day_of(dossier: Dossier, at: datetime | None = None) -> date:
    """The day whose fee table holds: of filing; for what is not filed yet, of `at`."""
    return timezone.localdate(dossier.filed_at or dossier.received_at or at or dossier.created_at)


def needed_inputs(dossier: Dossier, *, at: datetime | None = None) -> Needed:
    """What the fee of the dossier's edition, channel and case depends on."""
    lines = dossier.edition.fee_lines.all()
    return inputs.needed_inputs(lines, dossier.channel, dossier.case, day_of(dossier, at))


def asked_inputs(dossier: Dossier, *, at: datetime | None = None) -> Needed:
    """What is still asked of who files: without the numbers that the dossier's form asks for already."""
    return needed_inputs(dossier, at=at).without(declaration.counted_by_form(dossier))


def quantities_of(dossier: Dossier) -> dict[str, int]:
    """Number of what the fee is counted by; the form's answers say those that were not said for the fee itself."""
    return {**declaration.declared_quantities(dossier), **(dossier.fee_facts.get("quantities") or {})}


def computed_fee(dossier: Dossier, *, at: datetime | None = None, hoped: bool = False) -> calculation.FeeResult:
    """The fee of the dossier's edition, channel and case, line by line. A read, changes nothing.

    Exemptions count once they are confirmed; with `hoped`, as if every claim were.
    """
    granted = (CLAIMED, CONFIRMED) if hoped else (CONFIRMED,)
    return _computed(dossier, {key for key, state in exemptions_of(dossier).items() if state in granted}, at)


def _computed(dossier: Dossier, exemptions: Iterable[str], at: datetime | None) -> calculation.FeeResult:
    said = dossier.fee_facts
    if fixed := said.get("fixed"):
        return _fixed(dossier, fixed)
    return calculation.fee_for(
        dossier.edition,
        dossier.channel,
        dossier.case,
        quantities_of(dossier),
        value=said.get("value"),
        exemptions=exemptions,
        on=day_of(dossier, at),
    )


def _fixed(dossier: Dossier, fixed: Mapping[str, Any]) -> calculation.FeeResult:
    """The fee as staff fixed it, in one line."""
    rows = calculation.lines_in_force(dossier.edition.fee_lines.all(), dossier.channel, dossier.case, day_of(dossier))
    amount, kinds = int(fixed["amount"]), {row.kind for row in rows}
    name = "; ".join(dict.fromkeys(row.name for row in rows)) or "Phí, lệ phí"
    line = ComputedLine(
        name=name[:300],
        name_en=("; ".join(dict.fromkeys(row.name_en or row.name for row in rows)) or "Fee")[:300],
        kind=kinds.pop() if len(kinds) == 1 else "unknown",
        per="dossier",
        quantity=1,
        unit_amount=amount,
        amount=amount,
        legal_basis=str(fixed.get("ground") or ""),
    )
    return calculation.result_of([line])


def stored_inputs(said: Mapping[str, Any], *, exemptions: str) -> dict[str, Any]:
    """Judged fee facts as a dossier keeps them; every exemption that was named is in the state `exemptions`."""
    return {**said, "exemptions": dict.fromkeys(said.get("exemptions") or (), exemptions)}


def as_given(dossier: Dossier) -> dict[str, Any]:
    """The dossier's fee facts as they were said, for `inputs.validate_inputs` with `asked_inputs`."""
    facts, by_form = dossier.fee_facts, declaration.counted_by_form(dossier)
    return {
        "quantities": {per: n for per, n in (facts.get("quantities") or {}).items() if per not in by_form},
        "value": facts.get("value"),
        "exemptions": list(exemptions_of(dossier)),
    }


def exemptions_of(dossier: Dossier) -> dict[str, str]:
    """State by the key of each exemption that was named."""
    return dict(dossier.fee_facts.get("exemptions") or {})


def reliefs_of(dossier: Dossier) -> list[tuple[Relief, str]]:
    """The exemptions that were named, each with its state."""
    if not (named := exemptions_of(dossier)):
        return []
    known = {relief.key: relief for relief in needed_inputs(dossier).reliefs}
    return [(known.get(key) or Relief(key, key), state) for key, state in named.items()]


def open_claims(dossier: Dossier) -> list[Relief]:
    """Exemptions that the applicant claims and nobody has decided on; until then nothing is charged."""
    if CLAIMED not in exemptions_of(dossier).values():
        return []
    return [relief for relief, state in reliefs_of(dossier) if state == CLAIMED]


def decide_claims(dossier: Dossier, confirmed: Iterable[str]) -> list[dict[str, str]]:
    """Confirm these claims and refuse the other open ones; returns them as events keep them. No save."""
    granted = set(confirmed)
    found = [(relief, CONFIRMED if relief.key in granted else REFUSED) for relief in open_claims(dossier)]
    states = exemptions_of(dossier) | {relief.key: state for relief, state in found}
    if found:
        dossier.fee_facts = {**dossier.fee_facts, "exemptions": states}
    return [as_recorded(relief, state) for relief, state in found]


def as_recorded(relief: Relief, state: str) -> dict[str, str]:
    return {"key": relief.key, "name": relief.name, "name_en": relief.name_en, "state": state}


def fee_with_exemptions(
    dossier: Dossier, confirmed: Iterable[str], *, at: datetime | None = None
) -> calculation.FeeResult:
    """The fee as it would be with these open claims confirmed and the others refused. A read."""
    granted = {*confirmed, *(key for key, state in exemptions_of(dossier).items() if state == CONFIRMED)}
    return _computed(dossier, granted, at)


def is_unverified(dossier: Dossier, *, at: datetime | None = None) -> bool:
    """Whether nobody knows the amount yet although every exemption is decided: staff may fix it."""
    return dossier.fee_amount is None and not open_claims(dossier) and computed_fee(dossier, at=at).total is None


def fix_amount(dossier: Dossier, amount: int, ground: str) -> None:
    """Fix the amount that the catalogue leaves open. No save, no charge."""
    dossier.fee_facts = {**dossier.fee_facts, "fixed": {"amount": amount, "ground": ground[:300]}}


def raise_fee(dossier: Dossier, *, by: str) -> None:
    """Charge the fee once. A fee still to be confirmed, or one that hangs on a claim, is not charged: `fee_amount`
    stays empty and pages say so."""
    if dossier.fee_amount is not None or open_claims(dossier):
        return
    result = computed_fee(dossier)
    dossier.fee_amount = result.total
    if result.total:
        _charge(dossier, FEE, [_as_line(line) for line in result.lines if line.amount], by=by)


def _as_line(line: ComputedLine) -> dict[str, Any]:
    return {
        "name": sentences.line_title(line, "vi"),
        "name_en": sentences.line_title(line, "en"),
        "kind": line.kind,
        "quantity": line.quantity,
        "unit_amount": line.unit_amount,
        "amount": line.amount,
        "explanation": _explained(line, "vi"),
        "explanation_en": _explained(line, "en"),
    }


def _explained(line: ComputedLine, language: str) -> str:
    """On what ground the line is taken, and who need not pay it; "" when the catalogue does not say."""
    english = language == "en"
    exempt = (line.exempt_en if english else "") or line.exempt
    relief = (line.relief_en if english else "") or line.relief
    with translation.override(language):
        parts = [
            _("Đã áp dụng mức thu tối đa.") if line.cut else "",
            _("Còn nộp %(percent)s %%: %(who)s.") % {"percent": line.percent, "who": relief} if relief else "",
            _("Căn cứ: %s.") % with_act_kinds(line.legal_basis.rstrip("."), english=english)
            if line.legal_basis
            else "",
            _("Miễn, giảm: %s.") % exempt.rstrip(".") if exempt else "",
        ]
    return " ".join(filter(None, parts))


def owes_fee(dossier: Dossier) -> bool:
    """Whether a part of the fee, or all of it, is charged and not paid."""
    return charges.open_charges(dossier.reference).filter(reason__in=FEE_REASONS).exists()


def open_fee(dossier: Dossier) -> int:
    """What of the fee is charged and not paid, đồng; what was applied to it of money that came otherwise is off."""
    found = charges.open_charges(dossier.reference).filter(reason__in=FEE_REASONS)
    return sum(owed_of(charge) for charge in found)


def raise_obligation(dossier: Dossier, amount: int, reason: str, *, by: str) -> None:
    line = {
        "name": reason,
        "name_en": reason,
        "kind": "levy",
        "quantity": 1,
        "unit_amount": amount,
        "amount": amount,
    }
    _charge(dossier, "obligation", [line], by=by)


def charge_amount(dossier: Dossier, amount: int, *, by: str) -> None:
    """Charge a fee that another system has fixed and nobody has paid yet. No save."""
    name, name_en = "Phí, lệ phí", "Fee"
    line = {"name": name, "name_en": name_en, "kind": "fee", "quantity": 1, "unit_amount": amount, "amount": amount}
    _charge(dossier, FEE, [line], by=by)


def _charge(dossier: Dossier, reason: str, lines: list[dict[str, Any]], *, by: str) -> None:
    charges.raise_charge(
        owner=dossier.reference,
        reason=reason,
        title=f"{dossier.code} · {dossier.edition.title}"[:300],
        category=dossier.edition.procedure.code,
        category_name=dossier.edition.title,
        payer_name=dossier.owner_name,
        agency_code=dossier.receiver.code,
        agency_name=dossier.receiver.name,
        lines=lines,
        by=by,
    )


@dataclass(frozen=True)
class Corrected:
    """What a corrected fee came to, đồng: what is owed more, or what is to go back."""

    more: int = 0
    back: int = 0


def correct_fee(dossier: Dossier, amount: int, ground: str, why: str, *, by: Actor, at: datetime) -> Corrected:
    """Let `amount` be the whole fee from now on. No save.

    What was not paid yet is taken back and charged anew; beyond what was paid a difference is charged, and what was
    paid too much is asked to be given back, which another person decides. Raises Refused.
    """
    charges.cancel_open(dossier.reference, by=by.label, at=at, reasons=FEE_REASONS)
    settled = [charge for charge in charges.charges_of(dossier.reference) if charge.reason in FEE_REASONS]
    paid = sum(refunds.left_to_refund(charge) for charge in settled)
    before, dossier.fee_amount = dossier.fee_amount or 0, amount
    fix_amount(dossier, amount, ground)
    if amount > paid:
        line = (
            _difference_line(dossier, amount, paid, ground, why) if paid else _as_line(computed_fee(dossier).lines[0])
        )
        _charge(dossier, DIFFERENCE if paid else FEE, [line], by=by.label)
        dossier.fee_settled_at, dossier.fee_method = None, ""
        return Corrected(more=amount - paid)
    if settled and dossier.fee_settled_at is None:  # only the difference, taken back just now, was still owed
        _settled_by(dossier, settled[-1])
    change = f"{format_money(before)} → {format_money(amount)}. {why}. {ground}"
    _ask_back(settled, paid - amount, change, by=by, at=at)
    return Corrected(back=paid - amount)


def charge_again(dossier: Dossier, why: str, *, by: str) -> None:
    """Owe again what of the fee was taken back when the dossier ended by mistake, or was given back since. No save."""
    if open_claims(dossier) or owes_fee(dossier):
        return
    result = computed_fee(dossier)
    total = dossier.fee_amount if dossier.fee_amount is not None else result.total
    dossier.fee_amount = total
    if not total:
        return
    settled = [charge for charge in charges.charges_of(dossier.reference) if charge.reason in FEE_REASONS]
    settled = [charge for charge in settled if charge.settled_at is not None]
    paid = sum(refunds.left_to_refund(charge) for charge in settled)
    if paid >= total:
        if dossier.fee_settled_at is None:
            _settled_by(dossier, settled[-1])
        return
    dossier.fee_settled_at, dossier.fee_method = None, ""
    if paid:
        _charge(dossier, DIFFERENCE, [_difference_line(dossier, total, paid, _ground(result), why)], by=by)
    else:
        _charge(dossier, FEE, [_as_line(line) for line in result.lines if line.amount], by=by)


def _settled_by(dossier: Dossier, charge: Charge) -> None:
    dossier.fee_settled_at = charge.settled_at
    dossier.fee_method = charge.payments.filter(state="confirmed").values_list("method", flat=True).first() or ""


def _ground(result: calculation.FeeResult) -> str:
    return "; ".join(dict.fromkeys(line.legal_basis.rstrip(".") for line in result.lines if line.legal_basis))


def _ask_back(settled: list[Charge], amount: int, ground: str, *, by: Actor, at: datetime) -> None:
    for charge in reversed(settled):
        part = min(amount, refunds.left_to_refund(charge))
        if part > 0:
            way, target = refunds.way_back(charge, part)
            wanted = refunds.Wanted(part, Refund.Reason.CORRECTED, ground, way, target)
            refunds.ask_refund(charge, wanted, by=by, at=at)
            amount -= part


def _difference_line(dossier: Dossier, amount: int, paid: int, ground: str, why: str) -> dict[str, Any]:
    line = _as_line(computed_fee(dossier).lines[0])
    told = {"whole": format_money(amount), "paid": format_money(paid), "why": why, "ground": ground}
    more: dict[str, Any] = {"quantity": 1, "unit_amount": amount - paid, "amount": amount - paid}
    for language, suffix in (("vi", ""), ("en", "_en")):
        with translation.override(language):
            more[f"name{suffix}"] = _("%s (phần chênh lệch)") % line[f"name{suffix}"]
            sentence = _("Mức đúng %(whole)s, đã nộp %(paid)s. Lý do: %(why)s. Căn cứ: %(ground)s.")
            more[f"explanation{suffix}"] = sentence % told
    return {**line, **more}


def cancel_open(dossier: Dossier, *, by: str) -> None:
    """Take back what is still unpaid, when the dossier was refused, withdrawn or stopped. No save.

    A fee that nobody owes is no amount: a dossier refused by mistake is charged again when it comes back.
    """
    charges.cancel_open(dossier.reference, by=by)
    if dossier.fee_settled_at is None:
        dossier.fee_amount = None
