"""Reading one page: its own text where that is the page's text, the picture of it where it is not.

A page is only given what it needs: born-digital pages are rendered small, pictures once at their own resolution, and
orientation is asked for only when the page does not read well as it lies.
"""

from dataclasses import dataclass
from math import cos, radians, sin

import pypdfium2
from PIL import Image

from digitization.reading import tesseract
from digitization.reading.capitals import reread_capitals
from digitization.reading.doubtful import reread_doubtful
from digitization.reading.findings import Box, Line, PageFindings, Source, Word, text_of_lines
from digitization.reading.formulas import mend_formulas
from digitization.reading.own_text import LEAST_PICTURE_SHARE, PDFIUM, OwnText, read_own_text, uncovered_ink
from digitization.reading.pictures import even_light, read_barcodes, split_red, without_noise
from digitization.reading.skew import LEAST_SKEW_DEGREES, measured_skew
from digitization.slots import SEPARATOR
from vietnam.syllables import text_quality

SMALL_DPI = 100
COARSE_DPI, FINEST_DPI, USUAL_DPI = 120, 330, 300
# A picture this much longer than wide is read slice by slice: Tesseract's time grows faster than a page.
LONG_PAGE, SLICE_PIXELS, SLICE_SEARCH_PIXELS = 2.2, 3000, 500
MOST_READ_PIXELS = 80_000_000
THUMBNAIL_WIDTH = 240
# Ink that no text covers: of a page with pictures, and of one whose text may be drawn as outlines.
UNREAD_INK, UNREAD_OUTLINES = 0.30, 0.60
NO_INK, HARDLY_INK = 0.0001, 0.004
# Mean confidence above which a page need not be tried another way round, and below which its own text is kept.
READS_WELL, READS_BADLY, CLEARLY_BETTER = 0.72, 0.5, 0.15
MOST_UNMAPPED = 0.1
SURE_RED_WORD = 0.8


@dataclass
class PageRead:
    findings: PageFindings
    thumbnail: Image.Image


def read_page(document: pypdfium2.PdfDocument, number: int) -> PageRead:
    """Read page `number` (from 1) of a document whose forms are flattened; safe for several threads at once."""
    with PDFIUM:
        page = document[number - 1]
        own = read_own_text(page)
        width, height = page.get_size()
        is_picture = own.pictures >= LEAST_PICTURE_SHARE or not own.text or own.unmapped > MOST_UNMAPPED
        dpi = _reading_dpi(own, width, height) if is_picture else SMALL_DPI
        picture = page.render(scale=dpi / 72).to_pil().convert("RGB")
        page.close()
    findings = PageFindings(number, own_quality=own.quality.verdict if own.text else "")
    small = picture.reduce(max(1, round(dpi / SMALL_DPI)))
    scale = small.width / width
    boxes = [box for box, _said in own.visible + own.hidden]
    ink, unread = uncovered_ink(small.convert("L"), boxes, scale)
    findings.barcodes = read_barcodes(picture.convert("L")) if ink > NO_INK else []
    if _own_is_enough(own, unread):
        findings.source = Source.CONVERTED if own.converted else Source.OWN
        findings.text = mend_formulas(own.text) if own.converted else own.text
        findings.quality = text_quality(findings.text).verdict
    elif any(code.text.startswith(SEPARATOR) for code in findings.barcodes):
        findings.source = Source.READ  # a cover or separator sheet: its code says all that is wanted of it
    elif ink > NO_INK or own.text:
        if not is_picture:
            dpi = USUAL_DPI
            with PDFIUM:
                picture = document[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
        _read_picture(findings, picture, dpi)
        _merge_own(findings, own)
        if not findings.text and not findings.barcodes and ink < HARDLY_INK:
            findings.source = Source.BLANK
    thumbnail = picture if findings.turn == 0 else picture.rotate(-findings.turn, expand=True)
    thumbnail.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_WIDTH * 4))
    return PageRead(findings, thumbnail)


def _own_is_enough(own: OwnText, unread: float) -> bool:
    if not own.text or own.unmapped > MOST_UNMAPPED:
        return False
    if own.pictures < LEAST_PICTURE_SHARE:
        return unread <= UNREAD_OUTLINES
    return unread <= UNREAD_INK and (not own.hidden or own.quality.verdict == "vietnamese")


def _reading_dpi(own: OwnText, width: float, height: float) -> float:
    dpi = own.picture_dpi if own.pictures >= LEAST_PICTURE_SHARE else float(USUAL_DPI)
    if dpi < COARSE_DPI:
        dpi *= 2
    elif dpi > FINEST_DPI:
        dpi = USUAL_DPI
    dpi = max(dpi, 72.0)
    pixels = width * height * (dpi / 72) ** 2
    return dpi * min(1.0, (MOST_READ_PIXELS / pixels) ** 0.5)


def _read_picture(findings: PageFindings, picture: Image.Image, dpi: float) -> None:
    grey, red = split_red(picture)
    grey = without_noise(even_light(grey), dpi)
    skew = measured_skew(grey)
    if abs(skew) >= LEAST_SKEW_DEGREES:
        findings.skew = skew
        grey = grey.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
        red = red.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255) if red else None
    lines = _read_slices(grey, dpi)
    turn, lines = _upright(grey, lines, dpi)
    if turn:
        findings.turn = -turn % 360
        grey = grey.rotate(turn, expand=True)
        red = red.rotate(turn, expand=True) if red else None
    if red is not None:
        lines += _lines_in_red(red, lines, dpi)
    reread_capitals(lines, grey)
    reread_doubtful(lines, grey)
    findings.lines = lines
    findings.width, findings.height, findings.dpi = grey.width, grey.height, dpi
    findings.confidence = round(_confidence(lines), 3)
    findings.source = Source.READ


