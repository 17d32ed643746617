#!/usr/bin/env bash
# A QR code of a short reference.
#
# Guess: segno.make gives a QR code, and with eci=True one that states its encoding.
# Seen: segno 1.6.6 makes a Micro QR of what is short enough; the cameras of phones read QR codes only. With eci=True
#   it still makes a Micro QR, which cannot hold the statement: zxing-cpp 3.1.1 reads "Số 5" back as "I-7KN:KD5WT*".
# Why it matters: a slip's short number would not open on the citizen's phone, or open as something else.
# What we do instead: every code is made with micro=False (papers/blocks.py and the pages), and tests read it back.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check segno==1.6.6 zxing-cpp==3.1.1 pillow==13.0.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import segno
import zxingcpp
from PIL import Image


def made(text, **options):
    """Give the designator of the symbol and what is read from it."""
    symbol, picture = segno.make(text, **options), io.BytesIO()
    symbol.save(picture, kind="png", scale=8)
    return symbol.designator, zxingcpp.read_barcodes(Image.open(picture).convert("L"))[0].text


seen = {
    "HS-0001": made("HS-0001"),
    "Số 5": made("Số 5"),
    "Số 5, eci": made("Số 5", encoding="utf-8", eci=True),
    "Số 5, micro=False, eci": made("Số 5", encoding="utf-8", eci=True, micro=False),
}
print("segno 1.6.6, zxing-cpp 3.1.1")
print("guess: QR codes, read as written")
for name, (designator, text) in seen.items():
    print(f"seen:  {name}: {'Micro ' if designator.startswith('M') else ''}QR {designator}, read {text!r}")
as_noted = (
    all(seen[name][0].startswith("M") for name in ("HS-0001", "Số 5", "Số 5, eci"))
    and seen["Số 5"][1] == seen["Số 5, micro=False, eci"][1] == "Số 5"
    and seen["Số 5, eci"][1] != "Số 5"
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
