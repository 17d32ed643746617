#!/usr/bin/env bash
# Photographs whose EXIF orientation says that they are mirrored, put into a PDF.
#
# Guess: a program that heeds the orientation heeds all eight values.
# Seen: img2pdf 0.6.3 turns pages for 3, 6 and 8 and takes 2, 4, 5 and 7 as they are stored, also with
#   Rotation.ifvalid: the page is mirrored, and nothing is raised.
# Why it matters: front cameras and some scanning apps write these values. The paper is unreadable in the copy, and its
#   recognised text is gibberish.
# What we do instead: mirrored pictures are turned by Pillow (exif_transpose) before img2pdf gets them.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check img2pdf==0.6.3 pypdfium2==5.15.0 pillow==13.0.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import img2pdf
import pypdfium2
from PIL import Image, ImageOps


def corners(image):
    """Order the corners of a picture from the darkest to the lightest."""
    grey = image.convert("L").resize((2, 2), Image.Resampling.BOX)
    return sorted(((x, y) for x in (0, 1) for y in (0, 1)), key=grey.getpixel)


seen, meant = {}, {}
for orientation in range(1, 9):
    image = Image.new("RGB", (300, 200), "white")
    for level, place in ((0, (0, 0)), (80, (150, 0)), (160, (0, 100))):
        image.paste((level,) * 3, (*place, place[0] + 150, place[1] + 100))
    exif, data = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    image.save(data, "JPEG", exif=exif)
    meant[orientation] = corners(ImageOps.exif_transpose(Image.open(data)))
    pdf = img2pdf.convert(data.getvalue(), rotation=img2pdf.Rotation.ifvalid)
    seen[orientation] = corners(pypdfium2.PdfDocument(pdf)[0].render().to_pil())
wrong = [orientation for orientation in meant if seen[orientation] != meant[orientation]]
print("img2pdf 0.6.3")
print("guess: no orientation is wrong")
print("seen:  wrong are", wrong)
sys.exit(0 if wrong == [2, 4, 5, 7] else "the behaviour has changed")
PY
