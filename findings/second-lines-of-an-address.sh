#!/usr/bin/env bash
# An address of two lines, put into a Word template.
#
# Guess: "Số 5 / ngõ 12" is set as two lines where its field stands.
# Seen: easy-template-x 7.2.8 puts the second line behind everything else of its run: "Số 5, lệ phí 50.000 đ" and below
#   it "ngõ 12". docx-templates 4.15.0 puts the line break into the text element, where none may stand: python-docx
#   1.2.0 reads no second line, mammoth 1.11.0 "Số 5ngõ 12". docxtemplater 3.71.0 with linebreaks sets both where they
#   belong.
# Why it matters: letters go to half an address, or the rest of it is read as part of what follows.
# What we do instead: papers are set from data by our own blocks (papers/blocks.py), which break lines of a text
#   themselves.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-docx==1.2.0 mammoth==1.11.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts easy-template-x@7.2.8 docx-templates@4.15.0 docxtemplater@3.71.0 pizzip@3.3.0
cat >"$dir/try.cjs" <<'JS'
const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { createReport } = require("docx-templates");
const Docxtemplater = require("docxtemplater");
const { TemplateHandler } = require("easy-template-x");
const PizZip = require("pizzip");

const file = (name) => path.join(__dirname, name);
const template = readFileSync(file("template.docx"));
const data = { address: "Số 5\nngõ 12" };
(async () => {
  writeFileSync(file("easy-template-x.docx"), await new TemplateHandler().process(template, data));
  writeFileSync(file("docx-templates.docx"), await createReport({ template, data, cmdDelimiter: ["{", "}"] }));
  const filled = new Docxtemplater(new PizZip(template), { linebreaks: true });
  filled.render(data);
  writeFileSync(file("docxtemplater.docx"), filled.toBuffer());
})();
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
from pathlib import Path

import mammoth
from docx import Document

folder = Path(sys.argv[1])
letter = Document()
letter.add_paragraph("{address}, lệ phí 50.000 đ")
letter.save(folder / "template.docx")
subprocess.run(["node", folder / "try.cjs"], check=True)
print("easy-template-x 7.2.8, docx-templates 4.15.0, docxtemplater 3.71.0; read by python-docx 1.2.0, mammoth 1.11.0")
print("guess: 'Số 5\\nngõ 12, lệ phí 50.000 đ'")
seen = {}
for name in ("docxtemplater", "easy-template-x", "docx-templates"):
    path = folder / f"{name}.docx"
    with path.open("rb") as opened:
        html = mammoth.convert_to_html(opened).value
    seen[name] = (Document(str(path)).paragraphs[0].text, html)
    print(f"seen:  {name}: {seen[name]}")
noted = {
    "docxtemplater": ("Số 5\nngõ 12, lệ phí 50.000 đ", "<p>Số 5<br />ngõ 12, lệ phí 50.000 đ</p>"),
    "easy-template-x": ("Số 5, lệ phí 50.000 đ\nngõ 12", "<p>Số 5, lệ phí 50.000 đ<br />ngõ 12</p>"),
    "docx-templates": ("Số 5, lệ phí 50.000 đ", "<p>Số 5ngõ 12, lệ phí 50.000 đ</p>"),
}
sys.exit(0 if seen == noted else "the behaviour has changed")
PY
