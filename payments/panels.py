"""What a page shows about the charges of a payable record; drawn by templates/payments/charge_panel.html."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from payments import accounts, charges, permissions, refunds
from payments.models import (
    Charge,
    CollectionAccount,
    LedgerLine,
    Payment,
    Receipt,
    ReceiptSignature,
    Refund,
    StrayMoney,
)
from payments.providers import registry
from payments.providers.vietqr.app_links import AppLink, app_links
from payments.providers.vietqr.code import BANKS
from vietnam.dates import format_moment
from vietnam.money import format_money


@dataclass(frozen=True)
class Line:
    """One line of a fee in the reader's language; `amount` and `unit_amount` in đồng."""

    name: str
    note: str
    quantity: int
    unit_amount: int | None
    amount: int


@dataclass(frozen=True)
class Way:
    """One button to pay online."""

    name: str
    label: str
    method: str


@dataclass(frozen=True)
class Panel:
    """One charge for one reader. `attempt` is the live one; `strays` are sentences about money that settled nothing,
    `gone` about money that went back."""

    charge: Charge
    lines: list[Line]
    attempt: Payment | None
    paid: Payment | None
    receipt: Receipt | None
    signature: ReceiptSignature | None
    strays: list[str]
    gone: list[str]
    may_pay: bool
    may_collect: bool
    ways: list[Way]
    owed: int  # đồng, what is left when a part was applied
    takes_cards: bool
    may_refund: bool

    @property
    def is_open(self) -> bool:
        return self.charge.settled_at is None and self.charge.cancelled_at is None

    @property
    def is_given_back(self) -> bool:
        """Whether all that was paid has gone back to the payer."""
        done = [refund.amount for refund in self.charge.refunds.all() if refund.state == Refund.State.DONE]
        return self.charge.settled_at is not None and sum(done) == self.charge.amount

    @property
    def other_ways(self) -> list[Way]:
        """Ways beside the live attempt's."""
        method = self.attempt.method if self.attempt else ""
        return [way for way in self.ways if way.method != method]

    @property
    def apps(self) -> list[AppLink]:
        """Links that open a bank's app on this phone with the transfer filled in; empty where none is configured."""
        return app_links(self.attempt) if self.attempt else []

    @property
    def account(self) -> dict[str, str]:
        """Where the money of the live attempt goes, for those who type it."""
        given = self.attempt.account.options if self.attempt and self.attempt.account else {}
        return {**given, "bank": BANKS.get(given.get("bin", ""), given.get("bin", ""))}


def charge_panels(actor: Actor, owner: str, *, at: datetime) -> list[Panel]:
    """The panels of all charges of `owner`, oldest first; empty when the reader may not see them.

    A constant number of queries beside the owner's own answers.
    """
    if not permissions.may_see_payable(actor, owner):
        return []
    found = list(_loaded(charges.charges_of(owner))[:20])
    may_pay, may_collect = permissions.may_pay(actor, owner), permissions.may_collect(actor, owner)
    own: dict[str, dict[str, CollectionAccount]] = {}
    for charge in found:
        if charge.agency_code not in own:
            own[charge.agency_code] = accounts.own_accounts(charge.agency_code, at=at)
    ways = {code: _ways(held) for code, held in own.items()}
    made = []
    unasked = _unasked(found)
    for charge in found:
        code = charge.agency_code
        made.append(_panel(charge, own[code], ways[code], may_pay, may_collect, unasked, at=at))
    return made


def charge_panel(actor: Actor, charge: Charge, *, at: datetime) -> Panel:
    """The panel of one charge, taken back or not. The caller has asked whether the reader may see it."""
    loaded = _loaded(Charge.objects.filter(pk=charge.pk)).get()
    may_pay, may_collect = permissions.may_pay(actor, charge.owner), permissions.may_collect(actor, charge.owner)
    own = accounts.own_accounts(charge.agency_code, at=at)
    return _panel(loaded, own, _ways(own), may_pay, may_collect, _unasked([loaded]), at=at)


def _unasked(found: list[Charge]) -> dict[int, int]:
    """What of each paid charge could go back because its record ended undone, while nobody has asked, đồng."""
    paid = [charge.pk for charge in found if charge.settled_at is not None]
    return dict(refunds.unasked().filter(pk__in=paid).values_list("pk", "left")) if paid else {}


def _loaded(found: QuerySet[Charge]) -> QuerySet[Charge]:
    owed = Coalesce(Sum("ledger_lines__amount", filter=Q(ledger_lines__account=LedgerLine.Account.OWED)), 0)
    payments = Payment.objects.select_related("account")
    receipts = Receipt.objects.select_related("signature").defer("signature__content")
    return found.annotate(owed=owed).prefetch_related(
        Prefetch("payments", payments), Prefetch("payments__receipt", receipts), "strays", "refunds"
    )


