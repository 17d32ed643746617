#!/usr/bin/env bash
# A decision written in Word, whose articles are numbered by Word ("Điều 1.", "Điều 2.").
#
# Guess: a reader of docx gives "Điều 2. Hiệu lực thi hành", as the page shows it, or at least says that a number is missing.
# Seen: mammoth 1.11.0 (as HTML and as text) and docx2txt 0.9 leave the numbers of all articles out; docx2python 3.5.0
#   writes one, but another: "2)" where the page has "Điều 2.". None gives the text that people read and cite.
# Why it matters: the number of the article is how a decision is cited, checked and found; a clause that refers to
#   "Điều 1" points at nothing in a text without it.
# What we do instead: a Word file is kept and shown as it was sent; what is published as a legal ground is typed by a
#   controller, and papers of our own are made as PDF, whose text has every number.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-docx==1.2.0 mammoth==1.11.0 docx2txt==0.9 docx2python==3.5.0
cd "$dir"
env/bin/python - <<'PY'
import sys

import docx2txt
import mammoth
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

ARTICLES = ["Phạm vi điều chỉnh", "Hiệu lực thi hành"]
document = Document()
numbering = document.part.numbering_part.element
level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>'
numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{level}</w:abstractNum>'))
numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
for title in ARTICLES:
    properties = document.add_paragraph(title)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="91"/></w:numPr>'))
document.save("decision.docx")

with open("decision.docx", "rb") as file:
    page = mammoth.convert_to_html(file)
with open("decision.docx", "rb") as file:
    text = mammoth.extract_raw_text(file)
read = {
    "mammoth 1.11.0, HTML": page.value,
    "mammoth 1.11.0, text": text.value,
    "docx2txt 0.9": docx2txt.process("decision.docx"),
    "docx2python 3.5.0": docx2python("decision.docx").text,
}
print("guess: Điều 1. Phạm vi điều chỉnh / Điều 2. Hiệu lực thi hành, or a warning")
for reader, said in read.items():
    print(f"seen:  {reader}:", " / ".join(said.split("\n\n")).strip(" /"))
print(f"seen:  messages of mammoth: {[m.message for m in [*page.messages, *text.messages]]}")
no_article = all("Điều 1" not in said and "Điều 2" not in said for said in read.values())
as_noted = no_article and "2)" in read["docx2python 3.5.0"] and not page.messages and not text.messages
sys.exit(0 if as_noted else "the behaviour has changed")
PY
