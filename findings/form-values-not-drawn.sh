#!/usr/bin/env bash
# A filled PDF form, rendered.
#
# Guess: rendering a page with draw_annots (the default) shows the values of its form.
# Seen: pypdfium2 5.15.0 draws them only after init_forms() was called on the document; without it the fields are
#   empty, and with it or without it the text layer has no value.
# Why it matters: an applicant's filled form becomes an empty picture for the officer and for the text recognition.
# What we do instead: pages that others send are to be rendered after init_forms(); their form values are to be read
#   from the form, not from the text.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pypdfium2==5.15.0 reportlab==5.0.0 pillow==13.0.0 numpy==2.4.6
"$dir/env/bin/python" - <<'PY'
import io
import sys

import numpy
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

data = io.BytesIO()
canvas = Canvas(data)
canvas.drawString(50, 800, "Name")
canvas.acroForm.textfield(name="name", value="Nguyen Van An", x=50, y=700, width=300, height=30, fontSize=14)
canvas.save()


def rendered(with_forms):
    """Count the dark pixels of the page."""
    document = pypdfium2.PdfDocument(data.getvalue())
    if with_forms:
        document.init_forms()
    text = document[0].get_textpage().get_text_range()
    return int((numpy.asarray(document[0].render().to_pil().convert("L")) < 100).sum()), text


without, text = rendered(False)
with_forms, _ = rendered(True)
print("pypdfium2 5.15.0")
print("guess: the same pixels, and the value in the text")
print(f"seen:  {without} dark pixels, {with_forms} after init_forms(); text {text!r}")
sys.exit(0 if with_forms > 4 * without and "Nguyen" not in text else "the behaviour has changed")
PY
