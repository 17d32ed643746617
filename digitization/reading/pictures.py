"""A picture of a page made ready for reading: the seal's red, shade, noise; and codes that stand on it."""

from typing import Any

import numpy as np
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from digitization.reading import tesseract
from digitization.reading.findings import Barcode
from digitization.reading.smoothing import median_of_nine

# How far red must stand above green and blue (of 255) to be a seal's ink, and how much of a page such ink covers.
RED_ABOVE_OTHERS, LEAST_RED_SHARE = 50, 0.0004
# Most scans hold no red at all, which a picture with sixteen pixels in one shows too, in a fraction of the time.
RED_CELL_PIXELS = 4
# Paper in the shade of a hand or a telephone: brightness of the background between its darkest and lightest parts.
SHADE_SPREAD, SHADE_CELL_PIXELS = 28, 32
# Codes are found as well in a picture of this height, four times as fast.
CODE_HEIGHT_PIXELS = 2400
_CODES: Any = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]


def split_red(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """(grey picture without the red ink, grey picture of the red ink alone or None when there is next to none)."""
    if picture.mode == "L" or not _may_hold_red(picture):
        return picture.convert("L"), None
    pixels = np.asarray(picture.convert("RGB"), dtype=np.int16)
    red, others = pixels[..., 0], np.maximum(pixels[..., 1], pixels[..., 2])
    redness = red - others
    if float((redness > RED_ABOVE_OTHERS).mean()) < LEAST_RED_SHARE:
        return picture.convert("L"), None
    # In the red channel red ink is nearly as light as the paper, black and blue ink as dark as before: what is left of
    # the seal there is made as light as the paper.
    seal = max(float(np.median(red[redness > RED_ABOVE_OTHERS])), 1.0)
    without = np.where(redness > RED_ABOVE_OTHERS // 3, np.minimum(red * (250 / seal), 255), pixels.mean(axis=2))
    alone = 255 - np.clip(redness * 2, 0, 255)
    return Image.fromarray(without.astype(np.uint8)), Image.fromarray(alone.astype(np.uint8))


def _may_hold_red(picture: Image.Image) -> bool:
    red, green, blue = picture.convert("RGB").reduce(RED_CELL_PIXELS).split()
    levels = ImageChops.subtract(red, ImageChops.lighter(green, blue)).histogram()
    return sum(levels[RED_ABOVE_OTHERS // RED_CELL_PIXELS :]) >= LEAST_RED_SHARE * sum(levels)


def even_light(grey: Image.Image) -> Image.Image:
    """The picture as if its paper were equally bright everywhere; itself when it nearly is."""
    cells = grey.reduce(SHADE_CELL_PIXELS)
    if min(cells.size) < 4:
        return grey
    paper = cells.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MedianFilter(5))
    values = np.asarray(paper)
    dark, light = np.percentile(values, (5, 95))
    if light - dark < SHADE_SPREAD or dark < 20:
        return grey
    background = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    return Image.fromarray(np.clip(np.asarray(grey) * (245.0 / np.maximum(background, 40)), 0, 255).astype(np.uint8))


def without_noise(grey: Image.Image, dpi: float) -> Image.Image:
    """Smoothed when it is fine and noisy; smoothing costs thin strokes."""
    if dpi >= tesseract.FINE_DPI and tesseract.noise(grey) > tesseract.NOISY:
        return median_of_nine(grey)
    return grey


def read_barcodes(grey: Image.Image) -> list[Barcode]:
    """The codes on a page, each once."""
    small = grey.reduce(max(1, round(grey.height / CODE_HEIGHT_PIXELS)))
    found = zxingcpp.read_barcodes(small, formats=_CODES)
    codes = [Barcode(code.format.name, code.text) for code in found if code.valid]
    return list(dict.fromkeys(codes))
