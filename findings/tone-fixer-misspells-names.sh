#!/usr/bin/env bash
# A normaliser of tone marks that misspells names.
#
# Guess: vi-fix 1.0.0 moves tone marks to the classic place (hoà to hòa) and leaves correct syllables alone.
# Seen: it writes Quý as "Qúy", Thoại as "Thọai", Khuỷu as "Khủyu", quỵt as "qụyt", none of which is Vietnamese, and
#   leaves Hoà as it is. viet-text-tools 0.1.6 keeps all four.
# Why it matters: Quý is a common given name and stands on certificates; a spelling changed at intake makes the paper
#   void.
# What we do instead: vietnam/text.py folds tone marks for searching only; what people write is stored as written (in
#   NFC).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vi-fix==1.0.0 viet-text-tools==0.1.6
"$dir/env/bin/python" - <<'PY'
import sys

import vi_fix
from viet_text_tools import normalize_diacritics

words = ["Quý", "Thoại", "Khuỷu", "quỵt", "Hoà"]
fixed = {word: (vi_fix.fix(word), normalize_diacritics(word)) for word in words}
print("vi-fix 1.0.0, viet-text-tools 0.1.6")
print("guess: Quý, Thoại, Khuỷu and quỵt stay; Hoà becomes Hòa")
for word, (one, other) in fixed.items():
    print(f"seen:  {word}: vi-fix {one}, viet-text-tools {other}")
as_noted = [one for one, _ in fixed.values()] == ["Qúy", "Thọai", "Khủyu", "qụyt", "Hoà"] and [
    other for _, other in fixed.values()
] == ["Quý", "Thoại", "Khuỷu", "quỵt", "Hòa"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
