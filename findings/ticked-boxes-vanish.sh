#!/usr/bin/env bash
# A ticked and an empty box in a filled Word form.
#
# Guess: the text of a form says which box is ticked. Word writes boxes that come from Insert, Symbol as <w:sym> with a font
#   and the number of the letter: Wingdings FE is ticked, A8 is empty.
# Seen: python-docx 1.2.0 and docx2txt 0.9 leave both out, so that "☑ Cấp mới ☐ Cấp lại" is " Cấp mới   Cấp lại". docx2python 3.7.1
#   writes HTML with the letters þ and ¨; mammoth 1.13.0 (npm) alone gives boxes, 🗹 and 🞎.
# Why it matters: on many forms of administrative procedures the box is the request: a new licence or a replacement.
# What we do instead: what people ask for is asked in a questionnaire; a Word file that they add is kept as it came, and
#   nothing is taken out of it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-docx==1.2.0 docx2txt==0.9 docx2python==3.7.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts mammoth@1.13.0
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys

import docx
import docx2txt
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx2python import docx2python

path = f"{sys.argv[1]}/form.docx"
form = docx.Document()
line = form.add_paragraph()
for letter, text in (("F0FE", " Cấp mới  "), ("F0A8", " Cấp lại")):
    box = OxmlElement("w:sym")
    box.set(qn("w:font"), "Wingdings")
    box.set(qn("w:char"), letter)
    line.add_run()._r.append(box)
    line.add_run(text)
form.save(path)
script = 'require("mammoth").extractRawText({ path: process.argv[1] }).then((read) => console.log(read.value.trim()))'
with docx2python(path) as read:
    tagged = read.text.strip()
seen = {
    "python-docx": docx.Document(path).paragraphs[0].text,
    "docx2txt": docx2txt.process(path),
    "docx2python": tagged,
    "mammoth": subprocess.check_output(["node", "-e", script, path], cwd=sys.argv[1], text=True).strip(),
}
print("python-docx 1.2.0, docx2txt 0.9, docx2python 3.7.1, mammoth 1.13.0")
print("guess: each tells the ticked box from the empty one")
for name, text in seen.items():
    print(f"seen:  {name}: {text!r}")
without = [name for name, text in seen.items() if text.split() == ["Cấp", "mới", "Cấp", "lại"]]
as_noted = without == ["python-docx", "docx2txt"] and "&#x00FE;" in tagged and seen["mammoth"][0] == "🗹"
sys.exit(0 if as_noted else "the behaviour has changed")
PY
