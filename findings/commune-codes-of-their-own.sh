#!/usr/bin/env bash
# The ward codes of two packages.
#
# Guess: ward_code and province_code are the statistical office's codes, which every state register uses.
# Seen: vietnam-address-converter 1.0.5 answers with numbers of its own: for Xã Yên Trung of Yên Phong, Bắc Ninh,
#   ward_code 919573 and province_code 21. vietnamadminunits 1.0.4 gives the official 09205 and 24. Both look like
#   codes.
# Why it matters: a code stored from one package joins with nothing in the state's registers, or with another place.
# What we do instead: territories are loaded once with the official codes (Decision 19/2025/QĐ-TTg,
#   agencies/province.py) and have a first day.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vietnam-address-converter==1.0.5 vietnamadminunits==1.0.4
"$dir/env/bin/python" - <<'PY'
import sys

from vietnam_address_converter import convert_address_text
from vietnamadminunits import convert_address

ADDRESS = "Xã Yên Trung, huyện Yên Phong, tỉnh Bắc Ninh"
one = convert_address_text(ADDRESS)["parsed"]
other = convert_address(ADDRESS)
print("vietnam-address-converter 1.0.5, vietnamadminunits 1.0.4")
print("guess: the same codes")
print("seen:  vietnam-address-converter: ward", one["ward_code"], "province", one["province_code"])
print("seen:  vietnamadminunits: ward", other.ward_code, "province", other.province_code)
as_noted = (one["ward_code"], one["province_code"], other.ward_code, other.province_code) == (
    "919573", "21", "09205", "24",
)  # fmt: skip
sys.exit(0 if as_noted else "the behaviour has changed")
PY
