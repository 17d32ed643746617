#!/usr/bin/env bash
# A fee table in Excel, computed on a server: amounts that stand as text, taken as numbers by VALUE.
#
# Guess: VALUE("1,500,000") is 1500000, as Excel with English marks has it, or an error.
# Seen: formulas 1.3.4 looks for a date in what is no plain number: 1,500,000 and 500,000 are 182623 (a day of the year
#   2400), 100,000 is 36526 (the first of January 2000), 8,000 is the last day of July this year, so that the
#   number changes with the year. 26,000 and 12,000,000 are errors.
# Why it matters: a fee of 500,000 đồng becomes one of 182,623, and nothing says so.
# What we do instead: no formula of a workbook is computed; a cell without its value is named, and amounts are read by
#   one function that knows both marks.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check \
  formulas==1.3.4 schedula==1.6.15 numpy==1.26.4 scipy==1.17.1 python-dateutil==2.9.0.post0 openpyxl==3.1.5
cat >"$dir/try.py" <<'PY'
from datetime import date

import formulas

parser = formulas.Parser()


def computed(formula):
    found = parser.ast(formula)[1].compile()()
    try:
        return int(float(str(found).strip("[]' ")))
    except ValueError:
        return str(found).strip("[]' ")


amounts = ["1,500,000", "500,000", "100,000", "8,000", "26,000", "12,000,000"]
seen = {amount: computed(f'=VALUE("{amount}")') for amount in amounts}
print("formulas 1.3.4")
print("guess:", {amount: int(amount.replace(",", "")) for amount in amounts})
print("seen: ", seen)
july = (date(date.today().year, 7, 31) - date(1899, 12, 30)).days
wrong = seen.pop("8,000")
expected = {"1,500,000": 182623, "500,000": 182623, "100,000": 36526, "26,000": "#VALUE!", "12,000,000": "#VALUE!"}
if seen != expected or wrong != july:
    raise SystemExit("the behaviour has changed")
PY
"$dir/venv/bin/python" -W ignore "$dir/try.py"
