"""What a person says about a line that matched nothing; each reason has its entry in the ledger."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from journal import audit_log
from payments import reversals
from payments.ledger import strays
from payments.ledger.posting import Account, Kind, Leg, balance, enter_transaction
from payments.models import Payment, StatementLine, StrayMoney
from vietnam.money import format_money

Reason, State = StatementLine.Reason, StatementLine.State
# The other side of the bank's account. A reason that only takes or only brings money has its sign.
_AGAINST: dict[str, Account] = {
    Reason.CASH: Account.SAFE,
    Reason.SETTLEMENT: Account.CLEARING,
    Reason.REFUND: Account.CLEARING,
    Reason.REVERSAL: Account.DIFFERENCE,
    Reason.COST: Account.COST,
    Reason.INTEREST: Account.DIFFERENCE,
    Reason.TRANSFER: Account.TRANSFER,
    Reason.OTHER: Account.DIFFERENCE,
}
_BRINGS, _TAKES = (Reason.STRAY, Reason.CASH, Reason.INTEREST), (Reason.REFUND, Reason.COST, Reason.TRANSFER)


def explain_line(
    line: StatementLine,
    reason: str,
    explanation: str,
    *,
    by: Actor,
    at: datetime,
    place: str = "",
    cost: int = 0,
    takes_back: Payment | StrayMoney | None = None,
) -> StatementLine:
    """Settle a line with a reason. `place`: whose money a settlement brings (the provider's account), with `cost` kept
    by it; the agency whose cash was taken to the bank. `takes_back`: what a reversal undoes. Raises Refused."""
    with transaction.atomic():
        held = StatementLine.objects.select_for_update(of=("self",)).select_related("account").get(pk=line.pk)
        if held.state != State.OPEN:
            raise Refused("settled", _("Dòng này đã được giải quyết."))
        if not explanation.strip():
            raise Refused("no_explanation", _("Hãy ghi lý do để người sau đọc hiểu."), field="explanation")
        if (reason in _BRINGS and held.amount < 0) or (reason in _TAKES and held.amount > 0):
            raise Refused(
                "wrong_way", _("Lý do này không hợp với chiều tiền của dòng. Hãy chọn lý do khác."), field="reason"
            )
        held.state, held.reason, held.explanation = State.EXPLAINED, reason, explanation.strip()[:300]
        held.settled_by, held.settled_at = by.label[:200], at
        held.save(update_fields=["state", "reason", "explanation", "settled_by", "settled_at"])
        if reason == Reason.STRAY:
            _as_stray(held, by=by.label, at=at)
        elif reason == Reason.REVERSAL and held.amount < 0 and takes_back is not None:
            _take_back(held, takes_back, by=by.label, at=at)
        else:
            safe = by.post.agency.code if by.post and reason == Reason.CASH else ""
            _enter(held, reason, place or safe, cost, by=by.label, at=at)
        audit_log.record_entry(
            "line_explained", f"statement-line:{held.pk}", by=by, reason=reason, explanation=held.explanation
        )
    return held


def _take_back(line: StatementLine, what: Payment | StrayMoney, *, by: str, at: datetime) -> None:
    amount, place = -line.amount, line.account.key
    if isinstance(what, Payment):
        reversals.reverse_payment(what, amount=amount, place=place, why=line.explanation, at=at, by=by)
    else:
        key = f"explained:{line.pk}"
        reversals.reverse_stray(what, amount=amount, place=place, key=key, why=line.explanation, at=at, by=by)


def _as_stray(line: StatementLine, *, by: str, at: datetime) -> None:
    strays.take_in(
        StrayMoney.Kind.UNKNOWN,
        agency_code=line.account.agency_code,
        place=line.account.key,
        provider="statement",
        transaction=f"line:{line.pk}",
        amount=line.amount,
        purpose=line.purpose,
        payer=line.payer,
        at=at,
        by=by,
        against=Account.BANK,
    )


def _enter(line: StatementLine, reason: str, place: str, cost: int, *, by: str, at: datetime) -> None:
    own = line.account.key
    where = place if reason in (Reason.SETTLEMENT, Reason.CASH) else own
    if reason == Reason.SETTLEMENT and (not where or cost < 0):
        raise Refused("no_place", _("Hãy chọn bên thu hộ hoặc máy thẻ đã chuyển tiền."), field="place")
    if reason == Reason.CASH and (there := balance(Account.SAFE, where)) < line.amount:
        raise Refused(
            "not_in_safe",
            _("Tiền mặt đã chốt chỉ có %s. Hãy chốt quỹ trước, hoặc chọn lý do khác.") % format_money(there),
            field="reason",
        )
    kept = cost if reason == Reason.SETTLEMENT else 0
    enter_transaction(
        Kind.EXPLAINED,
        f"explained:{line.pk}",
        [
            Leg(Account.BANK, line.amount, own),
            Leg(Account.COST, kept, own),
            Leg(_AGAINST[reason], -line.amount - kept, where),
        ],
        agency_code=line.account.agency_code,
        at=at,
        by=by,
        note=line.explanation,
    )
