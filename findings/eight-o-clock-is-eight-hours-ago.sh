#!/usr/bin/env bash
# A day and an hour, as Vietnamese letters write them.
#
# Guess: dateparser 1.5.0 with languages=["vi"] reads "8 giờ ngày 15/12/2026" as eight o'clock on that day, or not at
#   all.
# Seen: it takes "8 giờ" for "eight hours ago" and drops the date: the answer is eight hours before now. "5 ngày nữa"
#   (in five days) is not understood, and "thứ hai" is the last Monday, not the next. "08:00 ngày 15/12/2026" is read
#   right.
# Why it matters: an appointment read from a letter would stand in the past, and a due date would be missed before it
#   is known.
# What we do instead: dates are typed into fields with one form each, which say what they understand.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check dateparser==1.5.0
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import datetime

import dateparser

NOW = datetime(2026, 11, 29, 9)  # a Sunday
texts = ("8 giờ ngày 15/12/2026", "08:00 ngày 15/12/2026", "5 ngày nữa", "thứ hai")
seen = {text: dateparser.parse(text, languages=["vi"], settings={"RELATIVE_BASE": NOW}) for text in texts}
print("dateparser 1.5.0; now is", NOW)
print("guess: 15/12 08:00, twice; 4/12; 30/11")
for text, moment in seen.items():
    print(f"seen:  {text}: {moment}")
as_noted = list(seen.values()) == [
    datetime(2026, 11, 29, 1), datetime(2026, 12, 15, 8), None, datetime(2026, 11, 23),
]  # fmt: skip
sys.exit(0 if as_noted else "the behaviour has changed")
PY
