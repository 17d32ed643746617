"""Working aids: sheets and labels that help handle papers and are thrown away. They bear no number and are not checked,
because nothing is proved by them; what is proved stands in the papers that `papers.issue` records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4, A6, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate

from papers import archival, fonts

SIZES = {"A4": A4, "A6-landscape": landscape(A6)}
_MARGIN = {"A4": 18 * mm, "A6-landscape": 7 * mm}


class Barcode(Flowable):
    """A Code 128 of `text` as wide as it needs, at most the room there is; `height` in millimetres."""

    def __init__(self, text: str, *, height: float = 14, centred: bool = False) -> None:
        super().__init__()
        self._text, self._height, self._centred = text, height * mm, centred

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        # 0.33 mm is the narrowest bar that an office printer and a hand scanner surely agree about.
        made = self._made(0.33 * mm)
        self._code = made if made.width <= available else self._made(0.33 * mm * available / made.width)
        self._from_left = (available - self._code.width) / 2 if self._centred else 0.0
        return available, self._height

    def _made(self, bar: float) -> Code128:
        return Code128(self._text, barWidth=bar, barHeight=self._height, quiet=True, humanReadable=False)

    def draw(self) -> None:
        self._code.drawOn(self.canv, self._from_left, 0)


def render_aid(pages: Sequence[Sequence[Flowable]], *, size: str, title: str, author: str, at: datetime) -> bytes:
    """PDF/A bytes; each of `pages` begins a page and goes on to the next when it is longer. `at` is local time."""
    width, height = SIZES[size]
    margin = _MARGIN[size]
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=(width, height), title=title, author=author, lang="vi")
    frame = Frame(margin, margin, width - 2 * margin, height - 2 * margin, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    story: list[Flowable] = []
    for number, page in enumerate(pages):
        story += [*([PageBreak()] if number else []), *page]
    document.build(story, canvasmaker=_canvas)
    return archival.finish_as_pdfa(out.getvalue(), title=title, author=author, at=at)


def _canvas(*given: Any, **named: Any) -> Canvas:
    """A canvas that never names a font which is not embedded."""
    return Canvas(*given, **{**named, "initialFontName": fonts.REGULAR})
