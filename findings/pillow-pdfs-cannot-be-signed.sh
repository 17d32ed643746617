#!/usr/bin/env bash
# A signature appended to a PDF that Pillow wrote.
#
# Guess: an ordinary PDF, which any viewer opens, takes an appended signature.
# Seen: pyHanko 0.38.0 refuses to open what Pillow 13.0.0 saves as PDF: "Illegal generation 65536 for object ID 0" (the
#   free entry of the table of objects may be 65535 at most). Written anew by pikepdf 10.17.0 it is signed.
# Why it matters: scans and photographs become PDF by Pillow in many programs, also beside scanners.
# What we do instead: digitization/signing/sign.py writes such a file anew before the first signature, never after one.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyhanko==0.38.0 pillow==13.0.0 pikepdf==10.17.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import pikepdf
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError


def opened(content):
    """What pyHanko says of appending to the file."""
    try:
        IncrementalPdfFileWriter(io.BytesIO(content))
    except PdfError as error:
        return str(error)
    return "taken"


drawn, anew = io.BytesIO(), io.BytesIO()
Image.new("RGB", (600, 800), "white").save(drawn, "PDF")
with pikepdf.open(io.BytesIO(drawn.getvalue())) as pdf:
    pdf.save(anew)
first, second = opened(drawn.getvalue()), opened(anew.getvalue())
print("pyHanko 0.38.0, Pillow 13.0.0, pikepdf 10.17.0")
print("guess: taken")
print("seen: ", first)
print("written anew by pikepdf:", second)
sys.exit(0 if "65536" in first and second == "taken" else "the behaviour has changed")
PY
