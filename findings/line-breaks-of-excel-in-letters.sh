#!/usr/bin/env bash
# An address of two lines in an .xlsx cell.
#
# Guess: what a program wrote as carriage return and line feed is read as a line break. The format writes characters that
#   XML does not keep as _xHHHH_ (ECMA-376, 22.9.2.19), so the return is _x000D_ in the file.
# Seen: openpyxl 3.1.5 and exceljs 4.4.0 give "Thôn Đông_x000D_" and then the second line; python-calamine 0.9.1 and
#   SheetJS 0.18.5 give the line break.
# Why it matters: exports of registers are written on Windows; "_x000D_" goes into addresses and names of applicants and
#   from there onto papers, and names that are equal are not found to be.
# What we do instead: core/xlsx_files.py reads the escapes of every cell.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 exceljs@4.4.0
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

folder = Path(sys.argv[1])
book = Workbook()
book.active["A1"] = "Thôn Đông_x000D_\nxã Yên Trung"  # openpyxl writes it as it stands
path = folder / "a.xlsx"
book.save(path)
script = """
const { Workbook } = require("exceljs");
const book = new Workbook();
book.xlsx.readFile(process.argv[1]).then(() => console.log(JSON.stringify({
  SheetJS: require("xlsx").readFile(process.argv[1]).Sheets.Sheet.A1.v,
  exceljs: book.worksheets[0].getCell("A1").value,
})));
"""
seen = {
    "openpyxl": load_workbook(path).active["A1"].value,
    "python-calamine": CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0][0],
}
seen |= json.loads(subprocess.check_output(["node", "-e", script, path], cwd=folder))
print("openpyxl 3.1.5, python-calamine 0.9.1, xlsx 0.18.5, exceljs 4.4.0")
print("guess:", repr("Thôn Đông\r\nxã Yên Trung"))
for name, text in seen.items():
    print(f"seen:  {name}: {text!r}")
escaped = [name for name, text in seen.items() if "_x000D_" in text]
sys.exit(0 if escaped == ["openpyxl", "exceljs"] else "the behaviour has changed")
PY
