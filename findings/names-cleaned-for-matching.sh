#!/usr/bin/env bash
# Names made ready for finding the same person in two lists.
#
# Guess: recordlinkage 0.16 cleans names of signs and blanks and keeps their letters, so that two names are equal when
#   they are the same.
# Seen: what is not A to Z is taken out with the signs: "Nguyễn Văn An" becomes "nguyn vn an", and Lê Đức Ý and Lỗ Cư Ý
#   are both "l c". With strip_accents="unicode" the other letters come back, but Đặng is "ang".
# Why it matters: two lists of citizens are joined by what is left of their names; strangers become one person.
# What we do instead: people are told apart by the numbers of their papers (accounts/people.py), never by a name; where
#   names are compared, both are folded letter by letter (vietnam/text.py: fold), đ to d.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check recordlinkage==0.16 pandas==2.3.3
"$dir/env/bin/python" - <<'PY'
import sys

import pandas
from recordlinkage.preprocessing import clean

names = pandas.Series(["Nguyễn Văn An", "Lê Đức Ý", "Lỗ Cư Ý", "Đặng Thị Ươm"])
seen = {"as it comes": list(clean(names)), 'strip_accents="unicode"': list(clean(names, strip_accents="unicode"))}
print("recordlinkage 0.16")
print("guess: nguyễn văn an, lê đức ý, lỗ cư ý, đặng thị ươm; or the same without accents")
for how, cleaned in seen.items():
    print(f"seen:  {how}: {cleaned}")
noted = [
    ["nguyn vn an", "l c", "l c", "ng th m"],
    ["nguyen van an", "le uc y", "lo cu y", "ang thi uom"],
]
sys.exit(0 if list(seen.values()) == noted else "the behaviour has changed")
PY
