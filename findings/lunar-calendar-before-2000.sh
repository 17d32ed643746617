#!/usr/bin/env bash
# A lunar calendar package that states 1900 to 2100.
#
# Guess: vi-lunaire 2026.4.11 states 1900 to 2100, so Tết of any year in between falls between 20 January and 21
#   February.
# Seen: up to 2000 it is one to three months off and says nothing: Tết of 1990 comes out as 25 April (it was 27
#   January). From 2001 on it agrees with lunar-vn 1.4.0.
# Why it matters: old papers and headstones give lunar dates of birth and death of people who are alive or whose heirs
#   file today.
# What we do instead: holidays are a dated table of ours (vietnam/holidays.py); lunar dates of people are kept as
#   written, never converted.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vi-lunaire==2026.4.11 lunar-vn==1.4.0
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import date, timedelta

import lunar_vn
import vi_lunaire


def new_year(year):
    """The solar day that lunar-vn calls the first of the first month."""
    day = date(year, 1, 15)
    while (lunar := lunar_vn.solar_to_lunar(day)).day != 1 or lunar.month != 1:
        day += timedelta(1)
    return day


print("vi-lunaire 2026.4.11, lunar-vn 1.4.0")
print("guess: both name the same day")
differ = []
for year in range(1960, 2041):
    here, there = vi_lunaire.lunar_to_solar(year, 1, 1), new_year(year)
    if here != there:
        differ.append(year)
    if year in (1968, 1990, 2000, 2001, 2026):
        print(f"seen:  Tết {year}: vi-lunaire {here}, lunar-vn {there}")
print("seen:  they differ in every year up to", max(differ))
as_noted = differ == list(range(1960, 2001)) and vi_lunaire.lunar_to_solar(1990, 1, 1) == date(1990, 4, 25)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
