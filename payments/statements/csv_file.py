"""A bank's CSV by a mapping of its columns, line by line."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO, TextIOWrapper

from django.utils.translation import gettext as _

from payments.models import StatementMapping
from payments.statements.bookings import Booking, Statement, UnreadableStatement, whole_dong

_MARKS = {
    StatementMapping.Decimal.NONE: (".", ""),
    StatementMapping.Decimal.COMMA: (",", "."),
    StatementMapping.Decimal.POINT: (".", ","),
}
_HEAD_WITHIN = 30  # lines; banks put their name and the period above


def read_csv(content: bytes, mapping: StatementMapping) -> Statement:
    """The statement of a file. Raises UnreadableStatement."""
    statement = Statement(iter(()))
    statement.bookings = _bookings(content, mapping, statement)
    return statement


def _bookings(content: bytes, mapping: StatementMapping, statement: Statement) -> Iterator[Booking]:
    wanted = [mapping.date_column, mapping.purpose_column]
    wanted += [c for c in (mapping.amount_column, mapping.credit_column, mapping.debit_column) if c]
    try:
        rows = csv.reader(TextIOWrapper(BytesIO(content), mapping.encoding, newline=""), delimiter=mapping.delimiter)
        places = _head(rows, wanted)
        place = _("Dòng %s của tệp")
        for number, row in enumerate(rows, 1):
            if len(row) < len(places) or not row[places[mapping.date_column]].strip():
                continue  # empty lines, totals and signatures below the table
            yield _booking(row, places, mapping, place % number, statement)
    except (UnicodeDecodeError, LookupError, csv.Error) as error:
        raise UnreadableStatement(_("Tệp không đọc được theo bảng mã và dấu ngăn của mẫu đọc tệp.")) from error


def _head(rows: Iterator[list[str]], wanted: list[str]) -> dict[str, int]:
    for number, row in enumerate(rows):
        cells = [cell.strip() for cell in row]
        if set(wanted) <= set(cells):
            return {cell: place for place, cell in reversed(list(enumerate(cells)))}
        if number >= _HEAD_WITHIN:
            break
    raise UnreadableStatement(
        _("Không thấy dòng tiêu đề có các cột %s. Hãy sửa mẫu đọc tệp cho đúng tên cột.") % ", ".join(wanted)
    )


@lru_cache(64)  # a statement says the same few days on all its lines
def _day_of(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()


def _booking(
    row: list[str], places: dict[str, int], mapping: StatementMapping, place: str, statement: Statement
) -> Booking:
    decimal, group = _MARKS[StatementMapping.Decimal(mapping.decimal)]

    def cell(column: str) -> str:
        return row[places[column]].strip() if column and column in places else ""

    def money(column: str) -> int:
        return whole_dong(cell(column), place=place, decimal=decimal, group=group)

    try:
        day = _day_of(cell(mapping.date_column), mapping.date_format)
    except ValueError as error:
        raise UnreadableStatement(
            _("%(place)s: ngày “%(text)s” không đúng dạng %(format)s của mẫu đọc tệp.")
            % {"place": place, "text": cell(mapping.date_column)[:30], "format": mapping.date_format}
        ) from error
    amount = money(mapping.amount_column) if mapping.amount_column else 0
    amount += abs(money(mapping.credit_column)) - abs(money(mapping.debit_column))
    if mapping.balance_column and cell(mapping.balance_column):
        balance = money(mapping.balance_column)
        if statement.opening is None:
            statement.opening = balance - amount
        statement.closing = balance
    return Booking(
        day=day,
        value_day=day,
        amount=amount,
        bank_reference=cell(mapping.reference_column)[:80],
        purpose=" ".join(cell(mapping.purpose_column).split()),
        payer=cell(mapping.payer_column),
    )
