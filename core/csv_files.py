"""Lists as files for spreadsheets: CSV in UTF-8 with a byte order mark, written while it is sent."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

# A cell that begins so is taken for a formula (OWASP, CSV injection); the wide signs by East Asian editions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a spreadsheet divides lines by another sign than the comma, a cell begins within ours.
_CELL_WITHIN = re.compile("([;|\t\r\n])(?=[=+@＝＋＠-])")


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe_cell(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    number = cell.lstrip("-").isdecimal()
    guarded = _CELL_WITHIN.sub(r"\1'", cell)
    return f"'{guarded}" if cell.startswith(_FORMULA) and not number else guarded


def csv_download(rows: Iterable[Sequence[str]], *, name: str) -> StreamingHttpResponse:
    """`rows`, the heads first, as a download called `name`.csv; a generator is run in the reader's language."""
    response = StreamingHttpResponse(_lines(rows, get_language() or "vi"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _lines(rows: Iterable[Sequence[str]], language: str) -> Iterator[str]:
    writer = csv.writer(_Line())
    with override(language):  # the request, and its language, have ended when this is sent
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([safe_cell(cell) for cell in row])
