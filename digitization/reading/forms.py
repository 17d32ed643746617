"""Forms that were filled on a computer: their values, and a copy in which they stand on the page.

What a form shows is drawn by the program that opens it; rendered by another, the fields are empty and their values
are in no text. Our copy gets the values drawn in the papers' own font and keeps no form.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILE = Path(__file__).resolve().parents[2] / "papers" / "fonts" / "Tinos-Regular.ttf"
_FONT = "form-values"
USUAL_POINTS, SMALLEST_POINTS = 11.0, 5.0
_DEEPEST = 32


@dataclass(frozen=True)
class FormValue:
    name: str
    value: str
    page: int  # from 1; 0 when the field stands on no page


def form_values(pdf: pikepdf.Pdf) -> list[FormValue]:
    """What was filled in: text and choices, with the field's full name."""
    return [FormValue(_full_name(w), _value(w), page) for page, w in _widgets(pdf) if _value(w)]


def needs_flattening(pdf: pikepdf.Pdf) -> bool:
    """Whether something on its pages would be lost or look empty in a copy without forms."""
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, Dictionary) and any(True for _ in _widgets(pdf))


def flatten_form(pdf: pikepdf.Pdf) -> None:
    """Draw values, ticks, stamps and visible signatures onto the pages and take the form away, in place."""
    draws_itself = bool(pdf.Root.AcroForm.get("/NeedAppearances", False))
    for _page, widget in _widgets(pdf):
        value = _value(widget)
        if value and (draws_itself or not _has_appearance(widget)):
            _draw_value(pdf, widget, value)
    if "/AcroForm" in pdf.Root:
        pdf.Root.AcroForm["/NeedAppearances"] = False
    pdf.flatten_annotations("all")
    if "/AcroForm" in pdf.Root:
        del pdf.Root["/AcroForm"]


def keep_form_on_pages(pdf: pikepdf.Pdf) -> None:
    """What was filled in becomes part of the pages, in place: a page put into another file leaves its form behind."""
    if needs_flattening(pdf):
        flatten_form(pdf)


def _widgets(pdf: pikepdf.Pdf) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    for number, page in enumerate(pdf.pages, start=1):
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, Array):
            continue
        for annotation in annotations:
            if isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Widget:
                found.append((number, annotation))
    return found


def _inherited(widget: Any, key: str) -> Any:
    node = widget
    for _depth in range(_DEEPEST):
        if key in node:
            return node[key]
        node = node.get("/Parent")
        if not isinstance(node, Dictionary):
            return None
    return None


def _full_name(widget: Any) -> str:
    names, node = [], widget
    for _depth in range(_DEEPEST):
        if "/T" in node:
            names.append(str(node["/T"]))
        node = node.get("/Parent")
        if not isinstance(node, Dictionary):
            break
    return ".".join(reversed(names))


def _value(widget: Any) -> str:
    if _inherited(widget, "/FT") not in (Name.Tx, Name.Ch):
        return ""
    value = _inherited(widget, "/V")
    if isinstance(value, Array):
        return ", ".join(str(item) for item in value)
    if isinstance(value, pikepdf.String):
        return str(value).strip()
    return value.strip() if isinstance(value, str) else ""


def _has_appearance(widget: Any) -> bool:
    appearance = widget.get("/AP")
    normal = appearance.get("/N") if isinstance(appearance, Dictionary) else None
    return isinstance(normal, pikepdf.Stream) and b"Tj" in normal.read_bytes().replace(b"TJ", b"Tj")


def _draw_value(pdf: pikepdf.Pdf, widget: Any, value: str) -> None:
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    width, height = abs(right - left), abs(top - bottom)
    if width < 2 or height < 2:
        return
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, str(FONT_FILE)))
    size, lines = min(USUAL_POINTS, height * 0.7), []
    while True:
        lines = simpleSplit(value, _FONT, size, width - 4)
        if len(lines) * size * 1.2 <= height or size <= SMALLEST_POINTS:
            break
        size = max(SMALLEST_POINTS, size - 0.5)
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(width, height))
    canvas.setFont(_FONT, size)
    first = (height + len(lines) * size * 1.2) / 2 - size if len(lines) * size * 1.2 < height else height - size
    for row, line in enumerate(lines):
        canvas.drawString(2, first - row * size * 1.2, line)
    canvas.save()
    drawn.seek(0)
    with pikepdf.open(drawn) as source:
        shape = pdf.copy_foreign(source.pages[0].as_form_xobject())
    widget["/AP"] = Dictionary(N=shape)
