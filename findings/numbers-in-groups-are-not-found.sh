#!/usr/bin/env bash
# Personal numbers in a text from which they are to be taken out.
#
# Guess: vipii 0.2.1, made for Vietnamese personal data, finds the number of an identity card as people write it: in one
#   piece or in groups, as it finds telephones.
# Seen: 001090001234 is found, "001 090 001 234", "001.090.001.234" and "001-090-001-234" are not; 0912 345 678 and
#   0912.345.678 are.
# Why it matters: what is handed on as free of personal data has the numbers of all who typed blanks.
# What we do instead: logs and error reports are cleaned of both forms, with blanks, points and dashes
#   (vietnam/scrubbing.py), and records hold numbers in fields of their own, in one form.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vipii==0.2.1
"$dir/env/bin/python" - <<'PY'
import sys

from vipii import PIIDetector

detector = PIIDetector()
noted = {
    "CCCD số 001090001234": True,
    "CCCD số 001 090 001 234": False,
    "CCCD số 001.090.001.234": False,
    "CCCD số 001-090-001-234": False,
    "Điện thoại 0912345678": True,
    "Điện thoại 0912 345 678": True,
    "Điện thoại 0912.345.678": True,
}
print("vipii 0.2.1")
print("guess: each is found")
seen = {text: bool(detector.detect(text)) for text in noted}
for text, found in seen.items():
    print(f"seen:  {text}: {'found' if found else 'not found'}")
sys.exit(0 if seen == noted else "the behaviour has changed")
PY
