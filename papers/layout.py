"""How an official paper looks: the page of Decree 30/2020/NĐ-CP, Annex I. Blocks of text are in `papers.blocks`."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from math import atan2, degrees
from typing import Any

from reportlab.lib.pagesizes import A3, A4, A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Spacer

from papers import blocks, fonts, heading
from papers.issuers import Issuer

SIZES = {"A4": A4, "A5": A5, "A4-landscape": landscape(A4), "A3-landscape": landscape(A3)}
# Left, right, top, bottom in mm. Annex I: top and bottom 20–25, left 30–35, right 15–20. The footer stands in the lower
# margin. A5 is no size of the decree; it takes what a printer can.
MARGINS = {
    "A4": (30, 18, 20, 25),
    "A5": (15, 10, 14, 22),
    "A4-landscape": (30, 15, 20, 25),
    "A3-landscape": (30, 15, 20, 25),
}
PAGE_NUMBER = 13  # points; in the middle of the upper margin, none on the first page
_FOOT, _QR_SIDE = 11, 15  # points, mm
_CHECK = "check"  # name of the QR code that is drawn once for all pages of a file


@dataclass(frozen=True)
class Head:
    issuer: Issuer
    number: str
    at: datetime  # local time


@dataclass
class Sheet:
    """The paper of one action: its title and what stands between head and footer."""

    title: str
    body: list[Flowable]
    subtitle: str = ""
    note: str = ""  # under the title, e.g. which paper this one replaces
    size: str = "A4"  # a key of SIZES
    # For each copy to be printed, what its upper edge says, e.g. who keeps it; the pages of each count from 1.
    copies: tuple[str, ...] = ("",)


def render_pdf(sheet: Sheet, *, head: Head, code: str, check_url: str, watermark: str = "") -> bytes:
    """The sheet as PDF bytes with all fonts embedded (not yet PDF/A); `watermark` across each page."""
    pdf, pages = _built(sheet, head, code, check_url, watermark)
    if pages == 2 * len(sheet.copies):
        # What runs over by a few lines, often the places to sign alone, stands closer if it then has one page.
        closer = replace(sheet, body=[blocks.closer(block) for block in deepcopy(sheet.body)])
        tried, fewer = _built(closer, head, code, check_url, watermark)
        if fewer == len(sheet.copies):
            return tried
    return pdf


def _built(sheet: Sheet, head: Head, code: str, check_url: str, watermark: str) -> tuple[bytes, int]:
    """The PDF and how many pages it has."""
    left, right, top, bottom = (side * mm for side in MARGINS[sheet.size])
    width, height = SIZES[sheet.size]
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=(width, height), title=f"{sheet.title} {head.number}", author=head.issuer.name, lang="vi"
    )
    frame = Frame(left, bottom, width - left - right, height - top - bottom, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, _document: across(canvas, watermark)))
    edges = Edges(left, width - right, height - top, bottom, code, check_url)
    document.build(
        _story(sheet, head, frame.width),
        canvasmaker=lambda *given, **named: _PagedCanvas(edges, *given, **named),
    )
    return out.getvalue(), document.page


def _story(sheet: Sheet, head: Head, width: float) -> list[Flowable]:
    story: list[Flowable] = []
    for number, copy in enumerate(sheet.copies):
        body = deepcopy(sheet.body)  # a block keeps what it learnt when it was laid out; each copy lays out its own
        blocks.lead_to_signatures(body)
        if number:
            story.append(PageBreak())
        story += [
            _CopyBegins(number, copy),
            heading.head(head.issuer, head.number, head.at, width),
            Spacer(0, 4 * mm),
            heading.title(sheet.title, sheet.subtitle, sheet.note),
            *body,
        ]
    return story


class _CopyBegins(Flowable):
    """Tells the canvas which copy its pages belong to."""

    def __init__(self, number: int, label: str) -> None:
        super().__init__()
        self._copy = (number, label)

    def wrap(self, *_available: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.copy = self._copy


@dataclass(frozen=True)
class Edges:
    """What stands outside the text: page number and the copy's label above, code and QR of the public check below."""

    left: float
    right: float
    top: float
    bottom: float
    code: str
    check_url: str

    def draw(self, canvas: Canvas, copy: str, page: int) -> None:
        canvas.saveState()
        if page > 1:
            canvas.setFont(fonts.REGULAR, PAGE_NUMBER)
            canvas.drawCentredString((self.left + self.right) / 2, self.top + 5 * mm, str(page))
        canvas.setFont(fonts.ITALIC, _FOOT)
        canvas.drawRightString(self.right, self.top + 5 * mm, copy)
        canvas.setLineWidth(0.4)
        line = self.bottom - 2 * mm
        canvas.line(self.left, line, self.right, line)
        if self.check_url:
            self._check(canvas, line)
        canvas.restoreState()

    def _check(self, canvas: Canvas, line: float) -> None:
        _square(canvas, self.check_url, self.left, line - 0.5 * mm - _QR_SIDE * mm)
        text = self.left + (_QR_SIDE + 1.5) * mm
        for down, said in (
            (5, f"Mã giấy tờ: {blocks.spaced(self.code)}"),
            (9.6, "Kiểm tra giấy tờ này tại:"),
            (14.2, self.check_url),
        ):
            length = pdfmetrics.stringWidth(said, fonts.REGULAR, _FOOT)
            canvas.setFont(fonts.REGULAR, min(_FOOT, _FOOT * (self.right - text) / length))
            canvas.drawString(text, line - down * mm, said)


def _square(canvas: Canvas, content: str, across: float, up: float) -> None:
    if not canvas.hasForm(_CHECK):
        canvas.beginForm(_CHECK)
        blocks.QR(content, side=_QR_SIDE).drawOn(canvas, 0, 0)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(across, up)
    canvas.doForm(_CHECK)
    canvas.restoreState()


def across(canvas: Canvas, text: str) -> None:
    """Large pale letters from corner to corner of a page that is still empty; none for an empty text."""
    if not text:
        return
    width, height = canvas._pagesize
    size = 0.09 * (width**2 + height**2) ** 0.5
    canvas.saveState()
    canvas.setFont(fonts.BOLD, size)
    canvas.setFillGray(0.87)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(degrees(atan2(height, width)))
    canvas.drawCentredString(0, -size / 3, text)
    canvas.restoreState()


class _PagedCanvas(Canvas):
    """Writes the edges of each page, those of each copy counting from 1; never names a font that is not embedded."""

    def __init__(self, edges: Edges, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "initialFontName": fonts.REGULAR})
        self.copy = (0, "")
        self._edges = edges
        self._drawn: Counter[tuple[int, str]] = Counter()

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        self._drawn[self.copy] += 1
        self._edges.draw(self, self.copy[1], self._drawn[self.copy])
        super().showPage()
