"""Building blocks of official papers. All take plain text: what people typed is escaped here and nowhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby, pairwise
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table, TableStyle

from papers import fonts

_ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT, "justify": TA_JUSTIFY}
# A table names its font even for cells that hold blocks; one that is not embedded would spoil the archival form.
FONT = ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR)
BARE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
)
_DOT = "…"
# Decree 30/2020/NĐ-CP, Annex I, part I, II.6.e and II.9.d: points and distances.
_INDENT, _APART = 10 * mm, 6
_RECIPIENTS_HEAD, _RECIPIENTS = 12, 11
_LINE, _SINGLE = 1.2, 1.15  # of the letters' size: how far lines stand apart, and the decree's least, a single line
BELOW_FIELD = 0.3  # of the letters' size
_CLOSER, _CLOSER_TO_SIGN = 0.5, 0.85
_LONGEST_ROW = 120 * mm  # fits on every page below the heads
_HEAD_AND_ROW = 2  # rows of the shortest table
_ENDLESS = 10_000 * mm  # a page on which everything has room
_BETWEEN = 40 * mm  # room for what stands between two signers


def style(size: float = 13, align: str = "left", font: str = fonts.REGULAR, **more: float) -> ParagraphStyle:
    """A style of the papers' typeface; `align` is left, center, right or justify."""
    return ParagraphStyle(
        "paper",
        fontName=font,
        fontSize=size,
        leading=size * _LINE,
        alignment=_ALIGN[align],
        bulletFontName=font,
        bulletFontSize=size,
        **more,
    )


def plain(text: object) -> str:
    """Text as composed letters, safe inside reportlab's paragraph markup, its line breaks kept."""
    composed = unicodedata.normalize("NFC", str(text))
    kept = "".join(c for c in composed if c == "\n" or unicodedata.category(c) != "Cc")
    return escape(kept).replace("\n", "<br/>")


def spaced(code: str) -> str:
    """A code in groups of four, as people read it aloud."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def written_date(day: date) -> str:
    """ngày 05 tháng 02 năm 2026: days below 10 and the months 1 and 2 with a zero (Decree 30/2020, Annex I)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def written_time(at: datetime) -> str:
    """09 giờ 10 phút, ngày 05 tháng 02 năm 2026."""
    return f"{at.hour:02d} giờ {at.minute:02d} phút, {written_date(at)}"


def paragraph(
    text: object, *, align: str = "justify", bold: bool = False, italic: bool = False, size: float = 13
) -> Flowable:
    """A paragraph; a justified one begins 1 cm in, as the text of an official paper does."""
    font = {(0, 0): fonts.REGULAR, (1, 0): fonts.BOLD, (0, 1): fonts.ITALIC, (1, 1): fonts.BOLD_ITALIC}[bold, italic]
    indent = {"firstLineIndent": _INDENT} if align == "justify" else {}
    return Paragraph(plain(text), style(size, align, font, spaceAfter=_APART, **indent))


def field(label: str, value: object, *, size: float = 13, strong: bool = False) -> Flowable:
    """A line "label: value"; dots to the line's end where nothing is known, to be filled in by hand."""
    if value in (None, ""):
        return _ToFillIn(label, style(size, "left", spaceAfter=size * BELOW_FIELD))
    text = f"<b>{plain(value)}</b>" if strong else plain(value)
    return Paragraph(f"{plain(label)}: {text}", style(size, "left", spaceAfter=size * BELOW_FIELD))


class _ToFillIn(Flowable):
    """A label and as many dots as its line has room for; a whole line of them where the label leaves none."""

    def __init__(self, label: str, style: ParagraphStyle) -> None:
        super().__init__()
        self._label, self.style = f"{label}: ", style
        self.spaceAfter = style.spaceAfter

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        font, size = self.style.fontName, self.style.fontSize
        dot = pdfmetrics.stringWidth(_DOT, font, size)
        left = available - pdfmetrics.stringWidth(self._label, font, size) - 1
        broken = left < 4 * dot
        count = int((available - 1 if broken else left) / dot)
        text = plain(self._label) + ("<br/>" if broken else "") + _DOT * count
        self._made = Paragraph(text, self.style)
        return self._made.wrap(available, height)

    def draw(self) -> None:
        self._made.drawOn(self.canv, 0, 0)


