#!/usr/bin/env bash
# Open statistics by commune and quarter, written as JSON-stat.
#
# Guess: a table with one row for each commune and quarter, in whatever order, is written with each figure in its cell,
#   and is read back as it was.
# Seen: pyjstat 2.4.0 writes the values in the order of the rows, and the communes and quarters in the order in which
#   they first stand; JSON-stat counts cells with the last dimension running fastest. Rows sorted by quarter and then by
#   commune, as a report prints them, come back with the figures of other communes. No warning.
# Why it matters: provinces publish figures by commune; a ward's overdue dossiers would stand beside another ward.
# What we do instead: open statistics are CSV and JSON rows that name their commune and period themselves.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check pyjstat==2.4.0 pandas==3.1.1 numpy==2.4.6 requests==2.34.2
cat >"$dir/try.py" <<'PY'
import json

import pandas
from pyjstat import pyjstat

rows = [("ward A", "2026-Q3", 1), ("ward B", "2026-Q3", 2), ("ward A", "2026-Q4", 3), ("ward B", "2026-Q4", 4)]


def there_and_back(given):
    table = pandas.DataFrame(given, columns=["commune", "quarter", "value"])
    document = pyjstat.Dataset.read(table).write()
    back = pyjstat.Dataset.read(document).write("dataframe")
    return json.loads(document), sorted((row.commune, row.quarter, int(row.value)) for row in back.itertuples())


print("pyjstat 2.4.0")
document, by_quarter = there_and_back(rows)
_document, by_commune = there_and_back(sorted(rows))
print("guess:", sorted(rows))
print("seen: ", by_quarter, "from rows by quarter, written as", document["id"], document["value"])
print("seen: ", by_commune, "from rows by commune")
expected = [("ward A", "2026-Q3", 1), ("ward A", "2026-Q4", 2), ("ward B", "2026-Q3", 3), ("ward B", "2026-Q4", 4)]
if by_quarter != expected or by_commune != sorted(rows):
    raise SystemExit("the behaviour has changed")
PY
"$dir/venv/bin/python" -W ignore "$dir/try.py"
