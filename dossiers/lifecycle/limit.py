"""The time limit of a dossier, copied from its edition when it is received."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.lifecycle.transitions import Action
from procedures.editions import time_limits


def fill_limit(action: Action) -> None:
    """Copy the limit of the edition's channel and case to the dossier; a unverified one is what the receiver enters."""
    dossier = action.dossier
    term = time_limits.term_for(dossier.edition, channel=dossier.channel, case=dossier.case)
    if given := action.inputs.get("limit_days"):
        dossier.limit_amount, dossier.limit_unit = _days(given), "working_day"
        action.recorded["limit_entered"] = str(dossier.limit_amount)
    elif term is None or not term.unit or (term.amount is None and term.unit != "at_once"):
        raise Refused(
            "limit_unknown",
            _("Thời hạn của thủ tục này còn chờ xác nhận. Hãy nhập số ngày làm việc theo quyết định công bố."),
            field="limit_days",
        )
    else:
        dossier.limit_amount, dossier.limit_unit = term.amount or Decimal(0), term.unit
    dossier.after_15h_next_day = bool(term and term.after_15h_next_day)


def _days(given: object) -> Decimal:
    try:
        days = Decimal(str(given).strip().replace(",", "."))
    except InvalidOperation:
        days = Decimal(0)
    if not Decimal(0) < days <= Decimal(1000):
        raise Refused("bad_limit", _("Hãy nhập thời hạn là số ngày lớn hơn 0, ví dụ 5 hoặc 0,5."), field="limit_days")
    return days
