"""An official form as a spreadsheet and as a paper of the portal's own kind."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from agencies.models import Agency
from papers import issue, register
from papers.issue import Marks
from papers.issuers import Issuer
from papers.layout import Head
from papers.models import Paper
from papers.register import Column as RegisterColumn
from reports.forms.definitions import OfficialForm
from reports.models import KeptForm
from vietnam.dates import format_date
from vietnam.numbers import format_number

SIGN = "BC"
DRAFT = "DỰ THẢO"
LEVEL_NAMES = {"province": "Cấp tỉnh", "commune": "Cấp xã"}
_COUNT_WIDTH, _NAME_PARTS, _SIZE = 12.0, 3.2, 10


def issue_form_paper(form: OfficialForm, kept: KeptForm) -> Paper:
    """Number and file the paper of a form that is kept; within the transaction that keeps it."""
    issuer = Issuer.of(kept.agency or _province())
    return issue.issue_paper(
        form=f"report_{form.key}",
        title=form.title,
        number=issue.next_number(issuer, f"report_{form.key}", SIGN, at=kept.made_at),
        agency=issuer,
        owner=kept.owner,
        facts={"form": form.official, "period": kept.period, "version": kept.version, "total": kept.content["total"]},
        draw=lambda marks: _drawn(form, kept.content, kept.first_day, kept.last_day, marks),
        by=kept.made_by,
        at=kept.made_at,
    )


def draft_pdf(
    form: OfficialForm, content: dict[str, Any], agency: Agency | None, first: date, last: date, *, at: datetime
) -> bytes:
    """The form as things stand, across each page the word that says it is no report."""
    return issue.trial_paper(
        lambda marks: _drawn(form, content, first, last, marks, watermark=DRAFT),
        title=form.title,
        sign=SIGN,
        agency=Issuer.of(agency or _province()),
        at=at,
        watermark=DRAFT,
    )


def form_workbook(
    form: OfficialForm, content: dict[str, Any], *, agency: str, first: date, last: date, signer: str = ""
) -> bytes:
    """The form for a spreadsheet: numbers are numbers, texts never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(form.official.replace("/", "-")[:31])
    sheet.column_dimensions["B"].width = 60

    def cells(values: list[Any], *, bold: bool = False) -> list[WriteOnlyCell]:
        made = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.font = Font(name="Times New Roman", bold=bold)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            made.append(cell)
        return made

    sheet.append(cells([f"Biểu số {form.official}", agency], bold=True))
    sheet.append(cells(["", form.title], bold=True))
    sheet.append(cells(["", _days(first, last)]))
    sheet.append(cells(["", "Đơn vị tính: hồ sơ"]))
    sheet.append(cells(["TT", form.rows_head, *(column.head for column in form.columns)], bold=True))
    sheet.append(cells([f"({number})" for number in range(1, len(form.columns) + 3)]))
    for line in _lines(form, content):
        sheet.append(cells(line, bold=line[1] == "Tổng số"))
    sheet.append(cells([]))
    sheet.append(cells(["", f"Người lập: {signer}" if signer else "Người lập"]))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _drawn(
    form: OfficialForm, content: dict[str, Any], first: date, last: date, marks: Marks, *, watermark: str = ""
) -> bytes:
    name = (register.WIDTH - _COUNT_WIDTH) * _NAME_PARTS / (_NAME_PARTS + len(form.columns))
    width = (register.WIDTH - _COUNT_WIDTH - name) / len(form.columns)
    columns = [
        RegisterColumn("TT", _COUNT_WIDTH, "center"),
        RegisterColumn(form.rows_head, name),
        *(RegisterColumn(f"{column.head} ({column.number})", width, "right") for column in form.columns),
    ]
    lines = _lines(form, content)
    return register.render_register(
        form.title,
        f"Biểu số {form.official}. {_days(first, last)}",
        head=Head(marks.issuer, marks.number, marks.at),
        columns=columns,
        rows=([format_number(cell) if isinstance(cell, int) else cell for cell in line] for line in lines),
        code=marks.code,
        check_url=marks.check_url,
        size=_SIZE,
        watermark=watermark,
        closing=f"Lập lúc {timezone.localtime(marks.at):%H:%M} ngày {format_date(timezone.localtime(marks.at))}.",
    )


def _lines(form: OfficialForm, content: dict[str, Any]) -> Iterator[list[Any]]:
    """Rows as printed: number, name, figures; a line above the rows of each level, the total last."""
    numbers = [str(column.number) for column in form.columns]
    level = ""
    for place, row in enumerate(content["rows"], 1):
        if row["level"] != level:
            level = row["level"]
            within = [one["values"] for one in content["rows"] if one["level"] == level]
            yield ["", LEVEL_NAMES[level], *(sum(values[number] for values in within) for number in numbers)]
        yield [str(place), row["name"], *(row["values"][number] for number in numbers)]
    yield ["", "Tổng số", *(content["total"][number] for number in numbers)]


def _days(first: date, last: date) -> str:
    return f"Từ ngày {format_date(first)} đến ngày {format_date(last)}"


def _province() -> Agency:
    return Agency.objects.select_related("territory", "parent").get(
        kind=Agency.Kind.PROVINCIAL_PC, valid_to__isnull=True
    )
