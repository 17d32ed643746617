#!/usr/bin/env bash
# Two Python packages that spell Vietnamese amounts.
#
# Guess: packages that read a number aloud in Vietnamese differ in taste only (lẻ or linh, nghìn or ngàn), never in the
#   amount.
# Seen: num2words 0.5.14 reads 10^15 as "một trăm nghìn tỷ", which is 10^14, and so on upwards. vietnam-number 1.0.6
#   drops the minus sign and the decimal point: -5000 reads like 5000, and 12500.5 like 125005. Nothing is raised.
# Why it matters: a fee receipt states its sum in figures and in words, and nobody can tell which of two is meant.
# What we do instead: one function of our own for whole đồng (vietnam/money.py), bounded, with a table of cases; it
#   refuses the rest.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check num2words==0.5.14 vietnam-number==1.0.6
"$dir/env/bin/python" - <<'PY'
import sys

from num2words import num2words
from vietnam_number import n2w

seen = {
    "num2words 10^14": num2words(10**14, lang="vi"),
    "num2words 10^15": num2words(10**15, lang="vi"),
    "vietnam-number 5000": n2w("5000"),
    "vietnam-number -5000": n2w("-5000"),
    "vietnam-number 125005": n2w("125005"),
    "vietnam-number 12500.5": n2w("12500.5"),
}
print("num2words 0.5.14, vietnam-number 1.0.6")
print("guess: six amounts read in six ways")
for name, words in seen.items():
    print(f"seen:  {name}: {words}")
as_noted = (
    seen["num2words 10^15"] == seen["num2words 10^14"] == "một trăm nghìn tỷ"
    and seen["vietnam-number -5000"] == seen["vietnam-number 5000"] == "năm nghìn"
    and seen["vietnam-number 12500.5"] == seen["vietnam-number 125005"]
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
