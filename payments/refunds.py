"""Giving money back: one person asks, another decides, and it goes the way it came.

A refund of a settled charge takes the fee back and adjusts its receipt; one of stray money only empties that.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import NotAllowed, Refused
from core.second_person import second_person_sentence
from journal import audit_log, outbox
from payments import numbering, permissions, settlement
from payments.ledger.posting import Account, Kind, Leg, balance, cashier_place, enter_transaction, lock_cashier
from payments.ledger.strays import close_when_empty
from payments.models import Charge, Payment, ProviderCall, Receipt, Refund, StrayMoney
from payments.providers import registry
from payments.providers.base import BadSignature, RefundRefused, Unreachable
from payments.working_off import free_of
from vietnam.money import format_money

State, Way = Refund.State, Refund.Way
_NOT_GIVEN = (State.DECLINED, State.FAILED)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks to be given back; `target` (bank, number, holder) for a transfer."""

    amount: int
    reason: str
    ground: str
    way: str
    target: str = ""


def left_to_refund(charge: Charge) -> int:
    """What of a settled charge can still be given back, đồng."""
    if charge.settled_at is None:
        return 0
    return charge.amount - sum(r.amount for r in charge.refunds.exclude(state__in=_NOT_GIVEN))


def unasked() -> QuerySet[Charge]:
    """Paid charges of records that ended before their work was done, while nobody has asked to give them back.

    A request that was declined is an answer too. What was given back because the fee was corrected is none.
    """
    asked = Refund.objects.exclude(reason=Refund.Reason.CORRECTED).exclude(state=State.FAILED)
    gone = Refund.objects.filter(charge=OuterRef("pk")).exclude(state__in=_NOT_GIVEN)
    back = Coalesce(Subquery(gone.order_by().values("charge").annotate(sum=Sum("amount")).values("sum")), 0)
    paid = Charge.objects.filter(permissions.of_ended_records(), settled_at__isnull=False)
    unasked = paid.filter(~Exists(asked.filter(charge=OuterRef("pk"))))
    return unasked.annotate(left=F("amount") - back).filter(left__gt=0)


def way_back(charge: Charge, amount: int) -> tuple[str, str]:
    """The way by which the payer paid, and where that leads: a way and a target as `Wanted` takes them."""
    payment = charge.payments.select_related("account").filter(state=Payment.State.CONFIRMED).first()
    if payment is None or payment.method == Payment.Method.CASH:
        return Way.CASH, ""
    if _may_go_back(payment, amount):
        return Way.PROVIDER, ""
    return Way.TRANSFER, _("Tài khoản hoặc thẻ đã trả, giao dịch %s") % (payment.provider_transaction or "?")


def ask_refund(subject: Charge | StrayMoney, wanted: Wanted, *, by: Actor, at: datetime) -> Refund:
    """Ask to give back a settled charge, or stray money, whole or in part. Raises Refused."""
    with transaction.atomic():
        if isinstance(subject, Charge):
            charge = settlement.lock_charge(subject.pk)
            stray = None
            payment = charge.payments.filter(state=Payment.State.CONFIRMED).first()
            left, payee, agency = left_to_refund(charge), charge.payer_name, charge.agency_code
        else:
            charge, stray = None, StrayMoney.objects.select_for_update().get(pk=subject.pk)
            payment = stray.payment
            left, payee, agency = free_of(stray), stray.payer or _("người đã chuyển"), stray.agency_code
        if not 0 < wanted.amount <= left:
            raise Refused(
                "too_much",
                _("Chỉ hoàn được nhiều nhất %(left)s. Hãy sửa số tiền.") % {"left": format_money(max(left, 0))},
                field="amount",
            )
        if wanted.way == Way.PROVIDER and not (charge and payment and _may_go_back(payment, wanted.amount)):
            raise Refused(
                "no_way_back", _("Khoản này không hoàn qua bên thu hộ được. Hãy chọn cách khác."), field="way"
            )
        refund = Refund.objects.create(
            charge=charge,
            stray=stray,
            payment=payment,
            agency_code=agency,
            amount=wanted.amount,
            reason=wanted.reason,
            ground=wanted.ground[:300],
            way=wanted.way,
            target=wanted.target[:200],
            payee=payee[:250],
            asked_by_account=by.account_id,
            asked_by=by.label[:200],
            asked_at=at,
        )
        _note("refund_asked", refund, by.label)
    return refund


