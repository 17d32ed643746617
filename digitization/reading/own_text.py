"""The text that a page brings along: whether it is the page's text at all, and what it is worth.

Everything here runs under `PDFIUM`, because pdfium is not safe for threads.
"""

import ctypes
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from digitization.reading.findings import Box
from vietnam.legacy_encodings import legacy_encoding, to_unicode
from vietnam.syllables import TextQuality, text_quality

PDFIUM = threading.RLock()

# Pictures that cover less of a page are a coat of arms or a logo, not a page of text.
LEAST_PICTURE_SHARE = 0.08
# Grey levels below the paper's own that count as ink.
INK_CONTRAST = 50
_HIDDEN = 3  # text render mode
_DEEPEST = 8  # forms within forms


@dataclass
class OwnText:
    """Boxes in points from the top left corner of the page as it is shown."""

    text: str = ""
    quality: TextQuality = field(default_factory=lambda: text_quality(""))
    converted: bool = False
    visible: list[tuple[Box, str]] = field(default_factory=list)
    hidden: list[tuple[Box, str]] = field(default_factory=list)
    unmapped: float = 0.0  # share of its characters that no Unicode is known for
    pictures: float = 0.0  # share of the page that pictures cover
    picture_dpi: float = 0.0  # of the largest of them


def read_own_text(page: pypdfium2.PdfPage) -> OwnText:
    """The text of `page`, with legacy encodings converted by their font."""
    own = OwnText()
    with PDFIUM:
        _find_pictures(page, own)
        textpage = page.get_textpage()
        runs = _runs(page, textpage)
        own.converted = any(run.encoding for run in runs)
        own.text = (
            "".join(to_unicode(run.text, run.encoding) for run in runs)
            if own.converted
            else textpage.get_text_bounded()
        )
    for run in runs:
        if run.box and run.text.strip():
            place = own.hidden if run.hidden else own.visible
            place.append((run.box, to_unicode(run.text, run.encoding).strip()))
    own.text = own.text.replace("\r\n", "\n").replace("\0", "").strip()
    own.quality = text_quality(own.text)
    letters = [c for c in own.text if not c.isspace()]
    strange = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or not c.isprintable() for c in letters)
    own.unmapped = strange / len(letters) if letters else 0.0
    return own


def uncovered_ink(picture: Image.Image, boxes: list[Box], scale: float) -> tuple[float, float]:
    """(share of the page that is ink, share of that ink that no box of text covers).

    `picture` is the page in grey, `scale` its pixels a point.
    """
    grey = np.asarray(picture)
    ink = grey < max(float(np.median(grey)) - INK_CONTRAST, 1)
    total = int(ink.sum())
    if not total:
        return 0.0, 0.0
    edge = max(1, round(scale))
    for left, top, right, bottom in boxes:
        rows = slice(max(0, int(top * scale) - edge), int(bottom * scale) + edge + 1)
        columns = slice(max(0, int(left * scale) - edge), int(right * scale) + edge + 1)
        ink[rows, columns] = False
    return total / ink.size, float(ink.sum()) / total


@dataclass
class _Run:
    """Letters one after another of one text object; its box as `OwnText` has them."""

    encoding: str
    hidden: bool
    text: str = ""
    box: Box | None = None


def _runs(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> list[_Run]:
    runs: list[_Run] = []
    kinds: dict[int, tuple[str, bool]] = {}
    last = 0
    edges = [ctypes.c_double() for _ in range(4)]
    for index in range(textpage.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(textpage.raw, index))
        made = pdfium.FPDFText_GetTextObject(textpage.raw, index)
        at = ctypes.cast(made, ctypes.c_void_p).value if made else 0
        if at and at not in kinds:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(made)
            kinds[at] = legacy_encoding(_font_name(made)), mode == _HIDDEN
        if at and at != last or not runs:
            runs.append(_Run(*kinds.get(at or 0, ("", False))))
            last = at or 0
        runs[-1].text += letter
        if at and not letter.isspace() and pdfium.FPDFText_GetCharBox(textpage.raw, index, *map(ctypes.byref, edges)):
            left, right, bottom, top = (edge.value for edge in edges)
            runs[-1].box = _joined(runs[-1].box, _shown((left, bottom, right, top), page))
    return runs


def _joined(one: Box | None, other: Box) -> Box:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _shown(box: Box, page: pypdfium2.PdfPage) -> Box:
    """(left, bottom, right, top) in the page's own space, as the page is shown: from its top left corner."""
    crop = page.get_cropbox()
    left, right, bottom, top = box[0] - crop[0], box[2] - crop[0], box[1] - crop[1], box[3] - crop[1]
    across, up = crop[2] - crop[0], crop[3] - crop[1]
    turn = page.get_rotation()
    if turn == 90:
        return bottom, left, top, right
    if turn == 180:
        return across - right, bottom, across - left, top
    if turn == 270:
        return up - top, across - right, up - bottom, across - left
    return left, up - top, right, up - bottom


def _find_pictures(page: pypdfium2.PdfPage, own: OwnText) -> None:
    """How much of the page pictures cover, and how fine the largest is; pictures within forms too."""
    width, height = page.get_size()
    largest = 0.0
    for image, matrix in _pictures(
        page.raw, pypdfium2.PdfMatrix(), 0, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
    ):
        across, down = ctypes.c_uint(), ctypes.c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(image, across, down)
        corners = [matrix.on_point(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        xs, ys = [x for x, _y in corners], [y for _x, y in corners]
        left, top, right, bottom = _shown((min(xs), min(ys), max(xs), max(ys)), page)
        share = max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(bottom, height) - max(top, 0))
        share /= width * height
        own.pictures += share
        side = (matrix.a**2 + matrix.b**2) ** 0.5
        if share > largest and side > 1:
            largest, own.picture_dpi = share, across.value / side * 72


def _pictures(
    holder: Any, matrix: pypdfium2.PdfMatrix, depth: int, count: Callable[[Any], int], get: Callable[[Any, int], Any]
) -> Iterator[tuple[Any, pypdfium2.PdfMatrix]]:
    for index in range(count(holder)):
        thing = get(holder, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        raw = pdfium.FS_MATRIX()
        if not pdfium.FPDFPageObj_GetMatrix(thing, raw):
            continue
        own = pypdfium2.PdfMatrix.from_raw(raw).multiply(matrix)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield thing, own
        elif depth < _DEEPEST:
            yield from _pictures(thing, own, depth + 1, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)


def _font_name(made: Any) -> str:
    font = pdfium.FPDFTextObj_GetFont(made)
    if not font:
        return ""
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    name = ctypes.create_string_buffer(size)
    pdfium.FPDFFont_GetBaseFontName(font, name, size)
    return name.value.decode("utf-8", "replace")
