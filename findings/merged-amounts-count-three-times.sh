#!/usr/bin/env bash
# A table in which one amount, in a merged cell, stands for three rows.
#
# Guess: a merged cell has its value once, in its first cell, as the file has it.
# Seen: exceljs 4.4.0 gives the value in every cell of the merge, and python-docx 1.2.0 likewise in a table of Word: the
#   sum of the column is 450000 instead of 150000. openpyxl 3.1.5 and xlsx 0.18.5 read the same workbook as it is.
# Why it matters: one fee for a household's three dossiers is charged three times, and the total of a report grows with
#   the care that somebody took over its looks.
# What we do instead: workbooks are read by openpyxl, where the other cells of a merge are empty, and a row without its
#   amount is an error with its number.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check openpyxl==3.1.5 python-docx==1.2.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0 xlsx@0.18.5
cd "$dir"
echo "openpyxl 3.1.5, python-docx 1.2.0, exceljs 4.4.0, xlsx 0.18.5"
echo "guess: 150000, four times"
"$dir/env/bin/python" - <<'PY'
import sys

from docx import Document
from openpyxl import Workbook, load_workbook

book = Workbook()
for row in (("Hồ sơ", "Lệ phí"), ("A", 150000), ("B", None), ("C", None)):
    book.active.append(row)
book.active.merge_cells("B2:B4")
book.save("fees.xlsx")
table = Document().add_table(3, 2)
table.cell(0, 1).merge(table.cell(2, 1)).text = "150000"
seen = {
    "openpyxl": sum(row[1] or 0 for row in load_workbook("fees.xlsx").active.iter_rows(2, values_only=True)),
    "python-docx": sum(int(row.cells[1].text or 0) for row in table.rows),
}
for name, total in seen.items():
    print(f"seen:  {name}: {total}")
sys.exit(0 if list(seen.values()) == [150000, 450000] else "the behaviour has changed")
PY
cat >"$dir/try.cjs" <<'JS'
const { Workbook } = require("exceljs");
const { readFile, utils } = require("xlsx");

(async () => {
  const book = new Workbook();
  await book.xlsx.readFile("fees.xlsx");
  const seen = { exceljs: 0, xlsx: 0 };
  book.worksheets[0].eachRow((row, number) => (seen.exceljs += number > 1 ? row.getCell(2).value : 0));
  const { Sheets, SheetNames } = readFile("fees.xlsx");
  for (const row of utils.sheet_to_json(Sheets[SheetNames[0]], { header: 1 }).slice(1)) seen.xlsx += row[1] ?? 0;
  for (const [name, total] of Object.entries(seen)) console.log(`seen:  ${name}: ${total}`);
  if (Object.values(seen).join() !== "450000,150000") throw new Error("the behaviour has changed");
})();
JS
node "$dir/try.cjs"