def decide_refund(refund: Refund, granted: bool, *, by: Actor, at: datetime, why: str = "") -> Refund:
    """Another person grants or declines it. A refund through a provider is then ordered by a worker. Raises Refused."""
    with transaction.atomic():
        held = _locked(refund)
        if held.state != State.ASKED:
            raise Refused("decided", _("Yêu cầu này đã được quyết định."))
        if by.account_id is None or by.account_id == held.asked_by_account:
            raise NotAllowed("four_eyes", second_person_sentence())
        held.state = State.GRANTED if granted else State.DECLINED
        held.decided_by_account, held.decided_by, held.decided_at = by.account_id, by.label[:200], at
        held.decision = why[:300]
        held.save(update_fields=["state", "decided_by_account", "decided_by", "decided_at", "decision"])
        _note("refund_granted" if granted else "refund_declined", held, by.label)
        if granted:
            _owe(held, at=at, by=by.label)
            if held.way == Way.PROVIDER:
                outbox.record_message("payments.refund", {"refund": held.pk}, key=f"payments.refund:{held.pk}")
    return held


def pay_out(refund: Refund, reference: str = "", *, by: Actor, at: datetime) -> Refund:
    """It was handed over in cash, or transferred (`reference`: the bank's number of the transfer). Raises Refused."""
    with transaction.atomic():
        held = _locked(refund)
        if held.state != State.GRANTED or held.way == Way.PROVIDER:
            raise Refused("not_granted", _("Yêu cầu này chưa được duyệt, hoặc đã chi."))
        if held.way == Way.TRANSFER and not reference.strip():
            raise Refused("no_reference", _("Hãy nhập số giao dịch của ngân hàng."), field="reference")
        lock_cashier(by.account_id)
        if held.way == Way.CASH and balance(Account.CASH, cashier_place(by.account_id)) < held.amount:
            raise Refused("not_enough_cash", _("Quỹ tiền mặt của bạn không đủ để hoàn khoản này."))
        _done(held, reference.strip(), at=at, by=by.label, cashier=by.account_id)
    return held


def order_refund(refund: Refund, *, at: datetime) -> bool:
    """Give it back through its provider; False while nobody knows whether it was done. Called again later, under the
    same number, it is not done twice."""
    refund = Refund.objects.select_related("payment__account", "charge", "stray").get(pk=refund.pk)
    if refund.state not in (State.GRANTED, State.SENT):
        return True
    provider = registry.provider_of(refund.payment.method)
    assert provider is not None
    if refund.state == State.GRANTED:
        Refund.objects.filter(pk=refund.pk, state=State.GRANTED).update(state=State.SENT)
    outcome, told = ProviderCall.Outcome.CONFIRMED, {"refund": str(refund.uid)}
    try:
        number = provider.refund(refund, at=at)
    except RefundRefused as refused:
        with transaction.atomic():
            _fail(_locked(refund), str(refused), at=at)
        outcome, told["error"] = ProviderCall.Outcome.NOT_PAID, str(refused)
    except (Unreachable, BadSignature) as error:
        _keep(provider.name, refund, ProviderCall.Outcome.UNREACHABLE, {**told, "error": str(error)[:500]}, at)
        return False
    else:
        with transaction.atomic():
            held = _locked(refund)
            if held.state == State.SENT:
                _done(held, number, at=at, by=provider.name)
    _keep(provider.name, refund, outcome, told, at)
    return True


def settle_sent(refund: Refund, done: bool, reference: str, *, by: Actor, at: datetime) -> Refund:
    """Somebody saw at the provider what became of an ordered refund whose answer was lost. Raises Refused."""
    with transaction.atomic():
        held = _locked(refund)
        if held.state != State.SENT:
            raise Refused("not_sent", _("Khoản hoàn này không còn chờ kết quả."))
        if done:
            _done(held, reference, at=at, by=by.label)
        else:
            _fail(held, reference or _("Không hoàn được"), at=at)
    return held


def _may_go_back(payment: Payment, amount: int) -> bool:
    provider = registry.provider_of(payment.method)
    return bool(provider and provider.can_refund(payment) and amount <= payment.amount)


