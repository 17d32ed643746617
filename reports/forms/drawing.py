"""An official form as a spreadsheet and as a paper of the portal's own kind."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from agencies.models import Agency
from papers import blocks, issue, register
from papers.issue import Marks
from papers.issuers import Issuer
from papers.layout import Head
from papers.models import Paper
from papers.register import Column as RegisterColumn
from reports.forms.printed import PrintedForm
from reports.forms.signing import Signer
from reports.indicators import MEASURES
from reports.indicators.kinds import Unit
from reports.models import KeptForm
from vietnam.dates import format_date
from vietnam.numbers import format_number

SIGN = "BC"
DRAFT = "DỰ THẢO"
LEVEL_NAMES = {"province": "Cấp tỉnh", "commune": "Cấp xã"}
_COUNT_WIDTH, _NAME_PARTS, _MONEY_PARTS, _SIZE = 12.0, 3.2, 1.7, 10  # a sum of money has a dozen digits
_SHEET_WIDTH = 12  # characters of a column of figures
_SENTENCE = 2  # cells of a line that is no row of the table
_SIGNER_WIDE = 3  # columns from the right


def issue_form_paper(printed: PrintedForm, kept: KeptForm) -> Paper:
    """Number and file the paper of a form that is kept; within the transaction that keeps it."""
    issuer = Issuer.of(kept.agency or whole_province())
    form, signer = f"report_{printed.form.key}", Signer(kept.signer_title, kept.signer)
    return issue.issue_paper(
        form=form,
        title=printed.wording.title,
        number=issue.next_number(issuer, form, SIGN, at=kept.made_at),
        agency=issuer,
        owner=kept.owner,
        facts={
            "form": printed.wording.official,
            "period": kept.period,
            "version": kept.version,
            "total": kept.content["total"],
            "signer_title": signer.title,
            "signer": signer.name,
        },
        draw=lambda marks: _drawn(
            printed, kept.content, (kept.first_day, kept.last_day), marks, by=kept.made_by, signer=signer
        ),
        by=kept.made_by,
        at=kept.made_at,
        template_version=kept.template,
    )


def draft_pdf(
    printed: PrintedForm,
    content: dict[str, Any],
    agency: Agency,
    days: tuple[date, date],
    *,
    by: str,
    signer: Signer,
    at: datetime,
) -> bytes:
    """The form as things stand, across each page the word that says it is no report. `days` are first and last."""
    return issue.trial_paper(
        lambda marks: _drawn(printed, content, days, marks, by=by, signer=signer, watermark=DRAFT),
        title=printed.wording.title,
        sign=SIGN,
        agency=Issuer.of(agency),
        at=at,
        watermark=DRAFT,
    )


def form_workbook(
    printed: PrintedForm, content: dict[str, Any], *, agency: str, days: tuple[date, date], by: str, signer: Signer
) -> bytes:
    """The form for a spreadsheet: numbers are numbers, texts never formulas."""
    wording = printed.wording
    book = Workbook(write_only=True)
    sheet = book.create_sheet(wording.official.replace("/", "-")[:31])
    sheet.column_dimensions["B"].width = 60
    for number in range(1, len(printed.columns) + 1):
        sheet.column_dimensions[get_column_letter(number + 2)].width = _SHEET_WIDTH

    def append(values: list[Any], *, bold: bool = False) -> None:
        made = []
        for place, value in enumerate(values):
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif value is not None:
                cell.number_format = "#,##0"
            cell.font = Font(name="Times New Roman", bold=bold)
            # Sentences may run over the cells beside them; headings and names stay in their own.
            cell.alignment = Alignment(wrap_text=len(values) > _SENTENCE or place == 1, vertical="top")
            made.append(cell)
        sheet.append(made)

    append([f"Biểu số {wording.official}", agency], bold=True)
    append(["", wording.title], bold=True)
    append(["", _days(printed, days)])
    append(["", f"Đơn vị tính: {wording.unit}"])
    append(["TT", wording.rows_head, *(column.head for column in printed.columns)], bold=True)
    append([f"({number})" for number in range(1, len(printed.columns) + 3)])
    for line in _lines(printed, content):
        append(line, bold=line[1] == "Tổng số")
    for note in wording.notes:
        append(["", note])
    append([])
    titles = signer.title.split("\n")
    for place in range(max(len(titles), 1)):
        append(_signing(printed, wording.prepared_by if place == 0 else "", titles[place]), bold=True)
    append([])
    append(_signing(printed, by if wording.prepared_by else "", signer.name), bold=True)
    for sent_to in (["Nơi nhận:"] if wording.recipients else []) + [f"- {one}" for one in wording.recipients]:
        append(["", sent_to])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _signing(printed: PrintedForm, left: str, right: str) -> list[Any]:
    """Below the names of rows who drew it up, below the last columns who signs."""
    return ["", left, *([None] * max(len(printed.columns) - _SIGNER_WIDE, 0)), right]


def _drawn(
    printed: PrintedForm,
    content: dict[str, Any],
    days: tuple[date, date],
    marks: Marks,
    *,
    by: str,
    signer: Signer,
    watermark: str = "",
) -> bytes:
    wording = printed.wording
    shares = [_MONEY_PARTS if MEASURES[column.measure].unit is Unit.MONEY else 1 for column in printed.columns]
    part = (register.WIDTH - _COUNT_WIDTH) / (_NAME_PARTS + sum(shares))
    columns = [
        RegisterColumn("TT", _COUNT_WIDTH, "center"),
        RegisterColumn(wording.rows_head, _NAME_PARTS * part),
        *(
            RegisterColumn(f"{column.head} ({column.number})", share * part, "right")
            for column, share in zip(printed.columns, shares, strict=True)
        ),
    ]
    signers = [(signer.title, signer.name)]
    if wording.prepared_by:
        signers.insert(0, (wording.prepared_by, by))
    return register.render_register(
        wording.title,
        f"Biểu số {wording.official}. {_days(printed, days)}. Đơn vị tính: {wording.unit}",
        head=Head(marks.issuer, marks.number, marks.at),
        columns=columns,
        rows=(
            [format_number(cell) if isinstance(cell, int) else cell for cell in line]
            for line in _lines(printed, content)
        ),
        code=marks.code,
        check_url=marks.check_url,
        size=_SIZE,
        watermark=watermark,
        closing=f"Lập lúc {timezone.localtime(marks.at):%H:%M} ngày {format_date(timezone.localtime(marks.at))}.",
        foot=[
            *(blocks.paragraph(note, align="left") for note in wording.notes),
            blocks.signatures(*signers, recipients=wording.recipients),
        ],
    )


def _lines(printed: PrintedForm, content: dict[str, Any]) -> Iterator[list[Any]]:
    """Rows as printed: number, name, figures; a line above the rows of each level, the total last."""
    keys = [column.key for column in printed.columns]
    level = ""
    for place, row in enumerate(content["rows"], 1):
        if row["level"] != level:
            level = row["level"]
            within = [one["values"] for one in content["rows"] if one["level"] == level]
            yield ["", LEVEL_NAMES[level], *(sum(values[key] for values in within) for key in keys)]
        yield [str(place), row["name"], *(row["values"][key] for key in keys)]
    yield ["", "Tổng số", *(content["total"][key] for key in keys)]


def _days(printed: PrintedForm, days: tuple[date, date]) -> str:
    return printed.wording.days(*(format_date(day) for day in days))


def whole_province() -> Agency:
    """In whose name a form of the whole province is made."""
    return Agency.objects.select_related("territory", "parent").get(
        kind=Agency.Kind.PROVINCIAL_PC, valid_to__isnull=True
    )
