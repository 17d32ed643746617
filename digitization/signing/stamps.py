"""The visible mark of a signature, in the typeface of papers.

It is drawn here as a page of its own and taken over by pyHanko as a picture would be: pyHanko's own text sets letters
of a font of 2,048 units, as ours is, twice as far apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from papers import fonts

WIDTH, HEIGHT = 68 * mm, 20 * mm
_MARGIN = 8 * mm
_PAD = 2 * mm
_LARGEST, _SMALLEST = 9.0, 5.0
_RED = (0.75, 0.05, 0.05)


@dataclass(frozen=True)
class Stamp:
    """What the mark says, a line each, and at which height of the right edge: "top", "middle" or "bottom"."""

    lines: Sequence[str]
    place: str = "top"
    on_last_page: bool = False


def draw_stamp(lines: Sequence[str], turn: int = 0) -> bytes:
    """One page of `WIDTH` by `HEIGHT` with these lines in a frame; a line too long for it is set smaller, then cut.

    `turn`: how the page it goes to is shown, in degrees clockwise; the mark is drawn against it and stands upright.
    """
    out = BytesIO()
    size = (WIDTH, HEIGHT) if turn % 180 == 0 else (HEIGHT, WIDTH)
    canvas = Canvas(out, pagesize=size, initialFontName=fonts.REGULAR, invariant=True)
    across, up = {90: (HEIGHT, 0.0), 180: (WIDTH, HEIGHT), 270: (0.0, WIDTH)}.get(turn, (0.0, 0.0))
    canvas.translate(across, up)
    canvas.rotate(turn)
    canvas.setStrokeColorRGB(*_RED)
    canvas.setFillColorRGB(*_RED)
    canvas.setLineWidth(0.7)
    canvas.rect(0.5, 0.5, WIDTH - 1, HEIGHT - 1)
    step = (HEIGHT - 2 * _PAD) / max(len(lines), 1)
    for place, line in enumerate(lines):
        font = fonts.BOLD if place == 1 else fonts.REGULAR
        letters, said = _fitting(line, font, min(_LARGEST, step * 0.9))
        canvas.setFont(font, letters)
        canvas.drawString(_PAD, HEIGHT - _PAD - step * place - letters * 0.85, said)
    canvas.save()
    return out.getvalue()


def _fitting(line: str, font: str, largest: float) -> tuple[float, str]:
    room = WIDTH - 2 * _PAD
    width = stringWidth(line, font, largest)
    size = largest if width <= room else max(_SMALLEST, largest * room / width)
    while len(line) > 1 and stringWidth(line, font, size) > room + 0.01:
        line = line.rstrip("…")[:-1].rstrip() + "…"
    return size, line


def box_of(place: str, visible: tuple[float, float, float, float], turn: int = 0) -> tuple[int, int, int, int]:
    """Where the mark goes on a page whose visible part is `visible` (left, bottom, right, top in points), shown turned
    clockwise by `turn` degrees. A page smaller than the mark gets it as large as there is room."""
    left, bottom, right, top = visible
    own = (right - left, top - bottom)
    width, height = own if turn % 180 == 0 else (own[1], own[0])
    scale = min(1.0, width / (WIDTH + 2 * _MARGIN), height / (HEIGHT + 2 * _MARGIN))
    far, margin = width - _MARGIN * scale, _MARGIN * scale
    middle = (height - HEIGHT * scale) / 2
    up = {"top": height - margin - HEIGHT * scale, "middle": middle}.get(place, margin)
    corners = [_as_drawn(x, y, own, turn) for x, y in ((far - WIDTH * scale, up), (far, up + HEIGHT * scale))]
    across, ups = sorted(x for x, _y in corners), sorted(y for _x, y in corners)
    return (round(left + across[0]), round(bottom + ups[0]), round(left + across[1]), round(bottom + ups[1]))


def _as_drawn(x: float, y: float, own: tuple[float, float], turn: int) -> tuple[float, float]:
    """A point of the page as it is shown, where its content is drawn."""
    width, height = own
    return {90: (width - y, x), 180: (width - x, height - y), 270: (y, height - x)}.get(turn, (x, y))
