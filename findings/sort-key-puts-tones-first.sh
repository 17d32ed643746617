#!/usr/bin/env bash
# A Vietnamese sort key that compares tones before letters.
#
# Guess: viet-text-tools 0.1.6's vietnamese_sort_key sorts as a register does: letters first, tones only between equal
#   letters.
# Seen: it compares one accented letter after the other, so that Tú follows Tuấn, and Lê Thị Ánh follows Lê Thị Anh
#   Tuyết. vn-collate 0.1.0 sorts as a register.
# Why it matters: a clerk who looks a name up in a sorted list looks in another place and finds nobody.
# What we do instead: vietnam/text.py makes the key (words by letters, then tones) and the database keeps it beside the
#   name.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check viet-text-tools==0.1.6 vn-collate==0.1.0
"$dir/env/bin/python" - <<'PY'
import sys

import vn_collate
from viet_text_tools import vietnamese_sort_key

names = ["Tuấn", "Tú", "Tùng", "Tu", "Lê Thị Anh Tuyết", "Lê Thị Ánh"]
register = vn_collate.sort(names)
tools = sorted(names, key=vietnamese_sort_key)
print("viet-text-tools 0.1.6, vn-collate 0.1.0")
print("guess: both", register)
print("seen:  viet-text-tools", tools)
as_noted = register.index("Tú") < register.index("Tuấn") and tools.index("Tuấn") < tools.index("Tú")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
