#!/usr/bin/env bash
# A table of office hours and map sheets, read by the engine of csvkit.
#
# Guess: a reader that finds out the types of columns takes "08:00" for a time of day, or leaves it a text; "3-4" is a
#   text.
# Seen: agate 1.14.2 makes a column of 08:00 and 17:00 durations, of 8 and 17 minutes, and a column of map sheets 3-4
#   and 5-6 dates, 4 March and 6 May 2001. Nothing is said.
# Why it matters: opening hours that went through csvkit on their way say that the counter works for nine minutes, and
#   plots cannot be found by their sheet.
# What we do instead: cells are read as texts, and each field says which form it understands.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check agate==1.14.2
"$dir/env/bin/python" - <<'PY'
import io
import sys

import agate

table = agate.Table.from_csv(io.StringIO("mở,đóng,tờ\n08:00,17:00,3-4\n07:30,16:30,5-6\n"))
print("agate 1.14.2")
print("guess: times of day or texts; texts")
seen = {}
for column in table.columns:
    seen[column.name] = [str(value) for value in column.values()]
    print(f"seen:  {column.name}: {type(column.data_type).__name__}: {seen[column.name]}")
as_noted = seen == {
    "mở": ["0:08:00", "0:07:30"],
    "đóng": ["0:17:00", "0:16:30"],
    "tờ": ["2001-03-04", "2001-05-06"],
}
sys.exit(0 if as_noted else "the behaviour has changed")
PY
