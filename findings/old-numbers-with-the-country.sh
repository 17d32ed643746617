#!/usr/bin/env bash
# Mobile numbers as they were until 2018.
#
# Guess: vn-phone-number 0.1, made to bring numbers of eleven digits to today's ten, does so however a number is
#   written: 01681234567, 0168 123 4567 and +84 168 1234567 are all 0381234567.
# Seen: with the country's number it stays as it was: +841681234567 becomes 01681234567. validator 13.15.35 (npm)
#   refuses the old number in either form, and takes the new one.
# Why it matters: numbers of older records come in both forms; a message to an old one reaches nobody, and one person
#   has two numbers.
# What we do instead: one function reads every number (vietnam/phone.py): the country's number off first, then the
#   change of 2018; another number of eleven digits must be one of a place.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vn-phone-number==0.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts validator@13.15.35
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

from vn_numberphone import normalize

NOTED = {
    "01681234567": ("0381234567", False),
    "0168 123 4567": ("0381234567", False),
    "+841681234567": ("01681234567", False),
    "0381234567": ("0381234567", True),
}
script = 'const v = require("validator");'
script += 'console.log(JSON.stringify(JSON.parse(process.argv[1]).map((one) => v.isMobilePhone(one, "vi-VN"))))'
taken = json.loads(subprocess.check_output(["node", "-e", script, json.dumps(list(NOTED))], cwd=sys.argv[1]))
seen = {typed: (normalize(typed), valid) for typed, valid in zip(NOTED, taken, strict=True)}
print("vn-phone-number 0.1, validator 13.15.35")
print("guess: 0381234567 for each")
for typed, (now, valid) in seen.items():
    print(f"seen:  {typed}: vn-phone-number {now}, validator {'takes it' if valid else 'refuses it'}")
sys.exit(0 if seen == NOTED else "the behaviour has changed")
PY