def _locked(refund: Refund) -> Refund:
    """The refund's row; the charge's before it, as everywhere."""
    if refund.charge_id:
        settlement.lock_charge(refund.charge_id)
    else:
        StrayMoney.objects.select_for_update().get(pk=refund.stray_id)
    locked = Refund.objects.select_for_update(of=("self",))
    return locked.select_related("charge", "stray", "payment__account").get(pk=refund.pk)


def _owe(refund: Refund, *, at: datetime, by: str) -> None:
    """From its grant on the money is owed to the payee."""
    if refund.charge:
        source = Leg(Account.INCOME, refund.amount, charge=refund.charge, refund=refund)
        original = numbering.receipt_of(refund.charge)
        receipt = numbering.number_receipt(
            agency_code=refund.charge.agency_code,
            amount=-refund.amount,
            at=at,
            kind=Receipt.Kind.ADJUSTMENT,
            adjusts=original,
            ground=refund.ground,
        )
        outbox.record_message("payments.receipt", {"receipt": receipt.pk}, key=f"payments.receipt:{receipt.pk}")
    else:
        source = Leg(Account.STRAY, refund.amount, refund.stray.place, stray=refund.stray, refund=refund)
    enter_transaction(
        Kind.REFUND_GRANTED,
        f"refund-granted:{refund.pk}",
        [source, Leg(Account.REFUND, -refund.amount, refund=refund)],
        agency_code=refund.agency_code,
        at=at,
        by=by,
    )
    if refund.stray:
        close_when_empty(refund.stray, at=at)


def _done(refund: Refund, reference: str, *, at: datetime, by: str, cashier: int | None = None) -> None:
    refund.state, refund.done_by, refund.done_at = State.DONE, by[:200], at
    refund.provider_transaction = reference[:80]
    refund.save(update_fields=["state", "done_by", "done_at", "provider_transaction"])
    if refund.way == Way.CASH:
        paid = Leg(Account.CASH, -refund.amount, cashier_place(cashier), refund=refund)
    else:
        paid = Leg(Account.CLEARING, -refund.amount, _place(refund), refund=refund)
    enter_transaction(
        Kind.REFUNDED,
        f"refunded:{refund.pk}",
        [Leg(Account.REFUND, refund.amount, refund=refund), paid],
        agency_code=refund.agency_code,
        at=at,
        by=by,
    )
    _note("refund_done", refund, by)
    outbox.record_message("payments.refund_paper", {"refund": refund.pk}, key=f"payments.refund_paper:{refund.pk}")


def _fail(refund: Refund, why: str, *, at: datetime) -> None:
    """The provider refused: what was taken for it goes back where it came from, and the receipt is adjusted back."""
    if refund.state != State.SENT:
        return
    refund.state, refund.failure = State.FAILED, why[:300]
    refund.save(update_fields=["state", "failure"])
    if refund.charge:
        source = Leg(Account.INCOME, -refund.amount, charge=refund.charge, refund=refund)
        original = numbering.receipt_of(refund.charge)
        numbering.number_receipt(
            agency_code=refund.charge.agency_code,
            amount=refund.amount,
            at=at,
            kind=Receipt.Kind.ADJUSTMENT,
            adjusts=original,
            ground=_("Không hoàn được: %s") % why,
        )
    else:
        source = Leg(Account.STRAY, -refund.amount, refund.stray.place, stray=refund.stray, refund=refund)
    enter_transaction(
        Kind.REFUND_GRANTED,
        f"refund-failed:{refund.pk}",
        [Leg(Account.REFUND, refund.amount, refund=refund), source],
        agency_code=refund.agency_code,
        at=at,
        by="provider",
        note=why,
    )
    if refund.stray:
        close_when_empty(refund.stray, at=at)
    _note("refund_failed", refund, "provider")


def _place(refund: Refund) -> str:
    if refund.stray:
        return refund.stray.place
    return settlement.place_of(refund.payment) if refund.payment else ""


def _keep(provider: str, refund: Refund, outcome: str, told: dict[str, str], at: datetime) -> None:
    ProviderCall.objects.create(
        provider=provider,
        kind=ProviderCall.Kind.REFUND,
        outcome=outcome,
        payload=told,
        payment=refund.payment,
        received_at=at,
    )


def _note(verb: str, refund: Refund, by: str) -> None:
    audit_log.record_entry(verb, f"refund:{refund.uid}", by=by[:200], amount=refund.amount, way=refund.way)
