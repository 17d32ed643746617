#!/usr/bin/env bash
# Vietnam's days off in 2026.
#
# Guess: a package of public holidays has the days that were exchanged for a Saturday: in 2026, Friday 2 January
#   (worked on Saturday 10 January).
# Seen: holidays 0.109 has neither the day off nor the working Saturday of January 2026, while it lists exchanged days
#   of other years.
# Why it matters: a working day that is none ends every period of that week a day too early.
# What we do instead: the package only seeds our dated table (vietnam/holidays.py), each day with its document, and the
#   province's administrator decides.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check holidays==0.109
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import date

import holidays

vietnam = holidays.Vietnam(years=[2024, 2025, 2026])
off, worked = date(2026, 1, 2), date(2026, 1, 10)
exchanged = [day for day, name in sorted(vietnam.items()) if "off" in name.lower()]
print("holidays 0.109")
print("guess: 2 January 2026 is off, 10 January 2026 is worked")
print(f"seen:  2 January off: {off in vietnam}; 10 January worked: {vietnam.is_working_day(worked)}")
print("seen:  exchanged days that it knows:", ", ".join(map(str, exchanged)) or "none")
as_noted = off not in vietnam and not vietnam.is_working_day(worked) and bool(exchanged)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
