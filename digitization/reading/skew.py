"""How crooked a page lies: the angle at which its rows are told best from the gaps between them.

Tesseract's layout analysis knows the angle too, but found none on pages that lay 8 degrees crooked, and none on one
noisy page in forty at 4 degrees; such a page was not straightened and came out empty. jdeskew measures as well as this
does, and would bring OpenCV with it.
"""

from math import radians, tan

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# A page turned by less reads as well as a straight one, and straightening costs it a little sharpness.
LEAST_SKEW_DEGREES = 0.5
# Lines turned by more are drawings or handwriting, not a page laid crooked on the glass.
MOST_SKEW_DEGREES = 15.0
# An A4 page at 75 dpi: lines of text still show, and the averaging takes away the noise that would hide them.
HEIGHT_PIXELS = 880
STRIPS = 32
COARSE_STEP, FINE_STEP = 0.5, 0.1
# How much more rows stand out at their own angle than at others: 10 times and more on a page of text, 4 to 6 with one
# line of text, below 3 for a scribble, a photograph or noise.
LEAST_SHARPNESS = 4.0

Ink = NDArray[np.float32]


def measured_skew(image: Image.Image) -> float:
    """Degrees by which to turn the picture so that its lines lie level (negative: they rise to the right).

    Lines of a page that lies on its side are measured along their own direction. 0.0 where there is no text.
    """
    grey = image.convert("L").reduce(max(1, round(max(image.size) / HEIGHT_PIXELS)))
    levels = np.asarray(grey, dtype=np.float32)
    ink = np.clip(np.median(levels) - levels, 0, None)
    sharpness, angle = max((_sharpest(ink), _sharpest(np.rot90(ink))), key=lambda found: found[0])
    return angle if sharpness >= LEAST_SHARPNESS else 0.0


def _sharpest(ink: Ink) -> tuple[float, float]:
    """(how much its rows stand out there, compared with the middle of all angles; the angle)."""
    height, width = ink.shape
    across = width // STRIPS
    if not across or height < STRIPS:
        return 0.0, 0.0
    strips = ink[:, : across * STRIPS].reshape(height, STRIPS, across).sum(axis=2)

    def edges(angle: float) -> float:
        """How suddenly ink begins and ends from row to row, when the page is turned by so much."""
        slope, rows = tan(radians(angle)), np.zeros(height, np.float32)
        for strip in range(STRIPS):
            rows += np.roll(strips[:, strip], round((width / 2 - (strip + 0.5) * across) * slope))
        return float((np.diff(rows) ** 2).sum())

    steps = round(MOST_SKEW_DEGREES / COARSE_STEP)
    coarse = {step * COARSE_STEP: edges(step * COARSE_STEP) for step in range(-steps, steps + 1)}
    usual = float(np.median(list(coarse.values())))
    if not usual:
        return 0.0, 0.0
    best = max(coarse, key=coarse.__getitem__)
    near = round(COARSE_STEP / FINE_STEP)
    fine = {best + step * FINE_STEP: edges(best + step * FINE_STEP) for step in range(-near, near + 1)}
    angle = max(fine, key=fine.__getitem__)
    return fine[angle] / usual, angle if abs(angle) < MOST_SKEW_DEGREES else 0.0
