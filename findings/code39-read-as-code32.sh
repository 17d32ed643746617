#!/usr/bin/env bash
# A six-digit number in Code 39.
#
# Guess: a reader asked for any barcode reads 261129 as 261129.
# Seen: zxing-cpp 3.1.1 takes some six-digit Code 39 for Code 32, the Italian pharmacy code that shares its bars:
#   261129 is read as A073434185. Two of the thirty days of November 2026 are hit; most others are read as written,
#   which hides it in a test.
# Why it matters: numbers of dates and counters are six digits long; a batch of files lands under a code that does not
#   exist.
# What we do instead: separators and covers carry QR codes; a reader of Code 39 would be asked for Code39Std alone.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check zxing-cpp==3.1.1 numpy==2.4.6
"$dir/env/bin/python" - <<'PY'
import sys

import numpy
import zxingcpp

seen = {}
for number in range(261101, 261131):
    label = zxingcpp.create_barcode(str(number), zxingcpp.BarcodeFormat.Code39)
    picture = numpy.array(zxingcpp.write_barcode_to_image(label, scale=4, add_quiet_zones=True))
    found = zxingcpp.read_barcodes(picture)[0]
    if found.text != str(number):
        seen[number] = f"{found.text} ({found.format})"
print("zxing-cpp 3.1.1")
print("guess: the thirty numbers 261101 to 261130, as written")
print("seen:  others for", seen)
sys.exit(0 if seen.keys() == {261112, 261129} else "the behaviour has changed")
PY
