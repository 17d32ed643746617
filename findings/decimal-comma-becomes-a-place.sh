#!/usr/bin/env bash
# A table of areas with decimal commas, as Vietnamese spreadsheets write them.
#
# Guess: a reader that finds out the types of columns takes "12,5" for a number with a fraction, or leaves it a text.
# Seen: frictionless 5.21.0 finds the separator right and makes the column a geopoint: 12,5 becomes the place 12.0, 5.0,
#   and 1.200,0 the place 1.2, 0.0. xlsx 0.18.5 drops the comma: 12,5 becomes 125, and 1.200,0 becomes 1.2. Neither says
#   a word.
# Why it matters: the table of a land office has an area ten or a hundred times too large, or a place instead of it, in
#   every row and without an error.
# What we do instead: no type is guessed: a file's decimal sign is said in its mapping (payments/statements), cells are
#   read as text, and what is no number in that form is an error with its row.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check frictionless==5.21.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5
cat >"$dir/areas.csv" <<'CSV'
Thửa;Diện tích
Thửa 12;12,5
Thửa 13;3,75
Thửa 14;1.200,0
CSV
echo "frictionless 5.21.0, xlsx 0.18.5"
echo "guess: 12.5, 3.75, 1200, or the text as it stands"
cd "$dir"
"$dir/env/bin/python" - <<'PY'
import sys

from frictionless import Resource

table = Resource("areas.csv")
seen = [[float(part) for part in row["Diện tích"]] for row in table.read_rows()]
kind = table.schema.get_field("Diện tích").type
print(f"seen:  frictionless: {kind}: {seen}")
as_noted = kind == "geopoint" and seen == [[12, 5], [3, 75], [1.2, 0]]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
cat >"$dir/try.cjs" <<'JS'
const { readFileSync } = require("node:fs");
const { read, utils } = require("xlsx");

const { Sheets, SheetNames } = read(readFileSync("areas.csv", "utf8"), { type: "string", FS: ";" });
const seen = utils.sheet_to_json(Sheets[SheetNames[0]], { header: 1 }).slice(1).map((row) => row[1]);
console.log(`seen:  xlsx: ${JSON.stringify(seen)}`);
if (seen[0] !== 125) throw new Error("the behaviour has changed");
JS
node "$dir/try.cjs"