def numbered(items: Iterable[object], *, size: float = 13) -> list[Flowable]:
    indented = style(size, "justify", leftIndent=8 * mm, bulletIndent=1.5 * mm, spaceAfter=size * 0.25)
    return [Paragraph(plain(item), indented, bulletText=f"{number}.") for number, item in enumerate(items, 1)]


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[float],
    *,
    aligns: Sequence[str] = (),
    size: float = 12,
) -> Flowable:
    """A ruled table; `widths` in millimetres, narrowed alike where the page has less room; the head row is repeated on
    every page."""
    sides = aligns or ["left"] * len(heads)
    of_heads = style(size, "center", fonts.BOLD)
    styles = [style(size, side) for side in sides]
    cells = [[Paragraph(plain(text), of_heads) for text in heads]]
    cells += [[Paragraph(plain(cell), beside) for cell, beside in zip(row, styles, strict=True)] for row in rows]
    made = _Rows(cells, [width * mm for width in widths], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                FONT,
                ("GRID", (0, 0), (-1, -1), 0.5, black),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 1.2 * mm),
                ("RIGHTPADDING", (0, 0), (-1, -1), 1.2 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 0.8 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2 * mm),
            ]
        )
    )
    made.spaceBefore, made.spaceAfter = 1 * mm, 3 * mm
    return made


class _Rows(Table):
    """A table whose rows stay whole, but for one that is too long for any page: that goes on over the turn.

    Where what is signed for stands in it, its last row goes to the page of the places to sign (`signed_by`).
    """

    _argW: list[float]
    signed_by: Flowable | None = None
    _gives_last_row = False

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        if (wide := sum(self._argW)) > available:
            self._argW = [width * available / wide for width in self._argW]
        width, needed = super().wrap(available, height)
        self._gives_last_row = False
        if self.signed_by is not None and needed <= height and len(self._cellvalues) > _HEAD_AND_ROW:
            to_sign = height_of(self.signed_by, self.canv, available)
            self._gives_last_row = needed + self.getSpaceAfter() + to_sign > height
        # A table that says it has no room is asked to split.
        return width, height + 1 if self._gives_last_row else needed

    def split(self, available: float, height: float) -> list[Flowable]:
        self.splitInRow = int(max(self._rowHeights, default=0) > _LONGEST_ROW)
        if self._gives_last_row:
            height = sum(self._rowHeights[:-1])
        parts = super().split(available, height)
        if not parts:
            return parts
        parts[-1].signed_by = self.signed_by
        return [*parts[:-1], PageBreak(), parts[-1]] if self._gives_last_row else parts


def height_of(block: Flowable, canvas: Canvas, width: float) -> float:
    """How much of a page a block takes, in points; what is kept together says its height only part by part."""
    block.wrapOn(canvas, width, _ENDLESS)
    parts = block.splitOn(canvas, width, _ENDLESS) or [block]
    return float(sum(part.wrapOn(canvas, width, _ENDLESS)[1] for part in parts))


def lead_to_signatures(body: Sequence[Flowable]) -> None:
    """Have each table right before places to sign bring its last row along where these need another page."""
    for block, following in pairwise(body):
        if isinstance(block, _Rows) and isinstance(following, KeepTogether):
            block.signed_by = following


def columns(cells: Sequence[Flowable | list[Flowable]], widths: Sequence[float | None]) -> Flowable:
    """Blocks side by side without rules; `widths` in points, None shares what is left."""
    made = Table([list(cells)], widths)
    made.setStyle(TableStyle([FONT, *BARE]))
    return made


