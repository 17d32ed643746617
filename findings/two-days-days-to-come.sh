#!/usr/bin/env bash
# What is left until a due date, in Vietnamese words.
#
# Guess: humanize 4.17.0 with its Vietnamese translation says "2 giờ nữa" of two hours to come, and writes 1500000 as
#   Vietnamese do.
# Seen: what is to come gets "ngày tới" (days to come) whatever its unit: "2 giờ ngày tới" (two hours days to come), "2
#   ngày ngày tới", "một tháng ngày tới". Numbers stay English: "1,500,000" and "1.5 tỷ", where the comma and the point
#   mean the reverse in Vietnamese. What is past is right: "2 giờ trước".
# Why it matters: the nearer a due date, the more its words mislead: two hours read as two days.
# What we do instead: what is left is worded by vietnam/working_time/explain.py, and numbers by vietnam/numbers.py.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check humanize==4.17.0
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import timedelta

import humanize

humanize.i18n.activate("vi_VN")
asked = {
    "2 hours to come": (humanize.naturaltime(-timedelta(hours=2)), "2 giờ nữa", "2 giờ ngày tới"),
    "2 days to come": (humanize.naturaltime(-timedelta(days=2)), "2 ngày nữa", "2 ngày ngày tới"),
    "2 hours ago": (humanize.naturaltime(timedelta(hours=2)), "2 giờ trước", "2 giờ trước"),
    "1500000": (humanize.intcomma(1500000), "1.500.000", "1,500,000"),
    "1500000000": (humanize.intword(1500000000), "1,5 tỷ", "1.5 tỷ"),
}
print("humanize 4.17.0, vi_VN")
for what, (seen, guess, _) in asked.items():
    print(f"{what}: guess {guess!r}, seen {seen!r}")
sys.exit(0 if all(seen == noted for seen, _, noted in asked.values()) else "the behaviour has changed")
PY
