#!/usr/bin/env bash
# Amounts in words, read back into numbers.
#
# Guess: what reads "một triệu hai trăm năm mươi nghìn" reads "một triệu rưỡi" (one and a half million) and "nửa triệu"
#   (half a million), or refuses them.
# Seen: vn-numberwords 0.2.0 gives 1000000 and 0: the words that it does not know are dropped. vietnam-number 1.0.6
#   gives 1500000, and for half a million 1000000.
# Why it matters: a price declared in a sale or an inheritance is said so; a fee of a share of it is computed from two
#   thirds or the double.
# What we do instead: no amount is read from words; an amount in figures is asked for, and its words are written by
#   ourselves (vietnam/money.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vn-numberwords==0.2.0 vietnam-number==1.0.6
"$dir/env/bin/python" - <<'PY'
import sys

from vietnam_number import w2n
from vn_numberwords import words_to_number

asked = {
    "một triệu hai trăm năm mươi nghìn": (1250000, 1250000, 1250000),
    "một triệu rưỡi": (1500000, 1000000, 1500000),
    "nửa triệu": (500000, 0, 1000000),
}
print("vn-numberwords 0.2.0, vietnam-number 1.0.6")
as_noted = True
for words, (guess, one, other) in asked.items():
    seen = words_to_number(words), w2n(words)
    print(f"{words}\n  guess: {guess}\n  seen:  {seen[0]}, {seen[1]}")
    as_noted &= seen == (one, other)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
