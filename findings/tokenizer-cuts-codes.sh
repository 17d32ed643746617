#!/usr/bin/env bash
# A Vietnamese word segmenter on dossier codes and act numbers.
#
# Guess: pyvi 0.1.1 joins the syllables of words (hồ_sơ) and leaves numbers and codes alone.
# Seen: it puts spaces into them: "000.00.19.H05-261129-0001" becomes "000.00.19 . H05 - 261129 - 0001", a date "29 /
#   11 / 2026", and "118/2025/NĐ-CP" "118 / 2025 / NĐ - CP".
# Why it matters: text that went through a segmenter before indexing no longer holds any code that people search for.
# What we do instead: codes are parsed and indexed as fields of their own (vietnam/codes.py); search text is folded,
#   not segmented.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyvi==0.1.1
"$dir/env/bin/python" - <<'PY'
import sys

from pyvi import ViTokenizer

seen = {
    text: ViTokenizer.tokenize(text)
    for text in ("Hồ sơ 000.00.19.H05-261129-0001", "nộp ngày 29/11/2026", "Nghị định 118/2025/NĐ-CP")
}
print("pyvi 0.1.1")
print("guess: the code, the date and the number of the decree are one token each")
for before, after in seen.items():
    print(f"seen:  {before} -> {after}")
as_noted = list(seen.values()) == [
    "Hồ_sơ 000.00.19 . H05 - 261129 - 0001",
    "nộp ngày 29 / 11 / 2026",
    "Nghị_định 118 / 2025 / NĐ - CP",
]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
