#!/usr/bin/env bash
# Five readers of dates, asked for a day of birth of which only the year or the month is known.
#
# Guess: "1938" and "05/1938" are refused, or read as a year and a month.
# Seen: dateparser 1.5.0 and python-dateutil 4.0.0 add the day and month of today (29 November 1938, 29 May 1938), pendulum
#   3.3.0 adds today's day to a month and 1 January to a year, arrow 1.4.0 and pandas 3.1.1 make 1 January of a year, and
#   pandas 1 May of a month. None says that it added anything.
# Why it matters: older people's papers often state only the year. A day that nobody stated then differs from the next
#   register's, and the same person is two people; entered on two days, dateutil makes two people by itself.
# What we do instead: such a date is kept as ISO 8601 writes it at that precision (vietnam/dates.py: parse_partial_date)
#   and printed so; an age is computed only where it is sure.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check dateparser==1.5.0 python-dateutil==4.0.0 arrow==1.4.0 \
  pendulum==3.3.0 pandas==3.1.1
"$dir/env/bin/python" - <<'PY'
import sys
import warnings
from datetime import date

import arrow
import dateparser
import dateutil.parser
import pandas
import pendulum

warnings.simplefilter("ignore")
readers = {
    "dateparser": dateparser.parse,
    "dateutil": dateutil.parser.parse,
    "pendulum": lambda text: pendulum.parse(text, strict=False),
    "arrow": arrow.get,
    "pandas": pandas.to_datetime,
}


def read(reader, text):
    try:
        return reader(text).date().isoformat()
    except ValueError as refused:
        return type(refused).__name__


today = date.today()
day = min(today.day, 28) if today.month == 2 else today.day
seen = {name: (read(reader, "1938"), read(reader, "05/1938")) for name, reader in readers.items()}
print("dateparser 1.5.0, python-dateutil 4.0.0, pendulum 3.3.0, arrow 1.4.0, pandas 3.1.1")
print("guess: 1938 and 1938-05, or refused")
for name, (year, month) in seen.items():
    print(f"seen:  {name}: {year}, {month}")
todays, month_of_today = f"1938-{today.month:02d}-{day:02d}", f"1938-05-{today.day:02d}"
expected = {
    "dateparser": (todays, month_of_today),
    "dateutil": (todays, month_of_today),
    "pendulum": ("1938-01-01", month_of_today),
    "arrow": ("1938-01-01", "ParserError"),
    "pandas": ("1938-01-01", "1938-05-01"),
}
sys.exit(0 if seen == expected else "the behaviour has changed")
PY
