"""A register: a ruled table of many pages, written row by row so that its length costs no memory beyond the
pages themselves. On A3 across, as registers are kept: with the letters of the decree its columns have room on no
smaller sheet, and a printer that has A4 only makes it fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from papers import blocks, fonts, heading
from papers.layout import MARGINS, SIZES, Edges, Head, across

_PAGE = "A3-landscape"
_WIDTH, _HEIGHT = SIZES[_PAGE]
_LEFT, _RIGHT, _TOP, _BOTTOM = (side * mm for side in MARGINS[_PAGE])
WIDTH = (_WIDTH - _LEFT - _RIGHT) / mm  # millimetres, of all columns together
_PAD = 0.9 * mm


@dataclass(frozen=True)
class Column:
    """`width` in millimetres; all columns together have `WIDTH`."""

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
    size: float = 13,
    watermark: str = "",
    closing: str | None = None,
    foot: Sequence[Flowable] = (),
) -> bytes:
    """The register as PDF bytes with all fonts embedded (not yet PDF/A). A page that is empty below its head says so.

    `closing` stands below the last row; without it the rows are counted as dossiers. `foot` stands below that, each
    block of it whole.

    `code` and `check_url` of the public check stand on every page, `size` is that of the rows' letters in points.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), initialFontName=fonts.REGULAR, lang="vi")
    edges = Edges(_LEFT, _WIDTH - _RIGHT, _HEIGHT - _TOP, _BOTTOM, code, check_url)
    register = _Register(canvas, columns, size, edges, watermark)
    register.canvas.setTitle(f"{title} {subtitle}")
    register.canvas.setAuthor(head.issuer.name)
    top = register.flow(heading.head(head.issuer, head.number, head.at, register.width), _HEIGHT - _TOP)
    top = register.flow(heading.title(title, subtitle), top - 3 * mm)
    register.begin_table(top)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 (the last count is printed)
        register.row(row)
    counted = f"Cộng: {count} hồ sơ." if count else "Không có hồ sơ nào trong kỳ."
    register.close(counted if closing is None else closing, foot)
    return out.getvalue()


class _Register:
    def __init__(self, canvas: Canvas, columns: Sequence[Column], size: float, edges: Edges, watermark: str) -> None:
        self.canvas, self.columns, self._size = canvas, columns, size
        self._edges, self._watermark = edges, watermark
        self.width = _WIDTH - _LEFT - _RIGHT
        self._page = 1
        across(canvas, watermark)
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

    def close(self, sentence: str, foot: Sequence[Flowable] = ()) -> None:
        if self._at - 8 * mm < _BOTTOM:
            self._turn()
        self.canvas.setFont(fonts.BOLD, self._size)
        self.canvas.drawString(_LEFT, self._at - 6.5 * mm, sentence)
        self._at -= 8 * mm
        for block in foot:
            if self._at - blocks.height_of(block, self.canvas, self.width) < _BOTTOM:
                self._turn(heads=False)
            self._at = self.flow(block, self._at)
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
        self._edges.draw(self.canvas, "", self._page)

    def _turn(self, *, heads: bool = True) -> None:
        self._foot()
        self.canvas.showPage()
        self._page += 1
        across(self.canvas, self._watermark)
        self._at = _HEIGHT - _TOP
        if heads:
            self.begin_table(self._at)
