#!/usr/bin/env bash
# Where on the page a text stands that is drawn within a form XObject.
#
# Guess: the bounds of an object of a page are bounds on the page, for objects within forms too.
# Seen: pypdfium2 5.15.0 goes into forms by itself (get_objects, max_depth 15) and gives the bounds of what it finds
#   there in the form's own space: a word at 300, 500 is said to be at 0, 0. The boxes of the text page are right.
# Why it matters: a filled form that was flattened, a stamp, and every page that another program has wrapped are forms.
#   A word is then held to lie elsewhere, and what was recognised in its place is taken for a second word.
# What we do instead: boxes of text come from the text page; for pictures the matrices of the forms are multiplied.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pypdfium2==5.15.0 reportlab==5.0.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import pypdfium2
import pypdfium2.raw as pdfium
from reportlab.pdfgen.canvas import Canvas

data = io.BytesIO()
canvas = Canvas(data)
canvas.beginForm("stamp")
canvas.drawString(0, 0, "Stamp")
canvas.endForm()
canvas.translate(300, 500)
canvas.doForm("stamp")
canvas.save()
page = pypdfium2.PdfDocument(data.getvalue())[0]
[word] = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
of_object = [round(edge) for edge in word.get_bounds()[:2]]
of_text = [round(edge) for edge in page.get_textpage().get_charbox(0)[:2]]
print("pypdfium2 5.15.0")
print("guess: both say about 300, 500")
print(f"seen:  the object {of_object}, the text page {of_text}")
sys.exit(0 if max(of_object) < 10 and min(of_text) > 290 else "the behaviour has changed")
PY
