#!/usr/bin/env bash
# An act's number that must not break over two lines, in a Word file.
#
# Guess: 12/QĐ-UBND with Word's non-breaking hyphen (Ctrl+Shift+_) is read with some hyphen.
# Seen: docx2txt 0.9 and docx2python 3.7.1 leave it out: 12/QĐUBND. python-docx 1.2.0 gives "-", mammoth 1.13.0 (npm) the
#   non-breaking hyphen U+2011, which is no "-" to a search either.
# Why it matters: typists who care put it into exactly the numbers that papers are found by.
# What we do instead: numbers of acts are typed or read from a scan and parsed by vietnam/legal_acts.py; no text is taken
#   from Word files.
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
from docx2python import docx2python

path = f"{sys.argv[1]}/act.docx"
act = docx.Document()
line = act.add_paragraph("12/QĐ")
line.add_run()._r.append(OxmlElement("w:noBreakHyphen"))
line.add_run("UBND")
act.save(path)
script = 'require("mammoth").extractRawText({ path: process.argv[1] }).then((read) => console.log(read.value.trim()))'
with docx2python(path) as read:
    text = read.text.strip()
seen = {
    "python-docx": docx.Document(path).paragraphs[0].text,
    "docx2txt": docx2txt.process(path).strip(),
    "docx2python": text,
    "mammoth": subprocess.check_output(["node", "-e", script, path], cwd=sys.argv[1], text=True).strip(),
}
print("python-docx 1.2.0, docx2txt 0.9, docx2python 3.7.1, mammoth 1.13.0")
print("guess: 12/QĐ-UBND each, with one kind of hyphen or another")
for name, text in seen.items():
    print(f"seen:  {name}: {ascii(text)}")
as_noted = list(seen.values()) == ["12/QĐ-UBND", "12/QĐUBND", "12/QĐUBND", "12/QĐ\u2011UBND"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
