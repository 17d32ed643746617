#!/usr/bin/env bash
# A Vietnamese name written into the field of a PDF form.
#
# Guess: what is written into a field is shown in it, or the library refuses it.
# Seen: pikepdf 10.17.0 with the generator that it ships (pikepdf.form) keeps the value but draws it with the form's
#   own font, Helvetica, and puts question marks for what that lacks: "Tr?n Th? ??m". Nothing is raised or logged.
# Why it matters: the paper looks filled to the program that reads it back, and is wrong for everybody who sees or
#   prints it.
# What we do instead: papers are set anew with our own font; forms of others are never filled in.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pikepdf==10.17.0 reportlab==5.0.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import pikepdf
from pikepdf.form import DefaultAppearanceStreamGenerator, Form
from reportlab.pdfgen.canvas import Canvas

data = io.BytesIO()
canvas = Canvas(data)
canvas.drawString(50, 800, "Name")
canvas.acroForm.textfield(name="name", x=50, y=700, width=300, height=30, fontSize=14)
canvas.save()
document = pikepdf.open(data)
Form(document, DefaultAppearanceStreamGenerator)["name"].value = "Trần Thị Ươm"
field = document.Root.AcroForm.Fields[0]
value, drawn = str(field.V), field.AP.N.read_bytes().decode("latin-1")
print("pikepdf 10.17.0")
print("guess: the value and what is drawn are Trần Thị Ươm")
print("seen:  value", value, "- drawn", drawn[drawn.index("(") : drawn.index(")") + 1])
sys.exit(0 if value == "Trần Thị Ươm" and "(Tr?n Th? ??m)" in drawn else "the behaviour has changed")
PY
