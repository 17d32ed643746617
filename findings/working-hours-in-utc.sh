#!/usr/bin/env bash
# Working hours of an office, in aware datetimes.
#
# Guess: rules of 08:00 to 17:00 meet an aware datetime in its own zone: a day in Vietnam has nine hours.
# Seen: businesstimedelta 1.0.1 converts to UTC first and has UTC in its rules unless they get a tz of their own: from
#   08:00 to 17:00 (+07:00) it counts two hours, and four working hours after 08:00 in Vietnam it answers 12:00 UTC, in
#   the evening.
# Why it matters: officers' time is counted by the wrong hours of the day, and due dates fall into the night.
# What we do instead: vietnam/working_time counts in the office's zone and refuses datetimes without one.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check businesstimedelta==1.0.1
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import datetime, time
from zoneinfo import ZoneInfo

from businesstimedelta import BusinessTimeDelta, Rules, WorkDayRule

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
rules = Rules([WorkDayRule(start_time=time(8), end_time=time(17), working_days=[0, 1, 2, 3, 4])])
opens, closes = datetime(2026, 11, 30, 8, tzinfo=VIETNAM), datetime(2026, 11, 30, 17, tzinfo=VIETNAM)
day, later = rules.difference(opens, closes), opens + BusinessTimeDelta(rules, hours=4)
print("businesstimedelta 1.0.1")
print("guess: 9 hours; 2026-11-30 12:00:00+07:00")
print(f"seen:  {day.hours} hours; {later}")
as_noted = (day.hours, str(later)) == (2, "2026-11-30 12:00:00+00:00")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
