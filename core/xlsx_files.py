"""Workbooks that other people made, read row by row: what openpyxl leaves to its caller."""

import re
import zipfile
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from core.refusals import Refused

# ECMA-376 part 1, 22.9.2.19: a character that XML does not take is written _xHHHH_; Excel writes CR so.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


def open_first_sheet(source: Path | IO[bytes], *, formulas: bool = False) -> ReadOnlyWorksheet:
    """The first sheet with all of its rows, one in memory at a time; calculated values, or `formulas` as written.

    The extent that a sheet states of itself is not believed: programs write A1, and openpyxl would stop there.
    Refused: no workbook, or one of ISO 29500's strict form, in which openpyxl finds no sheet.
    """
    try:
        book = load_workbook(source, read_only=True, data_only=not formulas)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, TypeError, OSError) as error:
        if _is_strict(source):
            sentence = _("Tệp XLSX ở dạng “Strict Open XML”. Hãy lưu lại ở dạng “Excel Workbook (.xlsx)”.")
            raise Refused("strict_workbook", sentence) from error
        raise Refused("unreadable_workbook", _("Tệp XLSX bị hỏng hoặc có mật khẩu. Hãy lưu lại bảng.")) from error
    return sheet


def plain_cell(value: Any) -> Any:
    """A cell's value; a text without the escapes of its file, and without control characters but line break and tab."""
    return _ESCAPE.sub(_letter, value) if isinstance(value, str) and "_x" in value else value


def _letter(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if letter.isprintable() or letter in "\t\n\r" else ""


def _is_strict(source: Path | IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(source) as packed, packed.open("xl/workbook.xml") as opened:
            return _STRICT in opened.read(4096)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return False
