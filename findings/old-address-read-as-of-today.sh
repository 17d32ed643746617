#!/usr/bin/env bash
# An address with a district, parsed as one of today.
#
# Guess: parse_address of vietnamadminunits 1.0.4, in its default mode for today's units, finds the commune or finds
#   nothing.
# Seen: with an old address it takes the district's name for a commune and the commune for a street: "Xã Tam Giang,
#   huyện Yên Phong" becomes Xã Yên Phong, a commune that exists, with the official code of another place than Xã Tam
#   Giang, which exists too. In the mode LEGACY the same text gives Tam Giang.
# Why it matters: the dossier goes to the neighbouring commune, and its address looks plausible to everybody.
# What we do instead: procedures/questionnaire/addresses.py parses as a former address first, and accepts one of today
#   only when the commune's whole name stands in the text.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vietnamadminunits==1.0.4
"$dir/env/bin/python" - <<'PY'
import sys

from vietnamadminunits import parse_address

TEXT = "Xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh"
today, former = parse_address(TEXT), parse_address(TEXT, mode="LEGACY")
print("vietnamadminunits 1.0.4")
print("guess: Xã Tam Giang, or nothing")
print(f"seen:  default mode: {today.ward} ({today.ward_code}), street {today.street!r}")
print(f"seen:  mode LEGACY:  {former.ward} ({former.ward_code}), street {former.street!r}")
as_noted = (today.ward, today.street, former.ward) == ("Xã Yên Phong", "Xã Tam Giang", "Xã Tam Giang")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
