"""A book of records: a ruled table of many pages on A4 across, written row by row so that its length costs no memory
beyond the pages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from papers import blocks, fonts
from papers.layout import Head, across

_WIDTH, _HEIGHT = landscape(A4)
_LEFT = _RIGHT = 10 * mm
_TOP, _BOTTOM = 15 * mm, 21 * mm
_QR = 14  # millimetres
_PAD = 0.9 * mm
_SIZE = 8.5


@dataclass(frozen=True)
class Column:
    """`width` in millimetres; all columns together have 277."""

    title: str
    width: float
    align: str = "left"


def render_register(
    title: str,
    subtitle: str,
    *,
    head: Head,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    code: str,
    check_url: str,
    size: float = _SIZE,
    watermark: str = "",
) -> bytes:
    """The book as PDF bytes with all fonts embedded (not yet PDF/A). A page that is empty below its head says so.

    `code` and `check_url` of the public check stand on every page, `size` is that of the rows' letters in points.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), initialFontName=fonts.REGULAR, lang="vi")
    book = _Book(canvas, columns, size, _Foot(code, check_url, watermark))
    book.canvas.setTitle(f"{title} {subtitle}")
    book.canvas.setAuthor(head.issuer.name)
    top = book.flow(blocks.head(head.issuer, head.number, head.at, book.width), _HEIGHT - _TOP)
    top = book.flow(blocks.title(title, subtitle), top - 3 * mm)
    book.begin_table(top)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 (the last count is printed)
        book.row(row)
    book.close(f"Cộng: {count} hồ sơ." if count else "Không có hồ sơ nào trong kỳ.")
    return out.getvalue()


@dataclass(frozen=True)
class _Foot:
    code: str
    check_url: str
    watermark: str

    def draw(self, canvas: Canvas, page: int) -> None:
        canvas.setFont(fonts.REGULAR, 8.5)
        canvas.drawRightString(_WIDTH - _RIGHT, _BOTTOM - 6 * mm, f"Trang {page}")
        if self.check_url:
            if page == 1:
                canvas.beginForm("check")
                blocks.QR(self.check_url, side=_QR).drawOn(canvas, 0, 0)
                canvas.endForm()
            canvas.saveState()
            canvas.translate(_LEFT, _BOTTOM - (_QR + 1) * mm)
            canvas.doForm("check")
            canvas.restoreState()
            said = f"Mã giấy tờ: {blocks.spaced(self.code)}. Kiểm tra giấy tờ này tại: {self.check_url}"
            canvas.drawString(_LEFT + (_QR + 1) * mm, _BOTTOM - 6 * mm, said)


class _Book:
    def __init__(self, canvas: Canvas, columns: Sequence[Column], size: float, foot: _Foot) -> None:
        self.canvas, self.columns, self._foot_of = canvas, columns, foot
        self.width = _WIDTH - _LEFT - _RIGHT
        self._page = 1
        across(canvas, foot.watermark)
        self._at = 0.0
        self._styles = [blocks.style(size, column.align) for column in columns]
        # Agencies, procedures and states come again and again; a cell once laid out is drawn again as it is.
        self._cell = lru_cache(maxsize=4096)(self._laid_out)
        self._heads = [
            self._laid_out(place, column.title, blocks.style(size, "center", fonts.BOLD))
            for place, column in enumerate(columns)
        ]

    def flow(self, block: object, top: float) -> float:
        _width, height = block.wrapOn(self.canvas, self.width, top)  # type: ignore[attr-defined]
        for part in block.splitOn(self.canvas, self.width, top) or [block]:  # type: ignore[attr-defined]
            _width, height = part.wrapOn(self.canvas, self.width, top)
            top -= height
            part.drawOn(self.canvas, _LEFT, top)
        return top

    def begin_table(self, top: float) -> None:
        self._at = top
        self._draw(self._heads, self._heights(self._heads))

    def row(self, values: Sequence[object]) -> None:
        cells = [self._cell(place, str(value)) for place, value in enumerate(values)]
        height = self._heights(cells)
        if self._at - height < _BOTTOM:
            self._turn()
        self._draw(cells, height)

    def _laid_out(self, place: int, text: str, style: ParagraphStyle | None = None) -> Paragraph:
        cell = Paragraph(blocks.plain(text), style or self._styles[place])
        cell.wrap(self.columns[place].width * mm - 2 * _PAD, _HEIGHT)
        return cell

    def close(self, sentence: str) -> None:
        if self._at - 8 * mm < _BOTTOM:
            self._turn()
        self.canvas.setFont(fonts.BOLD, 10)
        self.canvas.drawString(_LEFT, self._at - 6 * mm, sentence)
        self._foot()
        self.canvas.save()

    def _heights(self, cells: Sequence[Paragraph]) -> float:
        return max(cell.height for cell in cells) + 2.4 * _PAD

    def _draw(self, cells: Sequence[Paragraph], height: float) -> None:
        across = _LEFT
        self.canvas.setLineWidth(0.4)
        for cell, column in zip(cells, self.columns, strict=True):
            self.canvas.rect(across, self._at - height, column.width * mm, height)
            cell.drawOn(self.canvas, across + _PAD, self._at - _PAD - cell.height)
            across += column.width * mm
        self._at -= height

    def _foot(self) -> None:
        self._foot_of.draw(self.canvas, self._page)

    def _turn(self) -> None:
        self._foot()
        self.canvas.showPage()
        self._page += 1
        across(self.canvas, self._foot_of.watermark)
        self.begin_table(_HEIGHT - _TOP)
