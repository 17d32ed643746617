"""Closing a day of an account, and a cashier's cash."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from journal import audit_log
from payments.ledger.posting import Account, Kind, Leg, balance, cashier_place, enter_transaction, lock_cashier
from payments.models import BankStatement, CashClosing, CollectionAccount, DayClosing, Payment, StatementLine
from vietnam.dates import format_date
from vietnam.money import format_money


@dataclass
class DayBalance:
    """How a day of an account stands. `against` are sentences: why it cannot be closed; empty when it can."""

    day: date
    opening: int | None = None
    moved: int = 0
    told: int | None = None  # the closing balance that the bank states
    open_lines: int = 0
    in_transit: int = 0
    against: list[str] = field(default_factory=list)

    @property
    def closing(self) -> int | None:
        return None if self.opening is None else self.opening + self.moved


def next_day(account: CollectionAccount) -> date | None:
    """The day to be closed next: the one after the last that was, or the first with a statement."""
    last = account.closings.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        return last + timedelta(days=1)
    return account.statements.order_by("first_day").values_list("first_day", flat=True).first()


def day_balance(account: CollectionAccount, day: date) -> DayBalance:
    """How the day stands; reads only."""
    found = DayBalance(day)
    lines = StatementLine.objects.filter(account=account)
    found.moved = _sum(lines.filter(day=day))
    found.open_lines = lines.filter(day__lte=day, state=StatementLine.State.OPEN).count()
    found.in_transit = waiting_for_arrival(account, day).aggregate(all=Sum("amount"))["all"] or 0
    began, found.told = _told_balances(account, day)
    before = account.closings.order_by("-day").first()
    if before is not None:
        found.opening = before.closing
    elif began is not None:
        found.opening = began
    elif found.told is not None:
        found.opening = found.told - found.moved
    found.against = _against(account, found)
    return found


def _told_balances(account: CollectionAccount, day: date) -> tuple[int | None, int | None]:
    """(balance before the day, balance after it) as the bank's files tell; None where none does.

    A day may come in several files, each from the balance at which the one before it ended, in whatever order they are
    imported: what one begins with and another ends with lies within the day.
    """
    files = BankStatement.objects.filter(account=account).order_by("id")
    openings = list(files.filter(first_day=day, opening__isnull=False).values_list("opening", flat=True))
    closings = list(files.filter(last_day=day, closing__isnull=False).values_list("closing", flat=True))
    began = [each for each in openings if each not in closings] or openings
    ended = [each for each in closings if each not in openings] or closings
    return (began[0] if began else None), (ended[-1] if ended else None)


def _against(account: CollectionAccount, found: DayBalance) -> list[str]:
    against = []
    if (wanted := next_day(account)) is not None and found.day != wanted:
        against.append(_("Ngày cần chốt trước là %s.") % format_date(wanted))
    if not account.statements.filter(last_day__gte=found.day).exists():  # a quiet day is known by a later statement
        against.append(_("Chưa có sao kê của ngày này."))
    if found.open_lines:
        against.append(_("Còn %s dòng sao kê chưa rõ. Hãy giải thích từng dòng.") % found.open_lines)
    if found.opening is None:
        against.append(_("Sao kê không nói số dư đầu ngày. Hãy nhập sao kê có số dư."))
    elif found.told is not None and found.told != found.closing:
        against.append(
            _(
                "Ngân hàng báo số dư cuối ngày %(told)s, các dòng cho %(sum)s: lệch %(off)s. "
                "Sao kê thiếu hoặc thừa dòng."
            )
            % {
                "told": format_money(found.told),
                "sum": format_money(found.closing or 0),
                "off": format_money(abs(found.told - (found.closing or 0))),
            }
        )
    settled = StatementLine.objects.filter(account=account).exclude(state=StatementLine.State.OPEN)
    if balance(Account.BANK, account.key) != _sum(settled):
        against.append(_("Sổ cái và sao kê của tài khoản này lệch nhau. Hãy báo quản trị hệ thống."))
    return against


def close_day(account: CollectionAccount, day: date, note: str = "", *, by: Actor, at: datetime) -> DayClosing:
    """Close the day. Raises Refused with every reason against it."""
    with transaction.atomic():
        CollectionAccount.objects.select_for_update().get(pk=account.pk)
        found = day_balance(account, day)
        if found.in_transit and not note.strip():
            found.against.append(
                _("Có %s bên thu hộ đã báo mà chưa thấy trên sao kê. Hãy ghi lý do.") % format_money(found.in_transit)
            )
        if found.against:
            raise Refused("unbalanced", " ".join(found.against))
        closed = DayClosing.objects.create(
            account=account,
            day=day,
            opening=found.opening,
            moved=found.moved,
            closing=found.closing,
            in_transit=found.in_transit,
            note=note.strip()[:300],
            closed_by=by.label[:200],
            closed_at=at,
        )
        audit_log.record_entry(
            "day_closed", f"collection-account:{account.key}", by=by, day=f"{day}", closing=closed.closing
        )
    return closed


def waiting_for_arrival(account: CollectionAccount, day: date) -> QuerySet[Payment]:
    """Payments confirmed by the end of the day whose money no statement has shown yet."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    confirmed = Payment.objects.filter(account=account, state=Payment.State.CONFIRMED, confirmed_at__lt=end)
    return confirmed.filter(line_match__isnull=True, ledger_lines__account=Account.CLEARING).distinct()


