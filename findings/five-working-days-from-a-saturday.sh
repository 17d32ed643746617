#!/usr/bin/env bash
# Five working days counted from a Saturday.
#
# Guess: libraries agree: Saturday 28 November 2026 and five working days give one date.
# Seen: pandas 3.1.1 and workalendar 17.0.0 count from Saturday itself to Friday 4 December; numpy 2.4.6 must be told
#   where to roll and with roll="forward" counts from Monday to Monday 7 December.
# Why it matters: a dossier filed online on a Saturday is due on one of two days, and one of them is late by law.
# What we do instead: the law's own rule in vietnam/working_time, which explains each day that it counts.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pandas==3.1.1 workalendar==17.0.0 numpy==2.4.6
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import date

import numpy
import pandas
from workalendar.core import WesternCalendar

SATURDAY = date(2026, 11, 28)
seen = {
    "pandas": (pandas.Timestamp(SATURDAY) + pandas.offsets.BusinessDay(5)).date(),
    "workalendar": WesternCalendar().add_working_days(SATURDAY, 5),
    "numpy": numpy.busday_offset(SATURDAY, 5, roll="forward").astype(date),
}
print("pandas 3.1.1, workalendar 17.0.0, numpy 2.4.6")
print("guess: three times the same")
print("seen: ", ", ".join(f"{name} {day:%A %d/%m}" for name, day in seen.items()))
sys.exit(0 if [day.day for day in seen.values()] == [4, 4, 7] else "the behaviour has changed")
PY
