#!/usr/bin/env bash
# Numbers in letters made from templates, for Vietnam.
#
# Guess: carbone 3.8.2 with the language vi-vn writes 1500000 as 1.500.000, as fr-fr writes French; and docx-mailmerge2
#   1.0.3 gives 1.500.000 for a Word field with the picture #.##0, which Word itself does where Vietnam's signs are set.
# Seen: with vi-vn carbone writes dates in Vietnamese and numbers in English (1,500,000.50), with vi both in Vietnamese.
#   docx-mailmerge2 writes 1500000.000: it takes the point for the decimal sign always.
# Why it matters: a fee of 1,500 in a Vietnamese letter is one and a half; 1500000.000 is read as a billion and a half.
# What we do instead: papers are set by our own blocks, and amounts are written by one function (vietnam/money.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check docx-mailmerge2==1.0.3 python-docx==1.2.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts carbone@3.8.2
cat >"$dir/try.cjs" <<'JS'
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const carbone = require("carbone");

const template = path.join(__dirname, "letter.html");
writeFileSync(template, "{d.fee:formatN(2)}, {d.day:formatD('dddd')}");
const written = (lang) =>
  new Promise((done, failed) =>
    carbone.render(template, { fee: 1500000.5, day: "2026-12-05" }, { lang }, (error, letter) =>
      error ? failed(error) : done(String(letter)),
    ),
  );
(async () => console.log(JSON.stringify([await written("vi"), await written("vi-vn"), await written("de-de")])))();
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from mailmerge import MailMerge

folder = Path(sys.argv[1])
vi, vi_vn, de_de = json.loads(subprocess.check_output(["node", folder / "try.cjs"]))
letter = Document()
field = ' MERGEFIELD Fee \\# &quot;#.##0&quot; '
letter.add_paragraph()._p.append(
    parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>Fee</w:t></w:r></w:fldSimple>')
)
letter.save(folder / "letter.docx")
with MailMerge(folder / "letter.docx") as merged:
    merged.merge(Fee=1500000)
    merged.write(folder / "merged.docx")
paragraph = Document(folder / "merged.docx").paragraphs[-1]._p
fee = "".join(part.text or "" for part in paragraph.iter() if part.tag.endswith("}t"))
print("carbone 3.8.2, docx-mailmerge2 1.0.3")
print("guess: vi-vn as vi: 1.500.000,50, thứ bảy; 1.500.000")
print(f"seen:  carbone: vi: {vi} | vi-vn: {vi_vn} | de-de: {de_de}")
print(f"seen:  docx-mailmerge2: {fee}")
as_noted = (vi, vi_vn) == ("1.500.000,50, thứ bảy", "1,500,000.50, thứ bảy") and fee == "1500000.000"
sys.exit(0 if as_noted and de_de.startswith("1.500.000,50") else "the behaviour has changed")
PY
