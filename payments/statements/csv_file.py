"""A bank's CSV by a mapping of its columns, line by line."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO, TextIOWrapper

from django.utils.translation import gettext as _

from payments.models import StatementMapping
from payments.statements.bookings import Booking, Statement, UnreadableStatement, whole_dong
from vietnam.text import compose

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
    dated = _head_key(mapping.date_column)
    try:
        rows = csv.reader(TextIOWrapper(BytesIO(content), mapping.encoding, newline=""), delimiter=mapping.delimiter)
        places = _head(rows, wanted)
        place = _("Dòng %s của tệp")
        width = max(places.values()) + 1
        for number, row in enumerate(rows, 1):
            day = row[places[dated]].strip() if places[dated] < len(row) else ""
            # Spreadsheets leave the dividers behind the last filled cell away, on some lines of a file only.
            if not day or len(row) < len(places) and not _is_day(day, mapping.date_format):
                continue  # empty lines, totals and signatures below the table
            yield _booking([*row, *[""] * (width - len(row))], places, mapping, place % number, statement)
    except (UnicodeDecodeError, LookupError, csv.Error) as error:
        raise UnreadableStatement(_("Tệp không đọc được theo bảng mã và dấu ngăn của mẫu đọc tệp.")) from error


@lru_cache(256)
def _head_key(text: str) -> str:
    """A column's head as it is compared: banks break it over lines, and letters may be composed or not."""
    return " ".join(compose(text).casefold().split())


def _head(rows: Iterator[list[str]], wanted: list[str]) -> dict[str, int]:
    keys = {_head_key(each) for each in wanted}
    for number, row in enumerate(rows):
        cells = [_head_key(cell) for cell in row]
        if keys <= set(cells):
            return {cell: place for place, cell in reversed(list(enumerate(cells)))}
        if number >= _HEAD_WITHIN:
            break
    raise UnreadableStatement(
        _("Không thấy dòng tiêu đề có các cột %s. Hãy sửa mẫu đọc tệp cho đúng tên cột.") % ", ".join(wanted)
    )


def _is_day(text: str, form: str) -> bool:
    try:
        _day_of(text, form)
    except ValueError:
        return False
    return True


@lru_cache(64)  # a statement says the same few days on all its lines
def _day_of(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()


def _booking(
    row: list[str], places: dict[str, int], mapping: StatementMapping, place: str, statement: Statement
) -> Booking:
    decimal, group = _MARKS[StatementMapping.Decimal(mapping.decimal)]

    def cell(column: str) -> str:
        found = places.get(_head_key(column)) if column else None
        return "" if found is None else row[found].strip()

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
