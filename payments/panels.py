"""What a page shows about the charges of a payable record; drawn by templates/payments/charge_panel.html."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from payments import charges, permissions, providers, vietqr
from payments.models import Charge, Payment, ProviderCall, Receipt
from vietnam.money import format_money

_STRAY = (ProviderCall.Outcome.SURPLUS, ProviderCall.Outcome.WRONG_AMOUNT)


@dataclass(frozen=True)
class Line:
    """One line of a fee in the reader's language; `amount` and `unit_amount` in đồng."""

    name: str
    note: str
    quantity: int
    unit_amount: int | None
    amount: int


@dataclass(frozen=True)
class Panel:
    """One charge for one reader. `attempt` is the live one; `strays` are sentences about money that settled nothing."""

    charge: Charge
    lines: list[Line]
    attempt: Payment | None
    paid: Payment | None
    receipt: Receipt | None
    strays: list[str]
    may_pay: bool
    may_collect: bool
    online: bool

    @property
    def is_open(self) -> bool:
        return self.charge.settled_at is None and self.charge.cancelled_at is None

    @property
    def account(self) -> dict[str, str]:
        """Where the money goes, for those who type it."""
        given = settings.BANK_ACCOUNT
        return {**given, "bank": vietqr.BANKS.get(given["bin"], given["bin"])}


def charge_panels(actor: Actor, owner: str, *, at: datetime) -> list[Panel]:
    """The panels of all charges of `owner`, oldest first; empty when the reader may not see them.

    A constant number of queries beside the owner's own answers.
    """
    if not permissions.may_see_payable(actor, owner):
        return []
    stray_calls = ProviderCall.objects.filter(outcome__in=_STRAY).order_by("id")
    found = charges.charges_of(owner).prefetch_related(
        "payments__receipt", Prefetch("payments__calls", stray_calls, to_attr="strays")
    )
    return [_panel(actor, charge, at=at) for charge in found[:20]]


def charge_panel(actor: Actor, charge: Charge, *, at: datetime) -> Panel:
    """The panel of one charge, taken back or not. The caller has asked whether the reader may see it."""
    stray_calls = ProviderCall.objects.filter(outcome__in=_STRAY).order_by("id")
    loaded = Charge.objects.prefetch_related(
        "payments__receipt", Prefetch("payments__calls", stray_calls, to_attr="strays")
    ).get(pk=charge.pk)
    return _panel(actor, loaded, at=at)


def _panel(actor: Actor, charge: Charge, *, at: datetime) -> Panel:
    payments = list(charge.payments.all())
    paid = next((payment for payment in payments if payment.state == Payment.State.CONFIRMED), None)
    is_open = charge.settled_at is None and charge.cancelled_at is None
    return Panel(
        charge=charge,
        lines=[_line(line) for line in charge.lines],
        attempt=next((p for p in payments if charges.is_live(p, at=at)), None) if is_open else None,
        paid=paid,
        receipt=getattr(paid, "receipt", None) if paid else None,
        strays=_strays(charge, payments),
        may_pay=is_open and permissions.may_pay(actor, charge.owner),
        may_collect=is_open and permissions.may_collect(actor, charge.owner),
        online=providers.online_providers() is not None,
    )


def _line(line: dict[str, Any]) -> Line:
    def told(name: str) -> str:
        text = line.get(f"{name}_en") if (get_language() or "vi").startswith("en") else None
        return str(text or line.get(name) or "")

    return Line(
        name=told("name"),
        note=told("explanation") or told("exempt"),
        quantity=int(line.get("quantity") or 1),
        unit_amount=line.get("unit_amount"),
        amount=int(line["amount"]),
    )


def _strays(charge: Charge, payments: list[Payment]) -> list[str]:
    """One sentence for each transfer that came and settled nothing, however often it was reported."""
    owed = charge.settled_at is None and charge.cancelled_at is None
    sentences = {}
    for payment in payments:
        for call in payment.strays:
            if call.transaction == payment.provider_transaction:
                continue  # the bank put its report right
            if owed:
                sentence = _(
                    "Ngân hàng báo đã nhận %(amount)s (giao dịch %(transaction)s), khác với số phải nộp, nên khoản này "
                    "chưa được ghi nhận. Bạn đừng chuyển thêm; hãy liên hệ quầy một cửa và đọc mã giao dịch."
                )
            else:
                sentence = _(
                    "Ngân hàng báo đã nhận thêm %(amount)s (giao dịch %(transaction)s) ngoài số phải nộp. "
                    "Khoản này sẽ được hoàn lại; bạn hãy giữ mã giao dịch."
                )
            told = {"amount": format_money(int(call.payload["amount"])), "transaction": call.transaction}
            sentences[call.transaction] = sentence % told
    return list(sentences.values())
