#!/usr/bin/env bash
# A date that is not known, in the table of a shapefile.
#
# Guess: readers give nothing for a date field that is left empty, as dBASE writes it (blanks or zeros).
# Seen: shapefile 0.6.6 (npm) gives 30 November 1899 for both, shpjs 6.2.0 gives that day for zeros and an invalid date
#   for blanks. pyshp 3.1.6 gives None for both.
# Why it matters: plots and communes come as shapefiles; a plot without a decision would have one of 1899, and what
#   counts its years counts from there.
# What we do instead: no shapefiles are read; units come as tables whose dates have a stated form, and an empty cell is
#   no date.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyshp==3.1.6
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts shpjs@6.2.0 shapefile@0.6.6
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

import shapefile

folder = Path(sys.argv[1])
with shapefile.Writer(folder / "plots", encoding="utf-8") as writer:
    writer.field("DECIDED", "D")
    for at, decided in ((105.8, "20260301"), (105.9, None), (106.0, None)):
        writer.point(at, 21.0)
        writer.record(decided)
table = bytearray((folder / "plots.dbf").read_bytes())
start = int.from_bytes(table[8:10], "little") + 2 * 9 + 1  # the third record, behind its mark
table[start : start + 8] = b" " * 8
(folder / "plots.dbf").write_bytes(table)
(folder / "try.mjs").write_text("""
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseDbf } from "shpjs";
const shapefile = createRequire(import.meta.url)("shapefile");
const told = (value) => value instanceof Date ? (isNaN(value) ? "Invalid Date" : value.toISOString().slice(0, 10)) : value ?? null;
const bytes = readFileSync("plots.dbf");
const rows = parseDbf(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const plots = (await shapefile.read("plots.shp")).features.map((plot) => plot.properties);
const dates = (all) => all.map((row) => told(row.DECIDED));
console.log(JSON.stringify({ shpjs: dates(rows), shapefile: dates(plots) }));
""")
with shapefile.Reader(folder / "plots") as reader:
    seen = {"pyshp": [str(row[0]) if row[0] else None for row in reader.records()]}
seen |= json.loads(subprocess.check_output(["node", "try.mjs"], cwd=folder))
print("pyshp 3.1.6, shpjs 6.2.0, shapefile 0.6.6")
print("guess: 2026-03-01 and two times nothing")
for name, dates in seen.items():
    print(f"seen:  {name}: {dates}")
as_noted = seen == {
    "pyshp": ["2026-03-01", None, None],
    "shpjs": ["2026-03-01", "1899-11-30", "Invalid Date"],
    "shapefile": ["2026-03-01", "1899-11-30", "1899-11-30"],
}
sys.exit(0 if as_noted else "the behaviour has changed")
PY