def close_cash(
    by: Actor, counted: int, *, at: datetime, reason: str = "", notes: dict[str, int] | None = None
) -> CashClosing:
    """The cashier counts their cash and hands it to the safe of their agency; a difference has its reason. After a day
    with cards alone the drawer is closed empty: the sheet lists them.

    Raises Refused when there is nothing to close, or a difference without a reason.
    """
    place = cashier_place(by.account_id)
    with transaction.atomic():
        agency = by.post.agency
        lock_cashier(by.account_id)
        expected = balance(Account.CASH, place)
        before = CashClosing.objects.filter(cashier=by.account_id).order_by("-id").first()
        taken = taken_since(by.account_id, before.closed_at if before else None)
        if expected == counted == 0 and not taken.exists():
            raise Refused("nothing", _("Quỹ tiền mặt của bạn không có gì để chốt."))
        if counted != expected and not reason.strip():
            raise Refused(
                "difference",
                _("Sổ ghi %(expected)s, bạn đếm được %(counted)s. Hãy đếm lại, hoặc ghi lý do chênh lệch.")
                % {"expected": format_money(expected), "counted": format_money(counted)},
                field="reason",
            )
        closed = CashClosing.objects.create(
            cashier=by.account_id,
            cashier_label=by.label[:200],
            agency_code=agency.code,
            day=timezone.localdate(at),
            expected=expected,
            counted=counted,
            reason=reason.strip()[:300],
            notes=notes or {},
            closed_at=at,
        )
        if expected or counted:
            enter_transaction(
                Kind.CASH_CLOSED,
                f"cash-closed:{closed.pk}",
                [
                    Leg(Account.SAFE, counted, agency.code),
                    Leg(Account.DIFFERENCE, expected - counted, agency.code),
                    Leg(Account.CASH, -expected, place),
                ],
                agency_code=agency.code,
                at=at,
                by=by.label,
                note=reason,
            )
        audit_log.record_entry("cash_closed", f"cash-closing:{closed.pk}", by=by, expected=expected, counted=counted)
    return closed


def taken_since(cashier: int | None, moment: datetime | None) -> QuerySet[Payment]:
    """What the cashier took in cash and by cards after `moment`; None: ever."""
    taken = Payment.objects.filter(taken_by_account=cashier, confirmed_at__isnull=False)
    return taken.filter(confirmed_at__gt=moment) if moment else taken


def _sum(lines: QuerySet[StatementLine]) -> int:
    return lines.aggregate(all=Sum("amount"))["all"] or 0
