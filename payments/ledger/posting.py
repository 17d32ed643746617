"""Entering what happened to money: the only writer of the ledger, beside `opening` for what was there before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from accounts.models import Account as Login
from payments.models import Charge, LedgerLine, LedgerTransaction, Payment, Refund, StrayMoney

Account = LedgerLine.Account
Kind = LedgerTransaction.Kind


@dataclass(frozen=True)
class Leg:
    """A line to be entered: a debit is positive, a credit negative; whole đồng."""

    account: Account
    amount: int
    place: str = ""
    charge: Charge | None = None
    payment: Payment | None = None
    stray: StrayMoney | None = None
    refund: Refund | None = None


_ENTER = """
    WITH entered AS (
        INSERT INTO payments_ledgertransaction (kind, key, agency_code, at, by, note)
        VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
    )
    INSERT INTO payments_ledgerline (transaction_id, account, place, amount, charge_id, payment_id, stray_id, refund_id)
    SELECT entered.id, line.* FROM entered CROSS JOIN
        unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS line
"""


def enter_transaction(
    kind: Kind, key: str, legs: Iterable[Leg], *, agency_code: str, at: datetime, by: str, note: str = ""
) -> None:
    """Enter one transaction; lines of nought are left out. Must run in the transaction of its cause.

    Raises IntegrityError when `key` was entered before or the lines do not come to nought.
    """
    lines = [
        (
            str(leg.account),
            leg.place,
            leg.amount,
            leg.charge and leg.charge.pk,
            leg.payment and leg.payment.pk,
            leg.stray and leg.stray.pk,
            leg.refund and leg.refund.pk,
        )
        for leg in legs
        if leg.amount
    ]
    said: list[Any] = [str(kind), key[:120], agency_code, at, by[:200], note[:500]]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [*said, *([line[place] for line in lines] for place in range(7))])


def owed_of(charge: Charge) -> int:
    """What is still owed for the charge, đồng."""
    return _sum_in(Account.OWED, charge.ledger_lines.all())


def left_of(stray: StrayMoney) -> int:
    """What is left of stray money, đồng."""
    return -_sum_in(Account.STRAY, stray.ledger_lines.all())


def balance(account: Account, place: str) -> int:
    """The balance of one account at one place: what debits are more than credits."""
    return _sum(LedgerLine.objects.filter(account=account, place=place))


def cashier_place(account_id: int | None) -> str:
    """Where a cashier's cash is, in the ledger."""
    return f"cashier:{account_id or ''}"


def lock_cashier(account_id: int | None) -> None:
    """Let nobody else count or pay out of the cashier's cash until the present transaction ends."""
    list(Login.objects.select_for_update().filter(pk=account_id).values_list("pk"))


def _sum(lines: object) -> int:
    return lines.aggregate(total=Sum("amount"))["total"] or 0  # type: ignore[attr-defined]


def _sum_in(account: Account, lines: QuerySet[LedgerLine]) -> int:
    """Of a few lines those of one account: told apart after they are found, never looked up by the account, in whose
    index all of the province's stand."""
    return lines.aggregate(total=Sum("amount", filter=Q(account=account)))["total"] or 0
