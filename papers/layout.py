"""How an official paper looks: the page of Decree 30/2020/NĐ-CP, Annex I. Blocks of text are in `papers.blocks`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer

from papers import blocks, fonts
from papers.issuers import Issuer

SIZES = {"A4": A4, "A5": A5, "A4-landscape": landscape(A4)}
# Annex I: top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm. The footer stands in the lower margin.
_MARGINS = {"A4": (30, 18, 20, 22), "A5": (20, 12, 12, 18), "A4-landscape": (15, 15, 20, 20)}


@dataclass(frozen=True)
class Head:
    issuer: Issuer
    number: str
    at: datetime  # local time


@dataclass
class Sheet:
    """The paper of one act: its title and what stands between head and footer."""

    title: str
    body: list[Flowable]
    subtitle: str = ""
    size: str = "A4"  # A4 | A5 | A4-landscape
    qr_url: str = ""  # what the QR in the footer opens; the check page of the paper when empty
    subject: dict[str, Any] = field(default_factory=dict)


def render(sheet: Sheet, *, head: Head, code: str, check_url: str) -> bytes:
    """The sheet as PDF bytes with all fonts embedded (not yet PDF/A)."""
    left, right, top, bottom = (side * mm for side in _MARGINS[sheet.size])
    width, height = SIZES[sheet.size]
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=(width, height), title=f"{sheet.title} {head.number}", author=head.issuer.name, lang="vi"
    )
    frame = Frame(left, bottom, width - left - right, height - top - bottom, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    story: list[Flowable] = [
        blocks.head(head.issuer, head.number, head.at, frame.width),
        Spacer(0, 5 * mm),
        blocks.title(sheet.title, sheet.subtitle),
        *sheet.body,
    ]
    footer = _Footer(left, width - right, bottom, code, check_url)
    document.build(story, canvasmaker=lambda *given, **named: _PagedCanvas(footer, *given, **named))
    return out.getvalue()


@dataclass(frozen=True)
class _Footer:
    left: float
    right: float
    height: float
    code: str
    check_url: str

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        canvas.saveState()
        canvas.setLineWidth(0.4)
        line = self.height - 3 * mm
        canvas.line(self.left, line, self.right, line)
        canvas.setFont(fonts.REGULAR, 8.5)
        canvas.drawString(self.left, line - 4 * mm, f"Mã giấy tờ: {blocks.spaced(self.code)}")
        canvas.drawString(self.left, line - 7.6 * mm, f"Kiểm tra tại: {self.check_url}")
        canvas.drawRightString(self.right, line - 4 * mm, f"Trang {page}/{pages}")
        canvas.restoreState()


class _PagedCanvas(Canvas):
    """Writes the footer when the number of pages is known; never names a font that is not embedded."""

    def __init__(self, footer: _Footer, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "initialFontName": fonts.REGULAR})
        self._footer = footer
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._footer.draw(self, number, len(self._pages))
            super().showPage()
        super().save()
