"""A table of routes as rows of text, from CSV, XLSX or JSON. Nothing is interpreted here but the names of columns."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refused
from core.xlsx_files import open_first_sheet, plain_cell
from procedures.routes.editing import clean_steps
from vietnam.text import fold

MOST_ROWS, MOST_BYTES, MOST_UNPACKED = 20_000, 5 * 1024 * 1024, 60 * 1024 * 1024

# What decisions and exports call a column, folded.
_NAMES = {
    "code": ("ma thu tuc", "ma tthc", "ma", "code", "procedure"),
    "route": ("quy trinh", "ten quy trinh", "route"),
    "case": ("truong hop", "case"),
    "agency": ("co quan", "co quan giai quyet", "agency"),
    "step": ("buoc", "stt", "buoc so", "buoc thuc hien", "trinh tu", "step"),
    "content": ("noi dung", "noi dung cong viec", "ten buoc", "content"),
    "actor": ("nguoi thuc hien", "don vi nguoi thuc hien", "trach nhiem thuc hien", "trach nhiem", "actor"),
    "duration": ("thoi gian", "thoi gian thuc hien", "thoi han", "duration"),
    "unit": ("don vi", "don vi tinh", "unit"),
    "product": ("san pham", "ket qua", "ket qua san pham", "product"),
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names}
_NEEDED = ("code", "step", "actor", "duration")
_LONGEST = {"content": 3000, "actor": 500, "product": 300}


class UnreadableTable(Refused):
    """The file is no table of routes; the text says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("unreadable_table", sentence, field="file")


@dataclass(frozen=True)
class Row:
    """One step as the table writes it; `line` is its place in the file, from 1."""

    line: int
    code: str
    step: str
    actor: str
    duration: str
    route: str = ""
    case: str = ""
    agency: str = ""
    content: str = ""
    unit: str = ""
    product: str = ""


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    source: str = ""  # the deciding document, where the file names one


def read_tables(content: bytes, name: str) -> Table:
    """The table in a file of this name. Raises UnreadableTable."""
    if len(content) > MOST_BYTES:
        raise UnreadableTable(_("Tệp lớn hơn 5 MB. Hãy chia bảng thành nhiều tệp."))
    kind = name.rpartition(".")[2].lower()
    if kind == "json":
        return _json(content)
    if kind == "xlsx":
        return Table(tuple(_under_heads(_sheet(content))))
    if kind == "csv":
        return Table(tuple(_under_heads(_csv(content))))
    raise UnreadableTable(_("Chỉ đọc tệp .csv, .xlsx hoặc .json. Hãy lưu bảng theo một trong các dạng đó."))


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _text(content)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    except csv.Error as error:
        raise UnreadableTable(_("Tệp CSV bị hỏng: %(error)s. Hãy lưu lại bảng.") % {"error": error}) from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableTable(_("Tệp không ở bảng mã UTF-8. Hãy lưu lại bảng với bảng mã UTF-8.")) from None


def _sheet(content: bytes) -> Iterator[list[Any]]:
    """The values of the first sheet. What a workbook unpacks to is limited before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableTable(_("Bảng quá lớn. Hãy chia thành nhiều tệp."))
        values = open_first_sheet(io.BytesIO(content))
        formulas = open_first_sheet(io.BytesIO(content), formulas=True)
        for calculated, written in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
            for cell, formula in zip(calculated, written, strict=True):
                if cell.value is None and formula.data_type == "f":
                    raise UnreadableTable(
                        _("Ô %(cell)s là công thức chưa được tính. Hãy mở bảng, lưu lại rồi nhập tệp đã lưu.")
                        % {"cell": formula.coordinate}
                    )
            yield [plain_cell(cell.value) for cell in calculated]
    except UnreadableTable:
        raise
    except Refused as refusal:
        raise UnreadableTable(str(refusal)) from refusal
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, OSError) as error:
        raise UnreadableTable(_("Tệp XLSX bị hỏng hoặc có mật khẩu. Hãy lưu lại bảng.")) from error


def _text_of(column: str, value: Any) -> str:
    """What a cell says. A number in the column of codes has lost the zeros at its end: a code has six decimals."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column == "code":
            return f"{value:.6f}"
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return "" if value is None else str(value)


def _under_heads(lines: Iterable[list[Any]]) -> Iterator[Row]:
    columns: dict[int, str] = {}
    for number, cells in enumerate(lines, start=1):
        if number > MOST_ROWS:
            raise UnreadableTable(_("Bảng có quá %(n)s dòng. Hãy chia thành nhiều tệp.") % {"n": MOST_ROWS})
        if not columns:
            columns = _heads(["" if cell is None else str(cell) for cell in cells])
            continue
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield _row(number, {columns[i]: cell for i, cell in enumerate(cells) if i in columns})
    if not columns:
        raise UnreadableTable(_("Bảng trống."))


def _heads(cells: list[str]) -> dict[int, str]:
    """Which cell is which column; empty for lines above the heads."""
    if not any(cell.strip() for cell in cells):
        return {}
    found = {i: _COLUMNS[fold(cell)] for i, cell in enumerate(cells) if fold(cell) in _COLUMNS}
    missing = [_NAMES[column][0] for column in _NEEDED if column not in found.values()]
    if missing:
        raise UnreadableTable(
            _("Dòng đầu của bảng thiếu cột: %(columns)s. Xem các cột cần có ở trang nhập.")
            % {"columns": ", ".join(missing)}
        )
    return found


def _row(line: int, cells: dict[str, Any]) -> Row:
    texts = {name: clean_steps(_text_of(name, value), _LONGEST.get(name, 200)) for name, value in cells.items()}
    return Row(line=line, **{name: texts.get(name, "") for name in _NAMES})


def _json(content: bytes) -> Table:
    """A list of rows with the columns as keys, or workflows with their steps: {"source", "workflows": [...]}."""
    try:
        data = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        raise UnreadableTable(_("Tệp JSON bị hỏng: %(error)s.") % {"error": error}) from error
    source = clean_steps(str(data.get("source", "")), 300) if isinstance(data, dict) else ""
    flat = list(_flat(data))
    if not flat or len(flat) > MOST_ROWS:
        raise UnreadableTable(_("Tệp JSON không có bước nào đọc được, hoặc có quá nhiều."))
    rows = []
    for number, item in enumerate(flat, start=1):
        cells = {_COLUMNS[fold(str(key))]: value for key, value in item.items() if fold(str(key)) in _COLUMNS}
        if not all(column in cells for column in _NEEDED):
            raise UnreadableTable(
                _("Bước thứ %(n)s trong tệp JSON thiếu mã thủ tục, số bước, người thực hiện hoặc thời gian.")
                % {"n": number}
            )
        rows.append(_row(number, cells))
    return Table(tuple(rows), source)


def _flat(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        yield from (item for item in data if isinstance(item, dict))
        return
    workflows = data.get("workflows") if isinstance(data, dict) else None
    for workflow in workflows if isinstance(workflows, list) else []:
        if not isinstance(workflow, dict) or not isinstance(workflow.get("steps"), list):
            continue
        head = {"code": workflow.get("code"), "route": workflow.get("title"), "case": workflow.get("case")}
        yield from ({**head, **step} for step in workflow["steps"] if isinstance(step, dict))
