"""What was collected in a period, by agency, procedure, provider and account; and what went back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from payments.models import Payment
from payments.spreadsheets import Row, table_workbook

_AT_MOST = 5_000
# A receipt is over the whole of its charge; adjusting ones take away. Both stand on the day they were issued.
_COLLECTED = """
    SELECT r.agency_code, c.category, max(c.category_name), p.method, coalesce(a.key, ''),
           count(*) FILTER (WHERE r.kind = 'original'), sum(coalesce(r.amount, p.amount))::bigint
    FROM payments_receipt r LEFT JOIN payments_receipt o ON o.id = r.adjusts_id
    JOIN payments_payment p ON p.id = coalesce(r.payment_id, o.payment_id)
    JOIN payments_charge c ON c.id = p.charge_id LEFT JOIN payments_collectionaccount a ON a.id = p.account_id
    WHERE (r.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN %s AND %s
    AND (%s::text[] IS NULL OR r.agency_code = ANY(%s))
    GROUP BY 1, 2, 4, 5 ORDER BY 1, 2, 4, 5 LIMIT %s
"""


@dataclass(frozen=True)
class Collected:
    """One line of the report; `amount` in đồng, less what receipts were adjusted by."""

    agency_code: str
    category: str
    category_name: str
    method: str
    account: str
    receipts: int
    amount: int

    @property
    def method_name(self) -> str:
        return str(Payment.Method(self.method).label)


def collected(first: date, last: date, codes: Sequence[str] | None) -> list[Collected]:
    """The lines of the days from `first` to `last`; `codes` None for every agency."""
    given = None if codes is None else list(codes)
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTED, [first, last, given, given, _AT_MOST])
        return [Collected(*row) for row in cursor.fetchall()]


def heads() -> list[str]:
    return [_("Cơ quan"), _("Thủ tục"), _("Cách nộp, tài khoản"), _("Biên lai"), _("Số tiền (đồng)")]


def workbook(lines: Sequence[Collected], *, title: str, names: dict[str, str]) -> bytes:
    """The report for a spreadsheet."""
    wide = [_("Cơ quan"), _("Mã thủ tục"), _("Thủ tục"), _("Cách nộp"), _("Tài khoản"), _("Biên lai"), _("Số tiền")]
    rows: list[Row] = [
        (
            names.get(line.agency_code, line.agency_code),
            line.category,
            line.category_name,
            line.method_name,
            line.account,
            line.receipts,
            line.amount,
        )
        for line in lines
    ]
    totals = sum(line.receipts for line in lines), sum(line.amount for line in lines)
    return table_workbook(_("Báo cáo thu"), title, wide, rows, (_("Tổng cộng"), "", "", "", "", *totals))
