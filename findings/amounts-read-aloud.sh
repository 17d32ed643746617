#!/usr/bin/env bash
# Amounts, dates and codes made ready to be read aloud.
#
# Guess: libraries that write Vietnamese text out for speech read 500.000 đồng as five hundred thousand, a date as one
#   date and a dossier's code without reckoning.
# Seen: vinormx 1.0.8 says "năm trăm phẩy không không không đồng" (five hundred point nought) and "một phẩy năm không
#   không .000đ" for 1.500.000đ. vietnormalizer 0.2.3 reads amounts, but doubles the word of a date (ngày ngày) and says
#   H29.26-1128-0001 as a range, "một nghìn một trăm hai mươi tám đến một": from 1128 to 1.
# Why it matters: a call that reminds of a fee, or a board that calls numbers, tells people another sum or number.
# What we do instead: nothing is read aloud by us; amounts in words come from vietnam/money.py, for whole đồng only.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vinormx==1.0.8 PyYAML==6.0.4 vietnormalizer==0.2.3
"$dir/env/bin/python" - <<'PY'
import sys

import vinormx
from vietnormalizer import VietnameseNormalizer

other = VietnameseNormalizer()
noted = {
    "500.000 đồng": ("năm trăm phẩy không không không đồng", "năm trăm nghìn đồng"),
    "1.500.000đ": ("một phẩy năm không không .000đ", "một triệu năm trăm nghìn đồng"),
    "ngày 05/12/2026": (
        "ngày năm tháng mười hai năm hai nghìn không trăm hai mươi sáu",
        "ngày ngày năm tháng mười hai năm hai nghìn không trăm hai mươi sáu",
    ),
    "H29.26-1128-0001": (
        "h29 .hai mươi sáu trừ một nghìn một trăm hai mươi tám trừ một",
        "hát hai mươi chín.hai mươi sáu-một nghìn một trăm hai mươi tám đến một",
    ),
}
print("vinormx 1.0.8, vietnormalizer 0.2.3")
print("guess: năm trăm nghìn đồng; một triệu năm trăm nghìn đồng; one date; the code's signs one by one")
seen = {text: (vinormx.TTSnorm(text), other.normalize(text)) for text in noted}
for text, (one, two) in seen.items():
    print(f"seen:  {text}: {one} | {two}")
sys.exit(0 if seen == noted else "the behaviour has changed")
PY
