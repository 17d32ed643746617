#!/usr/bin/env bash
# Figures of a province in columns (Parquet, Arrow), written by Python, read in JavaScript.
#
# Guess: a whole amount is the number that was written, a decimal comes with its point, or as something that is no number.
# Seen: @dsnp/parquetjs 1.8.8 reads an unsigned column as a signed one: 3,000,000,000 đồng are -1,294,967,296.
#   apache-arrow 21.2.0 leaves the scale of a decimal out, as a number and as a text: an area of 12.50 is 1250 (pyarrow,
#   which wrote both files, reads them as they were).
# Why it matters: an office takes three billion đồng of fees in a year, and shares and areas have two decimals.
# What we do instead: open statistics are CSV and JSON.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @dsnp/parquetjs@1.8.8 apache-arrow@21.2.0
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1
cat >"$dir/write.py" <<'PY'
import sys
from decimal import Decimal

import pyarrow
from pyarrow import parquet

table = pyarrow.table(
    {
        "fees": pyarrow.array([3_000_000_000, 26_000], pyarrow.uint32()),
        "area": pyarrow.array([Decimal("12.50"), Decimal("0.05")], pyarrow.decimal128(18, 2)),
    }
)
parquet.write_table(table, f"{sys.argv[1]}/figures.parquet", compression="none")
with pyarrow.OSFile(f"{sys.argv[1]}/figures.arrow", "wb") as file, pyarrow.ipc.new_file(file, table.schema) as writer:
    writer.write_table(table)
print("read by pyarrow:", parquet.read_table(f"{sys.argv[1]}/figures.parquet").to_pylist()[0])
PY
cat >"$dir/try.mjs" <<'JS'
import { readFileSync } from "node:fs";
import parquetjs from "@dsnp/parquetjs";
import { tableFromIPC } from "apache-arrow";

const reader = await parquetjs.ParquetReader.openFile(`${process.argv[2]}/figures.parquet`);
const cursor = reader.getCursor();
const fees = [(await cursor.next()).fees, (await cursor.next()).fees];
await reader.close();
const table = tableFromIPC(readFileSync(`${process.argv[2]}/figures.arrow`));
const areas = [...table].map((row) => [Number(row.area), String(row.area)]);
console.log("@dsnp/parquetjs 1.8.8, apache-arrow 21.2.0");
console.log("guess:", [3000000000, 26000], [[12.5, "12.50"], [0.05, "0.05"]]);
console.log("seen: ", fees, areas);
if (String([fees, areas]) !== "-1294967296,26000,1250,1250,5,5") throw new Error("the behaviour has changed");
JS
"$dir/venv/bin/python" "$dir/write.py" "$dir"
node "$dir/try.mjs" "$dir"
