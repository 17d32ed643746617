"""What a dossier owes. The amount is computed by `procedures.fees`; `payments` charges the payable record."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dossiers.models import Dossier
from payments import charges
from procedures import fees


def computed(dossier: Dossier) -> fees.FeeResult:
    """The fee of the dossier's edition, channel and case, line by line. A read, changes nothing."""
    return fees.fee_for(
        dossier.edition,
        dossier.channel,
        dossier.case,
        dossier.answers.get("quantities") or {},
        on=timezone.localdate(dossier.filed_at or dossier.received_at or dossier.created_at),
    )


def raise_fee(dossier: Dossier, *, by: str) -> None:
    """Charge the fee once. A fee still to be confirmed is not charged: `fee_amount` stays empty and pages say so."""
    if dossier.fee_amount is not None:
        return
    result = computed(dossier)
    dossier.fee_amount = result.total
    if result.total:
        _charge(dossier, "fee", [_as_line(line) for line in result.lines if line.amount], by=by)


def _as_line(line: fees.ComputedLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "name_en": line.name_en or line.name,
        "kind": line.kind,
        "quantity": line.quantity,
        "unit_amount": line.unit_amount,
        "amount": line.amount,
        "explanation": _explained(line, "vi"),
        "explanation_en": _explained(line, "en"),
    }


def _explained(line: fees.ComputedLine, language: str) -> str:
    """On what ground the line is taken, and who need not pay it; "" when the catalogue does not say."""
    exempt = (line.exempt_en if language == "en" else "") or line.exempt
    with translation.override(language):
        parts = [
            _("Căn cứ: %s.") % line.legal_basis.rstrip(".") if line.legal_basis else "",
            _("Miễn, giảm: %s.") % exempt.rstrip(".") if exempt else "",
        ]
    return " ".join(filter(None, parts))


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


def _charge(dossier: Dossier, reason: str, lines: list[dict[str, Any]], *, by: str) -> None:
    charges.raise_charge(
        owner=dossier.reference,
        reason=reason,
        title=f"{dossier.code} · {dossier.edition.title}"[:300],
        payer_name=dossier.owner_name,
        agency_code=dossier.receiver.code,
        agency_name=dossier.receiver.name,
        lines=lines,
        by=by,
    )


def cancel_open(dossier: Dossier, *, by: str) -> None:
    """Take back what is still unpaid, when the dossier was refused or stopped."""
    charges.cancel_open(dossier.reference, by=by)
