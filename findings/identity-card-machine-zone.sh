#!/usr/bin/env bash
# The machine-readable lines of a Vietnamese identity card.
#
# Guess: the document number that an ICAO 9303 parser returns is the number of the card: twelve digits.
# Seen: the format's document number has nine places, so the card puts the last nine digits there and all twelve, with
#   a check digit of their own, into the optional data. mrz 5.0.2 (npm) and mrz 0.6.2 (Python) give the nine digits as
#   document number and the twelve glued to fillers and check digit.
# Why it matters: nine digits also look like an old identity card's number: a person would be looked up under somebody
#   else's.
# What we do instead: a personal number is read from the card's QR code or typed, checked by vietnam/identity.py; nine
#   digits are never taken for twelve.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check mrz==0.6.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts mrz@5.0.2
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

from mrz.checker.td1 import TD1CodeChecker

folder = Path(sys.argv[1])


def check(text):
    """Give ICAO 9303's check digit (weights 7, 3, 1)."""
    value = lambda c: 0 if c == "<" else int(c, 36)
    return str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


NUMBER = "027204001234"  # made up
short = NUMBER[3:]
first = f"IDVNM{short}{check(short)}{NUMBER}<<{check(NUMBER)}"
second = f"040506{check('040506')}F290506{check('290506')}VNM{'<' * 11}"
second += check(first[5:] + second[:7] + second[8:15] + second[18:])
lines = [first, second, "NGUYEN<<THI<THUY".ljust(30, "<")]

python = TD1CodeChecker("\n".join(lines), check_expiry=False)
script = "import { parse } from 'mrz'; console.log(JSON.stringify(parse(JSON.parse(process.argv[2]))))"
(folder / "try.mjs").write_text(script)
npm = json.loads(subprocess.check_output(["node", folder / "try.mjs", json.dumps(lines)]))
fields = python.fields()
print("mrz 0.6.2 (Python), mrz 5.0.2 (npm)")
print("guess: document number", NUMBER)
print("seen:  Python:", bool(python), fields.document_number, repr(fields.optional_data))
print("seen:  npm:   ", npm["valid"], npm["fields"]["documentNumber"], repr(npm["fields"]["optional1"]))
as_noted = (
    (bool(python), fields.document_number, fields.optional_data) == (True, short, "027204001234<<9")
    and (npm["valid"], npm["fields"]["documentNumber"], npm["fields"]["optional1"]) == (True, short, "027204001234  9")
)  # fmt: skip
sys.exit(0 if as_noted else "the behaviour has changed")
PY
