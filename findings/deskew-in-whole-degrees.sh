#!/usr/bin/env bash
# The skew of a scanned page.
#
# Guess: a package that measures skew measures tenths of a degree, over any skew that a feeder makes.
# Seen: deskew 1.6.1 answers in whole degrees unless told otherwise: 0.4 degrees is measured as 0 or 1, 2.5 as 2 or 3.
#   jdeskew 0.4.2 is right to a tenth within 15 degrees, and answers something below 15 beyond: a page turned by 20
#   degrees is measured as 14.
# Why it matters: at 300 dpi one degree moves the end of a line by its own height; a "corrected" page can be read worse
#   than an untouched one.
# What we do instead: digitization/reading/skew.py measures the angle at which rows of ink stand out best, in steps of a
#   tenth within 15 degrees, and says 0 where no rows stand out; below half a degree nothing is straightened.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check deskew==1.6.1 jdeskew==0.4.2 pillow==13.0.0 numpy==2.4.6
"$dir/env/bin/python" - <<'PY'
import sys

import numpy
from deskew import determine_skew
from jdeskew.estimator import get_angle
from PIL import Image, ImageDraw, ImageFont

page = Image.new("L", (1240, 1754), 255)
draw, font = ImageDraw.Draw(page), ImageFont.load_default(28)
for line in range(100, 1650, 52):
    draw.text((120, line), "Uy ban nhan dan xa tiep nhan ho so va hen tra ket qua", fill=0, font=font)
seen = {}
for turned in (-0.4, 2.5, 20):
    pixels = numpy.array(page.rotate(turned, fillcolor=255, resample=Image.Resampling.BICUBIC))
    seen[turned] = (round(-float(determine_skew(pixels)), 1), round(-float(get_angle(pixels)), 1))
print("deskew 1.6.1, jdeskew 0.4.2")
print("guess: what the page was turned by")
for turned, (one, other) in seen.items():
    print(f"seen:  turned by {turned}: deskew {one}, jdeskew {other}")
as_noted = (
    all(one == round(one) for one, _ in seen.values())
    and abs(seen[-0.4][0] + 0.4) > 0.3
    and abs(seen[2.5][1] - 2.5) < 0.2
    and seen[20][1] < 15.1
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
