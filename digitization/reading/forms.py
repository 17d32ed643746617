"""What was filled in on a computer, in a form or typed and stamped over a page; a copy in which it stands on the page.

What a form shows is drawn by the program that opens it; rendered by another, the fields are empty and their values
are in no text. What a telephone or a browser types over a page is in no text of it either. Our copy gets the values
drawn in the papers' own font and keeps no form.
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
    fields = [(page, field) for page, field in _annotations(pdf) if _is_field(field)]
    return [FormValue(_full_name(field), _value(field), page) for page, field in fields if _value(field)]


def needs_flattening(pdf: pikepdf.Pdf) -> bool:
    """Whether something lies on its pages that would be lost, look empty or be found by nobody in our copy.

    Fields count whether or not the file lists them as a form: other programs show them too.
    """
    return any(_is_field(a) or _typed_over(a) or _shows_itself(a) for _page, a in _annotations(pdf))


def flatten_form(pdf: pikepdf.Pdf) -> None:
    """Draw values, ticks, stamps and visible signatures onto the pages and take the form away, in place."""
    form = pdf.Root.get("/AcroForm")
    draws_itself = isinstance(form, Dictionary) and bool(form.get("/NeedAppearances", False))
    drawn = []
    for _page, annotation in _annotations(pdf):
        if _is_field(annotation):
            value, is_drawn = _value(annotation), _shows_letters(annotation) and not draws_itself
        else:
            value, is_drawn = _typed_over(annotation), _appearance(annotation) is not None
        if value and not is_drawn and (shape := _draw_value(pdf, annotation, value)) is not None:
            drawn.append((shape, set(shape.Resources.Font.keys())))
    if isinstance(form, Dictionary):
        form["/NeedAppearances"] = False
    pdf.flatten_annotations("all")
    for shape, fonts in drawn:  # it was given the form's own fonts as well, which are seldom embedded
        for name in set(shape.Resources.Font.keys()) - fonts:
            del shape.Resources.Font[name]
    if "/AcroForm" in pdf.Root:
        del pdf.Root["/AcroForm"]


def keep_form_on_pages(pdf: pikepdf.Pdf) -> None:
    """What was filled in becomes part of the pages, in place: a page put into another file leaves its form behind."""
    if needs_flattening(pdf):
        flatten_form(pdf)


def _annotations(pdf: pikepdf.Pdf) -> list[tuple[int, Any]]:
    """(number of its page, what lies over it)."""
    found: list[tuple[int, Any]] = []
    for number, page in enumerate(pdf.pages, start=1):
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, Array):
            continue
        for annotation in annotations:
            if isinstance(annotation, Dictionary):
                found.append((number, annotation))
    return found


def _is_field(annotation: Any) -> bool:
    return bool(annotation.get("/Subtype") == Name.Widget)


def _typed_over(annotation: Any) -> str:
    """The text that was typed over the page, by a program that knows no forms."""
    said = annotation.get("/Contents") if annotation.get("/Subtype") == Name.FreeText else None
    return str(said).strip() if isinstance(said, (pikepdf.String, str)) else ""


def _shows_itself(annotation: Any) -> bool:
    """A stamp, a drawn signature, a mark: what is seen of it lies in the file, but not on the page."""
    return annotation.get("/Subtype") not in (Name.Link, Name.Popup) and _appearance(annotation) is not None


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


def _appearance(annotation: Any) -> Any:
    appearance = annotation.get("/AP")
    return appearance.get("/N") if isinstance(appearance, Dictionary) else None


def _shows_letters(annotation: Any) -> bool:
    """Whether it brings along letters that somebody has drawn."""
    normal = _appearance(annotation)
    return isinstance(normal, pikepdf.Stream) and b"Tj" in normal.read_bytes().replace(b"TJ", b"Tj")


def _draw_value(pdf: pikepdf.Pdf, annotation: Any, value: str) -> Any:
    """Have `annotation` show `value`; the shape that it shows, None where it has no room."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    place = annotation.get("/Rect")
    if not isinstance(place, Array) or len(place) != 4:
        return None
    left, bottom, right, top = (float(edge) for edge in place)
    width, height = abs(right - left), abs(top - bottom)
    if width < 2 or height < 2:
        return None
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, str(FONT_FILE)))
    size, lines = min(USUAL_POINTS, height * 0.7), []
    while True:
        lines = simpleSplit(value, _FONT, size, width - 4)
        if len(lines) * size * 1.2 <= height or size <= SMALLEST_POINTS:
            break
        size = max(SMALLEST_POINTS, size - 0.5)
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(width, height), initialFontName=_FONT)  # none that is not embedded
    canvas.setFont(_FONT, size)
    first = (height + len(lines) * size * 1.2) / 2 - size if len(lines) * size * 1.2 < height else height - size
    for row, line in enumerate(lines):
        canvas.drawString(2, first - row * size * 1.2, line)
    canvas.save()
    drawn.seek(0)
    with pikepdf.open(drawn) as source:
        shape = pdf.copy_foreign(source.pages[0].as_form_xobject())
    annotation["/AP"] = Dictionary(N=shape)
    return shape
