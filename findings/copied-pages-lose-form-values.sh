#!/usr/bin/env bash
# A page of a filled PDF form, put into another file.
#
# Guess: the page looks as it did: the value's picture (its appearance) belongs to the page and is copied with it.
# Seen: it is copied, and PDFium draws none of it, because the new file has no list of fields: after pages.append of
#   pikepdf 10.17.0, import_pages of pypdfium2 5.15.2, add_page of pypdf 7.1.1 and copyPages of pdf-lib 1.17.1. With append of
#   pypdf's writer, which copies the list, the value is there.
# Why it matters: pages of an application are turned, put in order and joined; what the applicant filled in is gone from picture and
#   text, on a page whose printed words are all there.
# What we do instead: values are drawn onto the pages before a page leaves its file (digitization/reading/forms.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check \
  reportlab==5.1.0 pikepdf==10.17.0 pypdfium2==5.15.2 pypdf==7.1.1 pillow==13.0.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts pdf-lib@1.17.1
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
import warnings
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
form = folder / "form.pdf"
canvas = Canvas(str(form), pagesize=(300, 100))
canvas.acroForm.textfield(name="ho_ten", x=20, y=40, width=200, height=20, value="Made up")
canvas.showPage()
canvas.save()

with pikepdf.open(form) as old, pikepdf.new() as new:
    new.pages.append(old.pages[0])
    new.save(folder / "pikepdf.pdf")
imported = pypdfium2.PdfDocument.new()
imported.import_pages(pypdfium2.PdfDocument(form))
imported.save(folder / "pypdfium2.pdf")
added, appended = pypdf.PdfWriter(), pypdf.PdfWriter()
added.add_page(pypdf.PdfReader(form).pages[0])
added.write(folder / "pypdf, add_page.pdf")
appended.append(form)
appended.write(folder / "pypdf, append.pdf")
script = """
const { PDFDocument } = require("pdf-lib");
const { readFileSync, writeFileSync } = require("node:fs");
(async () => {
  const made = await PDFDocument.create();
  const [page] = await made.copyPages(await PDFDocument.load(readFileSync("form.pdf")), [0]);
  made.addPage(page);
  writeFileSync("pdf-lib.pdf", await made.save());
})();
"""
subprocess.run(["node", "-e", script], cwd=folder, check=True)


def ink(path):
    """Dark pixels of the first page, its form drawn."""
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    return sum(level < 128 for level in document[0].render(scale=2, may_draw_forms=True).to_pil().convert("L").tobytes())


names = ["form", "pikepdf", "pypdfium2", "pypdf, add_page", "pdf-lib", "pypdf, append"]
seen = {name: ink(folder / f"{name}.pdf") for name in names}
print("pikepdf 10.17.0, pypdfium2 5.15.2, pypdf 7.1.1, pdf-lib 1.17.1, drawn by PDFium")
print("guess: as many dark pixels as the form itself has")
for name, count in seen.items():
    print(f"seen:  {name}: {count}")
empty = [name for name, count in seen.items() if count == 0]
sys.exit(0 if empty == names[1:5] and seen["form"] > 100 and seen["pypdf, append"] > 100 else "the behaviour has changed")
PY
