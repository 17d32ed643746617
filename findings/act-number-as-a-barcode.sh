#!/usr/bin/env bash
# The number of an act, 12/QĐ-UBND, as a Code 128 barcode.
#
# Guess: Code 128 has no Đ, and whoever draws one refuses, as python-barcode and reportlab do.
# Seen: bwip-js 4.11.4 draws a code, of the two bytes that Đ has in UTF-8, each as a letter of Latin-1. zxing-cpp 3.1.1
#   reads "12/QÄ", a control character and "-UBND" from it. Nothing is raised, and the text below the bars is right.
#   python-barcode 0.16.1 refuses. As a QR code the same writer and reader agree on Đ.
# Why it matters: the label looks right to everybody, and no search by scanner ever finds the act.
# What we do instead: dossier codes, which are ASCII, are the only texts set as bars; all else is a QR code
#   with UTF-8.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check zxing-cpp==3.1.1 pillow==13.0.0 python-barcode==0.16.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts bwip-js@4.11.4
cat >"$dir/draw.cjs" <<'JS'
const { writeFileSync } = require("node:fs");
const { toBuffer } = require("bwip-js");

(async () => {
  for (const bcid of ["code128", "qrcode"]) {
    const picture = await toBuffer({ bcid, text: "12/QĐ-UBND", scale: 4, padding: 10, backgroundcolor: "FFFFFF" });
    writeFileSync(`${__dirname}/${bcid}.png`, picture);
  }
})();
JS
node "$dir/draw.cjs"
"$dir/env/bin/python" - "$dir" <<'PY'
import sys

import barcode
import zxingcpp
from barcode.errors import IllegalCharacterError
from PIL import Image

seen = {kind: zxingcpp.read_barcodes(Image.open(f"{sys.argv[1]}/{kind}.png"))[0].text for kind in ("code128", "qrcode")}
try:
    python_barcode = barcode.get("code128", "12/QĐ-UBND").get_fullcode()
except IllegalCharacterError:
    python_barcode = "refused"
print("bwip-js 4.11.4 read by zxing-cpp 3.1.1; python-barcode 0.16.1")
print("guess: code128 refused, qrcode '12/QĐ-UBND'")
print(f"seen:  code128 {seen['code128']!r}, qrcode {seen['qrcode']!r}; python-barcode: {python_barcode}")
as_noted = seen == {"code128": "12/QÄ\x90-UBND", "qrcode": "12/QĐ-UBND"} and python_barcode == "refused"
sys.exit(0 if as_noted else "the behaviour has changed")
PY
