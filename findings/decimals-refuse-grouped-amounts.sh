#!/usr/bin/env bash
# A column of fees described by CSV on the Web: a point between groups, a comma before decimals.
#
# Guess: with groupChar "." and decimalChar "," a pattern says how many digits there are, and 1.500.000,50 is read.
# Seen: csvw 4.1.1 reads it without a pattern; with one it refuses every number that has a group, with decimals
#   (#,##0.00) or without (#,##0), and takes 500,50. The same pattern with the marks of English reads 1,500,000.50. And
#   a time of 08:30 (type time) is a moment of today, a date is a midnight.
# Why it matters: fees, areas and opening hours of open data are described by such patterns.
# What we do instead: amounts and times of files are read by functions of our own that know both marks.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check csvw==4.1.1
cat >"$dir/try.py" <<'PY'
from datetime import datetime
from decimal import Decimal

from csvw.metadata import Datatype

MARKS = {"groupChar": ".", "decimalChar": ","}


def read(base, format, text):
    try:
        return Datatype.fromvalue({"base": base, "format": format}).parse(text)
    except ValueError:
        return "refused"


seen = {
    "1.500.000,50 without a pattern": read("decimal", MARKS, "1.500.000,50"),
    "1.500.000,50 by #,##0.00": read("decimal", {**MARKS, "pattern": "#,##0.00"}, "1.500.000,50"),
    "26.000,00 by #,##0.00": read("decimal", {**MARKS, "pattern": "#,##0.00"}, "26.000,00"),
    "500,50 by #,##0.00": read("decimal", {**MARKS, "pattern": "#,##0.00"}, "500,50"),
    "1,500,000.50 by #,##0.00": read("decimal", "#,##0.00", "1,500,000.50"),
    "1.500.000 by #,##0": read("integer", {**MARKS, "pattern": "#,##0"}, "1.500.000"),
}
time, day = read("time", "HH:mm", "08:30"), read("date", "dd/MM/yyyy", "05/12/2025")
print("csvw 4.1.1")
print("guess: 1500000.50, 26000.00, 500.50, 1500000.50, 1500000; a time and a date")
for what, value in seen.items():
    print("seen: ", what, "->", value)
print("seen:  08:30 is a", type(time).__name__, "of today:", time.date() == datetime.now().date(), "and a day is a", type(day).__name__)
half = Decimal("1500000.50")
wanted = [half, "refused", "refused", Decimal("500.50"), half, "refused"]
if list(seen.values()) != wanted or type(time) is not datetime or type(day) is not datetime:
    raise SystemExit("the behaviour has changed")
PY
"$dir/venv/bin/python" "$dir/try.py"
