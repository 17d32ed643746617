#!/usr/bin/env bash
# An invitation that names Vietnam's zone as Outlook does.
#
# Guess: "SE Asia Standard Time", the name that Windows gives to Vietnam's zone, is read as UTC+7, or refused.
# Seen: ics 0.7.3 reads 08:00 in it as 08:00 UTC, seven hours late, without a word; it knows IANA names only. icalendar
#   7.3.2 reads it right. An all-day event that ics makes from midnight in Vietnam (aware) is written on the day
#   before.
# Why it matters: appointments that officers send from Outlook would stand in the afternoon, and holidays on the day
#   before.
# What we do instead: no calendar files are read; if they are, with icalendar, and a zone that is not known is an
#   error.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check ics==0.7.3 icalendar==7.3.2
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import ics

TEXT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//made here//
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
SUMMARY:Họp
DTSTART;TZID=SE Asia Standard Time:20261130T080000
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
one = str(next(iter(ics.Calendar(TEXT).events)).begin)
other = icalendar.Calendar.from_ical(TEXT).walk("VEVENT")[0]["DTSTART"].dt.isoformat()
day = ics.Event(name="Tết Dương lịch", begin=datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
day.make_all_day()
made = next(line for line in ics.Calendar(events=[day]).serialize().splitlines() if line.startswith("DTSTART"))
print("ics 0.7.3, icalendar 7.3.2")
print("guess: 2026-11-30T08:00:00+07:00 twice; DTSTART;VALUE=DATE:20270101")
print(f"seen:  ics {one}, icalendar {other}; all day: {made}")
as_noted = (one, other, made) == (
    "2026-11-30T08:00:00+00:00", "2026-11-30T08:00:00+07:00", "DTSTART;VALUE=DATE:20261231",
)  # fmt: skip
sys.exit(0 if as_noted else "the behaviour has changed")
PY
