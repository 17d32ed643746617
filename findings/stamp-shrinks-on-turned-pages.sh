#!/usr/bin/env bash
# A stamp of 100 by 40 points on a page that is turned by /Rotate.
#
# Guess: an overlay into a rectangle of 100 by 40 is drawn 100 by 40 on every page, as with pypdf.
# Seen: pikepdf 10.17.0's add_overlay fits the stamp, turned with the page, into the rectangle that is not: on a page
#   with /Rotate 90 or 270 it comes out 40 by 16.
# Why it matters: scanners write /Rotate on every landscape page, and the arrival stamp is too small to read there.
# What we do instead: nothing is stamped onto pages of others; what we say about a file stands on a paper of its own.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pikepdf==10.17.0 pypdfium2==5.15.0 reportlab==5.0.0 pillow==13.0.0 numpy==2.4.6
"$dir/env/bin/python" - <<'PY'
import io
import sys

import numpy
import pikepdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas


def page(width, height, red=False):
    """Make a page, white or red."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(width, height))
    canvas.setFillColorRGB(1, 0, 0) if red else canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, width, height, fill=1, stroke=0)
    canvas.save()
    return pikepdf.open(data)


def size(rotation):
    """Stamp a turned page and measure the stamp in points."""
    sheet, stamp, data = page(595, 842), page(100, 40, red=True), io.BytesIO()
    sheet.pages[0].Rotate = rotation
    sheet.pages[0].add_overlay(stamp.pages[0], pikepdf.Rectangle(50, 50, 150, 90))
    sheet.save(data)
    pixels = numpy.asarray(pypdfium2.PdfDocument(data)[0].render().to_pil().convert("RGB")).astype(int)
    down, across = numpy.nonzero((pixels[..., 0] > 200) & (pixels[..., 1] < 60))
    return int(numpy.ptp(across)) + 1, int(numpy.ptp(down)) + 1


seen = {rotation: size(rotation) for rotation in (0, 90, 180, 270)}
print("pikepdf 10.17.0")
print("guess: 100 by 40, or 40 by 100 where it turns with the page")
print("seen: ", seen)
as_noted = seen == {0: (100, 40), 90: (40, 16), 180: (100, 40), 270: (40, 16)}
sys.exit(0 if as_noted else "the behaviour has changed")
PY
