"""The spreadsheet that lists results issued in former years: its heads, and each row as facts."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refused
from core.xlsx_files import open_first_sheet, plain_cell
from vietnam.dates import InvalidDate, format_date, parse_date
from vietnam.decisions import LONGEST_ISSUER
from vietnam.identity import InvalidNumber, PersonalNumber, TaxNumber
from vietnam.text import fold

# What a column may be called, without accents; the first is the one that the guide names.
_HEADS: dict[str, tuple[str, ...]] = {
    "file": ("tep", "ten tep", "file"),
    "name": ("ten giay to", "ten ket qua", "name"),
    "document_type": ("ma loai ket qua", "ma ket qua", "type"),
    "number": ("so, ky hieu", "so ky hieu", "so", "number"),
    "issued_on": ("ngay phat hanh", "ngay ky", "ngay cap", "issued on"),
    "issuer": ("co quan phat hanh", "noi cap", "issuer"),
    "holder_number": ("so dinh danh hoac ma so thue", "so dinh danh", "ma so thue", "holder number"),
    "holder_name": ("chu giay to", "ho ten", "holder"),
    "founded_on": ("ngay quyet dinh thanh lap", "founded on"),
    "founded_by": ("co quan quyet dinh thanh lap", "founded by"),
    "founded_in": ("nuoc thanh lap", "country"),
    "valid_to": ("co hieu luc den het ngay", "het han", "valid to"),
    "scope": ("pham vi", "scope"),
}
_DAYS = ("issued_on", "valid_to", "founded_on")
_NEEDED = ("file", "name", "number", "issued_on", "holder_number", "holder_name")


@dataclass(frozen=True)
class OldResult:
    """One row; `number_in_sheet` from 2, as a spreadsheet counts below its heads."""

    number_in_sheet: int
    file: str
    name: str
    number: str
    issued_on: date
    holder_number: str
    holder_name: str
    document_type: str = ""
    issuer: str = ""
    valid_to: date | None = None
    scope: str = ""
    # Of a body without a tax number, whose `holder_number` is that of the decision that founded it.
    founded_on: date | None = None
    founded_by: str = ""
    founded_in: str = ""


def read_rows(sheet: Path) -> Iterator[tuple[int, OldResult | Refused]]:
    """Each row that holds anything, with its number; a row that cannot be read as its refusal.

    .xlsx (first sheet) or .csv in UTF-8 with comma or semicolon; one row is in memory at a time. Refused: the file, or
    its heads.
    """
    rows = _xlsx(sheet) if sheet.suffix.lower() == ".xlsx" else _csv(sheet)
    columns = _columns(next(rows, []))
    for number, cells in enumerate(rows, start=2):
        texts = {field: _text(cells[place]) if place < len(cells) else "" for field, place in columns.items()}
        if not any(texts.values()):
            continue
        try:
            if _may_lack_zeros(cells, columns["holder_number"]):
                raise bad_number()
            yield number, _result(number, texts)
        except Refused as refusal:
            yield number, refusal


def bad_number() -> Refused:
    return Refused(
        "bad_number",
        _("Số định danh hoặc mã số thuế không đúng. Nếu mất số 0 ở đầu, hãy định dạng cột là văn bản rồi ghi lại."),
    )


def _may_lack_zeros(cells: list[Any], place: int) -> bool:
    """Whether the holder's number stands in the workbook as an amount that may be another number without its zeros:
    a tax number looks like an old card then ("100109106"), and a person's number like a tax number."""
    cell = cells[place] if place < len(cells) else None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    digits = _text(cell)
    return (
        len(digits) == 9
        and _is_number(TaxNumber, f"0{digits}")
        or (len(digits) == 10 and _is_number(PersonalNumber, f"00{digits}"))
    )


def _is_number(kind: type[TaxNumber] | type[PersonalNumber], text: str) -> bool:
    try:
        kind.parse(text)
    except InvalidNumber:
        return False
    return True


def _result(number: int, texts: Mapping[str, str]) -> OldResult:
    for field in _NEEDED:
        if not texts[field]:
            raise Refused("empty_cell", _("Thiếu “%(column)s”.") % {"column": _HEADS[field][0]})
    days: dict[str, date | None] = {}
    for field in _DAYS:
        text = texts.get(field, "")
        try:
            days[field] = parse_date(text) if text else None
        except InvalidDate:
            said = _("“%(text)s” không phải ngày. Ví dụ: 22/11/2020.") % {"text": text[:40]}
            raise Refused("bad_date", said) from None
    issued_on, valid_to = days.pop("issued_on"), days.pop("valid_to")
    founded_on = days.pop("founded_on")
    assert issued_on is not None
    if valid_to is not None and valid_to < issued_on:
        raise Refused("bad_date", _("Ngày hết hiệu lực đứng trước ngày phát hành."))
    words = {field: text for field, text in texts.items() if field not in _DAYS}
    longest = {
        "number": 60,
        "issuer": 200,
        "founded_by": LONGEST_ISSUER,
        "scope": 200,
        "document_type": 40,
        "holder_name": 250,
    }
    for field, most in longest.items():
        if len(words.get(field, "")) > most:
            said = _("“%(column)s” dài hơn %(most)s ký tự.") % {"column": _HEADS[field][0], "most": most}
            raise Refused("too_long", said)
    return OldResult(number, issued_on=issued_on, valid_to=valid_to, founded_on=founded_on, **words)


def _columns(heads: list[Any]) -> dict[str, int]:
    """Which column holds which field. Refused while one that is needed is not there."""
    said = [fold(_text(head)) for head in heads]
    found = {}
    for field, names in _HEADS.items():
        place = next((said.index(fold(name)) for name in names if fold(name) in said), None)
        if place is not None:
            found[field] = place
    if lacking := [_HEADS[field][0] for field in _NEEDED if field not in found]:
        raise Refused("lacking_columns", _("Bảng tính thiếu cột: %(names)s.") % {"names": ", ".join(lacking)})
    return found


def _xlsx(sheet: Path) -> Iterator[list[Any]]:
    with sheet.open("rb") as opened:
        for row in open_first_sheet(opened).iter_rows(values_only=True):
            yield [plain_cell(cell) for cell in row]


def _csv(sheet: Path) -> Iterator[list[Any]]:
    try:
        with sheet.open(encoding="utf-8-sig", newline="") as opened:
            first = opened.readline()
            opened.seek(0)
            yield from csv.reader(opened, delimiter=";" if first.count(";") > first.count(",") else ",")
    except UnicodeDecodeError:  # Excel's plain "CSV" is in the encoding of its Windows
        raise Refused("not_utf8", _("Tệp không phải UTF-8. Hãy xuất lại tệp ở dạng UTF-8.")) from None


def _text(cell: Any) -> str:
    """A cell as one would type it; days as dd/mm/yyyy."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return format_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())