def _ways(own: dict[str, CollectionAccount]) -> list[Way]:
    return [
        Way(provider.name, str(provider.label), provider.method) for provider, _account in registry.offered_among(own)
    ]


def _panel(
    charge: Charge,
    own: dict[str, CollectionAccount],
    ways: list[Way],
    may_pay: bool,
    may_collect: bool,
    unasked: dict[int, int],
    *,
    at: datetime,
) -> Panel:
    payments = list(charge.payments.all())
    paid = next((payment for payment in payments if payment.state == Payment.State.CONFIRMED), None)
    receipt = getattr(paid, "receipt", None)
    is_open = charge.settled_at is None and charge.cancelled_at is None
    live = [p for p in payments if charges.is_live(p, at=at) and p.qr_payload and p.amount == charge.owed]
    return Panel(
        charge=charge,
        lines=[_line(line) for line in charge.lines],
        attempt=live[0] if is_open and live else None,
        paid=paid,
        receipt=receipt,
        signature=getattr(receipt, "signature", None),
        strays=_strays(charge),
        gone=[*_gone(charge, payments), *_not_asked(unasked.get(charge.pk, 0))],
        may_pay=is_open and may_pay,
        may_collect=is_open and may_collect,
        ways=ways,
        owed=charge.owed,
        takes_cards=is_open and may_collect and "pos" in own,
        may_refund=may_collect and charge.settled_at is not None,
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


def _strays(charge: Charge) -> list[str]:
    """One sentence for each sum that came and settled nothing, until a cashier has worked it off."""
    owed = charge.settled_at is None and charge.cancelled_at is None
    sentences = []
    for stray in sorted(charge.strays.all(), key=lambda stray: stray.pk):
        if stray.closed_at is not None:
            continue
        if owed and stray.kind == StrayMoney.Kind.AGAIN:
            sentence = _(
                "Ngân hàng báo đã nhận %(amount)s (giao dịch %(transaction)s) bằng mã cũ. Bạn đừng chuyển thêm; quầy "
                "một cửa ghi khoản này vào phần phải nộp."
            )
        elif owed and stray.kind in (StrayMoney.Kind.PARTIAL, StrayMoney.Kind.OVER):
            sentence = _(
                "Ngân hàng báo đã nhận %(amount)s (giao dịch %(transaction)s), khác với số phải nộp, nên khoản này "
                "chưa được ghi nhận. Bạn đừng chuyển thêm; hãy liên hệ quầy một cửa và đọc mã giao dịch."
            )
        else:
            sentence = _(
                "Ngân hàng báo đã nhận thêm %(amount)s (giao dịch %(transaction)s) ngoài số phải nộp. "
                "Khoản này sẽ được hoàn lại; bạn hãy giữ mã giao dịch."
            )
        sentences.append(sentence % {"amount": format_money(stray.amount), "transaction": stray.transaction})
    return sentences


def _not_asked(left: int) -> list[str]:
    """What is said of a paid fee whose record ended before its work was done."""
    if not left:
        return []
    sentence = _(
        "%s đã nộp không tự hoàn: quầy một cửa lập đề nghị hoàn phần việc chưa làm, một người khác duyệt. Đến nay chưa "
        "ai đề nghị; người nộp có thể hỏi quầy."
    )
    return [sentence % format_money(left)]


def _gone(charge: Charge, payments: list[Payment]) -> list[str]:
    """One sentence for each payment that the bank took back while the charge is owed, and for each refund."""
    sentences = []
    if charge.settled_at is None and charge.cancelled_at is None:
        sentences += [
            _("Ngân hàng đã rút lại %(amount)s mà bạn nộp lúc %(time)s. Khoản này lại phải nộp.")
            % {"amount": format_money(p.amount), "time": format_moment(timezone.localtime(p.confirmed_at))}
            for p in payments
            if p.state == Payment.State.REVERSED and p.confirmed_at
        ]
    told = {
        Refund.State.ASKED: _("Hoàn %s: chờ người thứ hai duyệt."),
        Refund.State.GRANTED: _("Hoàn %s: đã duyệt, chờ chi."),
        Refund.State.SENT: _("Hoàn %s: đã gửi lệnh, chờ kết quả."),
        Refund.State.DONE: _("Đã hoàn %s."),
        Refund.State.DECLINED: _("Đề nghị hoàn %s không được duyệt."),
        Refund.State.FAILED: _("Hoàn %s không thành; quầy một cửa sẽ chọn cách khác."),
    }
    refunds = sorted(charge.refunds.all(), key=lambda refund: refund.pk)
    return sentences + [told[Refund.State(refund.state)] % format_money(refund.amount) for refund in refunds]