def signatures(
    *signers: tuple[str, str],
    note: str = "(Ký, ghi rõ họ tên)",
    size: float = 13,
    above: Sequence[Flowable] = (),
    between: Sequence[Flowable] = (),
    recipients: Sequence[str] = (),
) -> Flowable:
    """One, two or three places to sign beside each other: (title, name). A single one stands on the right.

    A title may have several lines ("TM. …", "KT. …"). `above` goes to the same page; `between` stands in the middle,
    between two signers; `recipients` ("Nơi nhận") on the left, level with a single signer, else below.
    """
    cells: list[list[Flowable]] = [
        [
            Paragraph(plain(title.upper()), style(size, "center", fonts.BOLD)),
            Paragraph(plain(note), style(size, "center", fonts.ITALIC)),
            Spacer(0, 17 * mm),
            Paragraph(plain(name), style(size, "center", fonts.BOLD)),
        ]
        for title, name in signers
    ]
    sent_to = _sent_to(recipients)
    beside = len(cells) == 1
    if beside:
        cells.insert(0, sent_to)
    widths: list[float | None] = [None] * len(cells)
    if between:
        cells.insert(1, list(between))
        widths.insert(1, _BETWEEN)
    below = sent_to if sent_to and not beside else []
    return KeepTogether([*above, Spacer(0, 4 * mm), columns(cells, widths), *below])


def _sent_to(recipients: Sequence[str]) -> list[Flowable]:
    """ "Nơi nhận" with a line each, ended as the decree wants: semicolons, at last a full stop."""
    if not recipients:
        return []
    ends = [";"] * (len(recipients) - 1) + ["."]
    lines = style(_RECIPIENTS, "left", leftIndent=3 * mm, bulletIndent=0)
    return [
        Paragraph("Nơi nhận:", style(_RECIPIENTS_HEAD, "left", fonts.BOLD_ITALIC)),
        *(
            Paragraph(plain(text.rstrip(" .;")) + end, lines, bulletText="-")
            for text, end in zip(recipients, ends, strict=True)
        ),
    ]


def closer(block: Flowable) -> Flowable:
    """The block itself, its lines as near each other as the decree allows; its letters stay as large as they are.

    Paragraphs of text keep their distance, which is the decree's least.
    """
    if isinstance(block, KeepTogether):
        for inner in block._content:
            closer(inner)
    elif isinstance(block, Table):
        block.spaceBefore, block.spaceAfter = block.getSpaceBefore() * _CLOSER, block.getSpaceAfter() * _CLOSER
        for row, looks in zip(block._cellvalues, block._cellStyles, strict=True):
            for cell, look in zip(row, looks, strict=True):
                look.topPadding, look.bottomPadding = look.topPadding * _CLOSER, look.bottomPadding * _CLOSER
                for inner in cell if isinstance(cell, list | tuple) else [cell]:
                    closer(inner)
    elif isinstance(block, Spacer):
        block.height *= _CLOSER_TO_SIGN
    elif isinstance(block, Paragraph | _ToFillIn):
        near = deepcopy(block.style)
        near.leading = near.fontSize * _SINGLE
        near.spaceAfter = near.spaceAfter if near.spaceAfter == _APART else near.spaceAfter * _CLOSER
        block.style, block.spaceAfter = near, near.spaceAfter
    return block


@lru_cache(maxsize=64)
def _modules(content: str) -> tuple[bytes, ...]:
    """The code of a content, row by row with its quiet zone; each copy of a paper draws the same."""
    return tuple(bytes(row) for row in segno.make(content, error="m", micro=False).matrix_iter(border=2))


class QR(Flowable):
    """A QR code drawn as vectors, `side` millimetres wide with its quiet zone; `centred` in the room it is given."""

    def __init__(self, content: str, *, side: float = 25, centred: bool = False) -> None:
        super().__init__()
        self._content = content
        self._side, self._centred, self._from_left = side * mm, centred, 0.0
        self.width = self.height = self._side

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        if self._centred:
            self._from_left = max((available - self._side) / 2, 0)
        return self._from_left + self._side, self._side

    def draw(self) -> None:
        rows = _modules(self._content)
        module = self._side / len(rows)
        path = self.canv.beginPath()
        for down, row in enumerate(rows):
            across = 0
            for dark, run in groupby(row):  # neighbours as one rectangle: half as many, and no hairline between them
                length = len(list(run))
                if dark:
                    left, under = self._from_left + across * module, self._side - (down + 1) * module
                    path.rect(left, under, length * module, module)
                across += length
        self.canv.setFillColor(black)
        self.canv.drawPath(path, stroke=0, fill=1)
