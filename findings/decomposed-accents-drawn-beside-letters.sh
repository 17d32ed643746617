#!/usr/bin/env bash
# Decomposed Vietnamese text on a PDF page.
#
# Guess: a font that has every Vietnamese letter draws "ễ" alike, composed or as e with two marks.
# Seen: ReportLab 5.0.0 sets code point by code point without shaping: the marks stand beside or over their neighbours.
#   The extracted text is right, so a test on text passes. More than a third of the name's dark pixels differ.
# Why it matters: names pasted from file names and other PDFs are decomposed on some machines; a certificate would be
#   printed misspelt.
# What we do instead: papers/blocks.py composes (NFC) every text it draws, and the paper's wording once more.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check reportlab==5.0.0 pypdfium2==5.15.0 numpy==2.4.6 pillow==13.0.0 fontpkg-be-vietnam-pro==1.2
"$dir/env/bin/python" - <<'PY'
import io
import sys
import unicodedata
from pathlib import Path

import fontpkg_be_vietnam_pro
import numpy
import pypdfium2
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

font = next(Path(fontpkg_be_vietnam_pro.__path__[0]).rglob("BeVietnamPro-Regular.ttf"))
pdfmetrics.registerFont(TTFont("F", font))


def drawn(text):
    """Give the pixels and the text of a page with one line."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(300, 60))
    canvas.setFont("F", 20)
    canvas.drawString(20, 20, text)
    canvas.save()
    page = pypdfium2.PdfDocument(data)[0]
    return numpy.asarray(page.render(scale=2).to_pil().convert("L")) < 128, page.get_textpage().get_text_range()


NAME = "Nguyễn Thị Ượng"
composed, decomposed = drawn(NAME), drawn(unicodedata.normalize("NFD", NAME))
differ = int((composed[0] != decomposed[0]).sum())
same_text = unicodedata.normalize("NFC", decomposed[1]) == composed[1] == NAME
print("reportlab 5.0.0, pypdfium2 5.15.0")
print("guess: 0 pixels differ")
print(f"seen:  {differ} pixels of {int(composed[0].sum())} dark ones differ; the text read back is the same: {same_text}")
sys.exit(0 if differ > composed[0].sum() // 10 and same_text else "the behaviour has changed")
PY
