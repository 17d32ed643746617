"""Our copy of a file: every page in its order, searchable, straight, PDF/A-2b where that is validated.

Nothing is rendered for it. A crooked page is turned by a matrix in front of its own content, so its pictures stay
as they came; the recognised words lie on it as invisible text.
"""

import contextlib
from math import cos, radians, sin
from pathlib import Path

import ocrmypdf.font
import pikepdf
from ocrmypdf._graft import strip_invisible_text
from ocrmypdf.fpdf_renderer import Fpdf2MultiPageRenderer
from ocrmypdf.models.ocr_element import Baseline, BoundingBox, OcrClass, OcrElement
from pikepdf import Dictionary, Matrix, Name, pdfa

from core.garbage import paused_collection
from digitization.reading.findings import Line, PageFindings
from digitization.reading.forms import flatten_form, needs_flattening
from digitization.reading.legacy_fonts import map_legacy_fonts

FLAVOUR = "2b"
PAGES_AT_ONCE = 40  # whose text is rendered together
_FONTS = Path(ocrmypdf.font.__file__).resolve().parents[1] / "data"


def prepare_source(source: Path, folder: Path) -> Path:
    """`source`, or a copy of it in `folder` in which what was filled into a form stands on the page."""
    with pikepdf.open(source) as pdf:
        if not needs_flattening(pdf):
            return source
        flatten_form(pdf)
        target = folder / "flattened.pdf"
        pdf.save(target)
    return target


def write_copy(source: Path, pages: list[PageFindings], target: Path, folder: Path) -> bool:
    """Write our copy of `source` (as `prepare_source` gave it) to `target`; whether it is valid PDF/A-2b.

    One that is not says nothing of PDF/A, whatever the original said.
    """
    with pikepdf.open(source) as pdf:
        if any(page.skew for page in pages):
            pdf.flatten_annotations("all")  # a stamp must turn with its page
        for page in pages:
            _straighten(pdf, page)
        map_legacy_fonts(pdf)
        for first in range(0, len(pages), PAGES_AT_ONCE):
            _lay_text(pdf, pages[first : first + PAGES_AT_ONCE], folder / "text-layer.pdf")
        try:
            with paused_collection():
                pdfa.save(pdf, target, FLAVOUR, output_intent="sRGB")
        except (pdfa.PdfaError, ValueError, KeyError, TypeError, pikepdf.PdfError):
            _withdraw_claim(pdf)
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return False
    return True


def _withdraw_claim(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for claim in ("pdfaid:part", "pdfaid:conformance", "pdfaid:amd", "pdfaid:rev"):
            with contextlib.suppress(KeyError):
                del metadata[claim]
    if "/OutputIntents" in pdf.Root:
        del pdf.Root["/OutputIntents"]


def _straighten(pdf: pikepdf.Pdf, findings: PageFindings) -> None:
    page = pdf.pages[findings.number - 1]
    if findings.strip_hidden:
        strip_invisible_text(pdf, page)
        page.remove_unreferenced_resources()
    if findings.skew:
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        x, y = (left + right) / 2, (bottom + top) / 2
        angle = radians(findings.skew)
        matrix = Matrix(cos(angle), sin(angle), -sin(angle), cos(angle), 0, 0)
        matrix = Matrix(1, 0, 0, 1, -x, -y) @ matrix @ Matrix(1, 0, 0, 1, x, y)
        shape = page.as_form_xobject(handle_transformations=False)
        shape.write(shape.read_bytes())  # until then it is whatever the page's content will be when it is saved
        page.obj["/Resources"] = Dictionary(XObject=Dictionary(Content=shape))
        page.obj["/Contents"] = pdf.make_stream(b"q " + matrix.encode() + b" cm /Content Do Q")
    if findings.turn:
        page.rotate(findings.turn, relative=True)


def _lay_text(pdf: pikepdf.Pdf, pages: list[PageFindings], path: Path) -> None:
    read = [page for page in pages if page.lines and page.dpi]
    if not read:
        return
    trees = [(number, _tree(page), page.dpi) for number, page in enumerate(read)]
    Fpdf2MultiPageRenderer(trees, ocrmypdf.font.MultiFontManager(_FONTS)).render(path)
    with pikepdf.open(path) as text:
        for layer, findings in zip(text.pages, read, strict=True):
            page = pdf.pages[findings.number - 1]
            name = page.add_resource(pdf.copy_foreign(layer.as_form_xobject()), Name.XObject, Name.RecognisedText)
            matrix = _placement(page, *(float(edge) for edge in layer.mediabox[2:]))
            page.contents_add(b"q " + matrix.encode() + b" cm " + str(name).encode() + b" Do Q", prepend=False)
    path.unlink()


def _placement(page: pikepdf.Page, width: float, height: float) -> Matrix:
    """From the text's page, upright as it was read, to the page's own space."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    across, up = right - left, top - bottom
    turn = int(page.obj.get("/Rotate", 0)) % 360
    shown = (up, across) if turn in (90, 270) else (across, up)
    upright = {
        0: Matrix(),
        90: Matrix(0, 1, -1, 0, across, 0),
        180: Matrix(-1, 0, 0, -1, across, up),
        270: Matrix(0, -1, 1, 0, 0, up),
    }[turn]
    return Matrix(shown[0] / width, 0, 0, shown[1] / height, 0, 0) @ upright @ Matrix(1, 0, 0, 1, left, bottom)


def _tree(page: PageFindings) -> OcrElement:
    return OcrElement(
        OcrClass.PAGE,
        bbox=BoundingBox(0, 0, page.width, page.height),
        dpi=page.dpi,
        children=[_line(line) for line in page.lines],
    )


def _line(line: Line) -> OcrElement:
    words = [
        OcrElement(OcrClass.WORD, bbox=BoundingBox(*word.box), text=word.text, confidence=word.confidence)
        for word in line.words
        if word.box[2] > word.box[0] and word.box[3] > word.box[1]
    ]
    return OcrElement(
        OcrClass.LINE,
        bbox=BoundingBox(*line.box),
        baseline=Baseline(line.slope, line.intercept),
        direction="ltr",
        language="vie",
        children=words,
    )
