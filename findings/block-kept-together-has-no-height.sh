#!/usr/bin/env bash
# The height of a block of a paper that must not be torn apart.
#
# Guess: in reportlab wrap() says how high a block will be, a KeepTogether as high as its parts together.
# Seen: reportlab 5.1.0's KeepTogether says 16,777,215 points whatever it holds; its parts say their own heights once it
#   was split.
# Why it matters: "does it still fit on this page?" is answered no on an empty page: places to sign went alone onto a
#   second sheet.
# What we do instead: the block is split with a whole page's room and the heights of its parts are added
#   (papers/register.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check reportlab==5.1.0
"$dir/env/bin/python" - <<'PY'
import sys
from io import BytesIO

import reportlab
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Spacer

canvas = Canvas(BytesIO(), pagesize=(400, 800))
block = KeepTogether([Spacer(0, 20), Spacer(0, 30)])
_width, height = block.wrapOn(canvas, 400, 800)
parts = [part.wrapOn(canvas, 400, 800)[1] for part in block.splitOn(canvas, 400, 800)]
print(f"reportlab {reportlab.Version}")
print("guess: parts of 20 and 30 points kept together are 50 points high")
print(f"seen:  {height}; its parts {parts}")
sys.exit(0 if height > 800 and parts == [20, 30] else "the behaviour has changed")
PY
