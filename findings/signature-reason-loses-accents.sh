#!/usr/bin/env bash
# The reason and the place of a PDF signature.
#
# Guess: text given to a placeholder (reason, name, place) is text that a PDF reader shows.
# Seen: @signpdf/placeholder-plain 3.3.0 (npm) encodes it twice and placeholder-pdf-lib 3.3.0 drops the high bytes:
#   pikepdf 10.17.0 reads "Đã ký" as neither.
# Why it matters: signature panels show gibberish beside a leader's name, and people take the paper for a forgery.
# What we do instead: we sign with pyHanko, give no reason, and a test reads the signer's accented name back.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pikepdf==10.17.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @signpdf/placeholder-plain@3.3.0 @signpdf/placeholder-pdf-lib@3.3.0 @signpdf/utils@3.3.0 pdf-lib@1.17.1
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
from pathlib import Path

import pikepdf

folder = Path(sys.argv[1])
(folder / "try.mjs").write_text("""
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { plainAddPlaceholder } = require("@signpdf/placeholder-plain");
const { pdflibAddPlaceholder } = require("@signpdf/placeholder-pdf-lib");
const { PDFDocument } = require("pdf-lib");
const text = { reason: "Đã ký", contactInfo: "-", name: "Nguyễn Văn An", location: "Bắc Ninh" };
const document = await PDFDocument.create();
document.addPage();
const page = Buffer.from(await document.save({ useObjectStreams: false }));
writeFileSync(process.argv[2] + "/plain.pdf", plainAddPlaceholder({ pdfBuffer: page, ...text }));
pdflibAddPlaceholder({ pdfDoc: document, ...text });
writeFileSync(process.argv[2] + "/pdf-lib.pdf", await document.save({ useObjectStreams: false }));
""")
subprocess.run(["node", folder / "try.mjs", folder], check=True)
seen = {}
for name in ("plain", "pdf-lib"):
    with pikepdf.open(folder / f"{name}.pdf") as document:
        signature = next(o for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Reason" in o)
        seen[name] = str(signature.Reason), str(signature.Location)
print("@signpdf/placeholder-plain 3.3.0, @signpdf/placeholder-pdf-lib 3.3.0")
print("guess: Đã ký, Bắc Ninh")
for name, texts in seen.items():
    print(f"seen:  placeholder-{name}: {ascii(texts)}")
sys.exit(0 if all(texts[0] != "Đã ký" for texts in seen.values()) else "the behaviour has changed")
PY
