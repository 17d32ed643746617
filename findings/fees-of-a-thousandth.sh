#!/usr/bin/env bash
# A Vietnamese bank's CSV, whose points stand between thousands.
#
# Guess: a reader of statements takes 26.000 for twenty-six thousand đồng, asks how numbers are written, or refuses it.
# Seen: bankstatementparser 0.0.29 (PyPI) reads 26.000,00 rightly, but 26.000 as 26 and 120.500 as 120,5; a file with
#   1.500.000 in it is refused whole ("Unparseable amount"). A day of fees below a million is read without a word, each
#   amount a thousandth.
# Why it matters: no line matches what is owed, and a test file with one large amount looks as if the reader were careful.
# What we do instead: payments/statements/csv_file.py reads numbers as the mapping of that bank says they are written, and
#   refuses a part of a đồng.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check bankstatementparser==0.0.29
cd "$dir"
"$dir/env/bin/python" - <<'PY'
import sys
from decimal import Decimal
from pathlib import Path

from bankstatementparser import CsvStatementParser


def read(name, *amounts):
    lines = [f'30/11/2026,LE PHI HS000{place},"{amount}"' for place, amount in enumerate(amounts)]
    Path(name).write_text("\n".join(["Date,Description,Amount", *lines]) + "\n")
    try:
        return [Decimal(str(amount)) for amount in CsvStatementParser(name).parse()["amount"]]
    except Exception as error:
        return str(error)


small, large, whole = read("a.csv", "26.000", "120.500"), read("b.csv", "26.000", "1.500.000"), read("c.csv", "26.000,00")
print("bankstatementparser 0.0.29")
print("guess: 26000 and 120500, or refused")
print(f"seen:  {small}; with 1.500.000 among them: {large}; 26.000,00: {whole}")
as_noted = small == [26, Decimal("120.5")] and whole == [26_000] and "Unparseable amount" in large
sys.exit(0 if as_noted else "the behaviour has changed")
PY
