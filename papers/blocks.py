"""Building blocks of official papers. All take plain text: what people typed is escaped here and nowhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from papers import fonts
from papers.issuers import Issuer

_ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT, "justify": TA_JUSTIFY}
# A table names its font even for cells that hold blocks; one that is not embedded would spoil the archival form.
_FONT = ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR)
_BARE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
)
_DOTS = "…" * 12


def style(size: float = 13, align: str = "left", font: str = fonts.REGULAR, **more: float) -> ParagraphStyle:
    """A style of the papers' typeface; `align` is left, center, right or justify."""
    return ParagraphStyle(
        "paper",
        fontName=font,
        fontSize=size,
        leading=size * 1.3,
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
    font = {(0, 0): fonts.REGULAR, (1, 0): fonts.BOLD, (0, 1): fonts.ITALIC, (1, 1): fonts.BOLD_ITALIC}[bold, italic]
    return Paragraph(plain(text), style(size, align, font, spaceAfter=size * 0.35))


def field(label: str, value: object, *, size: float = 13, strong: bool = False) -> Flowable:
    """A line "label: value"; dots where nothing is known, to be filled in by hand."""
    text = plain(value) if value not in (None, "") else _DOTS
    text = f"<b>{text}</b>" if strong else text
    return Paragraph(f"{plain(label)}: {text}", style(size, "left", spaceAfter=size * 0.3))


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
    """A ruled table; `widths` in millimetres; the head row is repeated on every page."""
    sides = aligns or ["left"] * len(heads)
    of_heads = style(size, "center", fonts.BOLD)
    styles = [style(size, side) for side in sides]
    cells = [[Paragraph(plain(text), of_heads) for text in heads]]
    cells += [[Paragraph(plain(cell), beside) for cell, beside in zip(row, styles, strict=True)] for row in rows]
    made = Table(cells, [width * mm for width in widths], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                _FONT,
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


def columns(cells: Sequence[Flowable | list[Flowable]], widths: Sequence[float | None]) -> Flowable:
    """Blocks side by side without rules; `widths` in points, None shares what is left."""
    made = Table([list(cells)], widths)
    made.setStyle(TableStyle([_FONT, *_BARE]))
    return made


def signatures(
    *signers: tuple[str, str],
    note: str = "(Ký, ghi rõ họ tên)",
    size: float = 13,
    between: Sequence[Flowable] = (),
) -> Flowable:
    """One, two or three places to sign beside each other: (title, name). A single one stands on the right.

    `between` stands in the middle, between two signers.
    """
    cells: list[list[Flowable]] = [
        [
            Paragraph(plain(title.upper()), style(size, "center", fonts.BOLD)),
            Paragraph(plain(note), style(size - 1, "center", fonts.ITALIC)),
            Spacer(0, 19 * mm),
            Paragraph(plain(name), style(size, "center", fonts.BOLD)),
        ]
        for title, name in signers
    ]
    if len(cells) == 1:
        cells.insert(0, [])
    if between:
        cells.insert(1, list(between))
    return KeepTogether([Spacer(0, 4 * mm), columns(cells, [None] * len(cells))])


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
        rows = list(segno.make(self._content, error="m", micro=False).matrix_iter(border=2))
        module = self._side / len(rows)
        path = self.canv.beginPath()
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    path.rect(self._from_left + across * module, self._side - (down + 1) * module, module, module)
        self.canv.setFillColor(black)
        self.canv.drawPath(path, stroke=0, fill=1)


def head(issuer: Issuer, number: str, at: datetime, width: float) -> Flowable:
    """The two head columns: who issues and the number; the country's name and motto, place and date."""
    size = 12 if width > 140 * mm else 9.5
    left, right = width * 0.46, width * 0.54
    plain_names, bold_names = style(size, "center"), style(size, "center", fonts.BOLD)
    names: list[Flowable] = []
    if issuer.superior:
        names += [Paragraph(line, plain_names) for line in _balanced(issuer.superior, fonts.REGULAR, size, left)]
    names += [Paragraph(line, bold_names) for line in _balanced(issuer.name, fonts.BOLD, size, left)]
    country: list[Flowable] = [
        Paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", style(size - 0.3, "center", fonts.BOLD)),
        Paragraph("Độc lập - Tự do - Hạnh phúc", style(size + 0.7, "center", fonts.BOLD)),
        _Rule(pdfmetrics.stringWidth("Độc lập - Tự do - Hạnh phúc", fonts.BOLD, size + 0.7)),
    ]
    place = f"{issuer.place}, " if issuer.place else ""
    dated = Paragraph(plain(place + written_date(at)), style(size + 0.7, "center", fonts.ITALIC))
    made = Table(
        [
            [[*names, _Rule(left * 0.35)], country],
            [Paragraph(f"Số: {plain(number)}", style(size + 0.7, "center")) if number else [], dated],
        ],
        [left, right],
    )
    made.setStyle(TableStyle([_FONT, *_BARE, ("TOPPADDING", (0, 1), (-1, 1), 1 * mm)]))
    return made


def _balanced(name: str, font: str, size: float, width: float) -> list[str]:
    """A name in capitals on as few lines as it needs, of nearly the same length, so that no word stands alone."""
    words = unicodedata.normalize("NFC", name).upper().split()
    room = width - 2 * mm
    lengths = [pdfmetrics.stringWidth(word, font, size) for word in words]
    total = pdfmetrics.stringWidth(" ".join(words), font, size)
    count = max(1, -(-int(total) // int(room)))
    lines: list[list[str]] = [[]]
    used = 0.0
    for word, length in zip(words, lengths, strict=True):
        begins_next = used + length / 2 > total / count * len(lines) and len(lines) < count
        if begins_next and lines[-1]:
            lines.append([])
        lines[-1].append(word)
        used += length + size * 0.25
    return [plain(" ".join(line)) for line in lines]


def title(text: str, subtitle: str = "", note: str = "") -> Flowable:
    made: list[Flowable] = [Paragraph(plain(text.upper()), style(14, "center", fonts.BOLD))]
    if subtitle:
        made.append(Paragraph(plain(subtitle), style(13, "center", fonts.BOLD)))
    if note:
        made.append(Paragraph(plain(note), style(11, "center", fonts.ITALIC)))
    return KeepTogether([*made, Spacer(0, 4 * mm)])


class _Rule(Flowable):
    """The short line under a name, in the middle of its column."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self._length = length

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        self._available = available
        return available, 2.2 * mm

    def draw(self) -> None:
        start = (self._available - self._length) / 2
        self.canv.setLineWidth(0.6)
        self.canv.line(start, 1.2 * mm, start + self._length, 1.2 * mm)
