#!/usr/bin/env bash
# A decision from Word, with a tracked change, a content control and a cross-reference.
#
# Guess: a reader of docx gives what the page shows: "Thời hạn: 15 ngày", "Phí: 150.000 đồng", "Căn cứ Điều 5 Luật".
# Seen: python-docx 1.2.0 leaves out what was inserted under track changes, what stands in a content control (as every
#   template of forms has) and the text of a field: "Thời hạn:  ngày", "Phí:  đồng", "Căn cứ  Luật". mammoth 1.11.0 gives
#   the first two and leaves the field out. Nothing says that something is missing.
# Why it matters: the numbers are just what is filled into templates and changed last: the limit, the fee, the article.
# What we do instead: a Word file is kept and shown as it was sent; no fact is taken from one.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-docx==1.2.0 mammoth==1.11.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import mammoth
from docx import Document
from docx.oxml import parse_xml

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
INSERTED = f'<w:ins {NAMES} w:id="1" w:author="A" w:date="2026-11-30T08:00:00Z"><w:r><w:t>15</w:t></w:r></w:ins>'
CONTROL = f"<w:sdt {NAMES}><w:sdtContent><w:r><w:t>150.000</w:t></w:r></w:sdtContent></w:sdt>"
FIELD = f'<w:fldSimple {NAMES} w:instr="REF dieu"><w:r><w:t>Điều 5</w:t></w:r></w:fldSimple>'

document, file = Document(), io.BytesIO()
for before, element, after in (("Thời hạn: ", INSERTED, " ngày"), ("Phí: ", CONTROL, " đồng"), ("Căn cứ ", FIELD, " Luật")):
    paragraph = document.add_paragraph(before)
    paragraph._p.append(parse_xml(element))
    paragraph.add_run(after)
document.save(file)
file.seek(0)
seen = {
    "python-docx": [paragraph.text for paragraph in Document(file).paragraphs],
    "mammoth": mammoth.extract_raw_text(file).value.split("\n\n")[:3],
}
print("python-docx 1.2.0, mammoth 1.11.0")
print("guess: ['Thời hạn: 15 ngày', 'Phí: 150.000 đồng', 'Căn cứ Điều 5 Luật']")
for name, lines in seen.items():
    print(f"seen:  {name}: {lines}")
as_noted = seen == {
    "python-docx": ["Thời hạn:  ngày", "Phí:  đồng", "Căn cứ  Luật"],
    "mammoth": ["Thời hạn: 15 ngày", "Phí: 150.000 đồng", "Căn cứ  Luật"],
}
sys.exit(0 if as_noted else "the behaviour has changed")
PY
