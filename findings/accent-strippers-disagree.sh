#!/usr/bin/env bash
# Five functions that take accents off.
#
# Guess: each of them turns "Đặng Thị Ươm" into "Dang Thi Uom", typed on any keyboard.
# Seen: vistring 0.2.0 leaves Đ and Ư; vn-text 0.1.0 leaves đ (a function of its own, strip_stroke, takes it); pyvi
#   0.1.1 returns bytes; vi-fix 1.0.0 and vistring leave every accent of decomposed text, as some keyboards send it.
#   text-utils-vn 0.1.0 alone answers as guessed.
# Why it matters: two systems that match people by their name without accents miss each other, by the keyboard used.
# What we do instead: one function (vietnam/text.py: without_accents), which decomposes first, tested on both forms and
#   both cases.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vistring==0.2.0 vn-text==0.1.0 pyvi==0.1.1 vi-fix==1.0.0 text-utils-vn==0.1.0
"$dir/env/bin/python" - <<'PY'
import sys
import unicodedata

import text_utils_vn
import vi_fix
import vistring
import vn_text
from pyvi import ViUtils

functions = {
    "vistring": vistring.remove_tones,
    "vn-text": vn_text.deaccent,
    "pyvi": ViUtils.remove_accents,
    "vi-fix": vi_fix.nosign,
    "text-utils-vn": text_utils_vn.remove_accents,
}
NAME = "Đặng Thị Ươm"
seen = {name: (take(NAME), take(unicodedata.normalize("NFD", NAME))) for name, take in functions.items()}
print("vistring 0.2.0, vn-text 0.1.0, pyvi 0.1.1, vi-fix 1.0.0, text-utils-vn 0.1.0")
print("guess: Dang Thi Uom, twice each")
for name, (composed, decomposed) in seen.items():
    same = "all accents kept" if decomposed == unicodedata.normalize("NFD", NAME) else repr(decomposed)
    print(f"seen:  {name}: composed {composed!r}, decomposed {same}")
decomposed = unicodedata.normalize("NFD", NAME)
as_noted = (
    seen["vistring"][0] == "Đang Thi Ưom"
    and seen["vn-text"][0] == "Đang Thi Uom"
    and seen["pyvi"][0] == b"Dang Thi Uom"
    and seen["vi-fix"][0] == "Dang Thi Uom"
    and "ặ" in unicodedata.normalize("NFC", seen["vi-fix"][1])
    and "ặ" in unicodedata.normalize("NFC", seen["vistring"][1])
    and seen["text-utils-vn"] == ("Dang Thi Uom",) * 2
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