def _upright(grey: Image.Image, lines: list[Line], dpi: float) -> tuple[int, list[Line]]:
    """(degrees counter-clockwise that bring the page upright, its lines then); asked only where there is a doubt."""
    confidence = _confidence(lines)
    if _runs_upwards(lines):  # Tesseract reads such lines well, but nobody else would
        angles = [90, 270]
    elif confidence < READS_WELL:
        guess = tesseract.orientation(grey)
        angles = [guess] if guess else [180] if confidence < READS_BADLY + 0.1 else []
    else:
        return 0, lines
    found = [(angle, _read_slices(grey.rotate(angle, expand=True), dpi)) for angle in angles]
    better = [(_confidence(read), angle, read) for angle, read in found if _confidence(read) >= confidence * 0.9]
    if not better:
        return 0, lines
    best, angle, read = max(better, key=lambda one: one[0])
    return (angle, read) if angle != 180 or best >= confidence + CLEARLY_BETTER else (0, lines)


def _runs_upwards(lines: list[Line]) -> bool:
    words = [word for line in lines for word in line.words if len(word.text) >= 3]
    tall = sum(word.box[3] - word.box[1] > 1.3 * (word.box[2] - word.box[0]) for word in words)
    return bool(words) and tall > len(words) / 2


def _read_slices(grey: Image.Image, dpi: float) -> list[Line]:
    if grey.height < LONG_PAGE * grey.width or grey.height <= SLICE_PIXELS:
        return tesseract.read_lines(grey, dpi)
    lines, top = [], 0
    while top < grey.height:
        bottom = grey.height
        if bottom - top > SLICE_PIXELS + SLICE_SEARCH_PIXELS:
            bottom = _emptiest_row(grey, top + SLICE_PIXELS - SLICE_SEARCH_PIXELS, top + SLICE_PIXELS)
        found = tesseract.read_lines(grey.crop((0, top, grey.width, bottom)), dpi)
        for word in (word for line in found for word in line.words):
            word.box = (word.box[0], word.box[1] + top, word.box[2], word.box[3] + top)
        lines += found
        top = bottom
    return lines


def _emptiest_row(grey: Image.Image, first: int, last: int) -> int:
    """The row between two where a cut goes through the least ink."""
    rows = grey.crop((0, first, grey.width, last)).resize((1, last - first), Image.Resampling.BOX)
    levels = list(rows.tobytes())
    return first + max(range(len(levels)), key=lambda row: (levels[row], row))


def _lines_in_red(red: Image.Image, known: list[Line], dpi: float) -> list[Line]:
    """Lines printed in red (a certificate's title); the letters of a seal run in a circle and are never sure."""
    found = []
    for line in tesseract.read_lines(red, dpi):
        line.words = [
            word
            for word in line.words
            if word.confidence >= SURE_RED_WORD and not any(_meet(word.box, other.box) for other in known)
        ]
        if len(line.words) > 1:
            found.append(line)
    return found


def _merge_own(findings: PageFindings, own: OwnText) -> None:
    """Keep what is good of the page's own text, and drop what was recognised of the same words."""
    kept = list(own.visible)
    if own.hidden:
        hidden = text_quality(" ".join(said for _box, said in own.hidden)).verdict
        unreadable = not findings.lines or findings.confidence < READS_BADLY
        if hidden == "vietnamese" or unreadable:
            kept += own.hidden
        else:
            findings.strip_hidden = True
    if own.unmapped > MOST_UNMAPPED:
        kept = []
    own_lines = []
    for box, said in kept:
        at = _in_reading(box, findings)
        own_lines.append(Line([Word(said.strip(), at, 1.0)]))
    for line in findings.lines:
        line.words = [word for word in line.words if not any(_meet(word.box, other.box) for other in own_lines)]
    findings.lines = [line for line in findings.lines if line.words]
    together = findings.lines
    if own_lines:
        findings.source = Source.MIXED if findings.lines else Source.OWN
        together = _in_order(findings.lines, own_lines)
    findings.text = mend_formulas(text_of_lines(together))
    findings.quality = text_quality(findings.text).verdict


def _in_order(lines: list[Line], own: list[Line]) -> list[Line]:
    """Own lines each before the first recognised line that stands below it."""
    merged = list(lines)
    for line in sorted(own, key=lambda line: (line.box[1], line.box[0])):
        place = next((n for n, other in enumerate(merged) if other.box[1] > line.box[3]), len(merged))
        merged.insert(place, line)
    return merged


def _in_reading(box: Box, findings: PageFindings) -> Box:
    """A box in points of the page as it lay, in pixels of the picture as it was read."""
    if not findings.dpi:
        return box
    scale = findings.dpi / 72
    left, top, right, bottom = (value * scale for value in box)
    width, height = float(findings.width), float(findings.height)
    if findings.turn in (90, 270):
        width, height = height, width
    if findings.skew:
        x, y = (left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2
        angle = radians(findings.skew)
        dx = x * cos(angle) + y * sin(angle) - x
        dy = -x * sin(angle) + y * cos(angle) - y
        left, right, top, bottom = left + dx, right + dx, top + dy, bottom + dy
    if findings.turn == 90:
        return height - bottom, left, height - top, right
    if findings.turn == 180:
        return width - right, height - bottom, width - left, height - top
    if findings.turn == 270:
        return top, width - right, bottom, width - left
    return left, top, right, bottom


def _meet(one: Box, other: Box) -> bool:
    """Whether the middle of the first lies in the second."""
    x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def _confidence(lines: list[Line]) -> float:
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
