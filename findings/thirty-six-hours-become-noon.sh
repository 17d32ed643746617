#!/usr/bin/env bash
# A sum of working hours, 36:00, in a spreadsheet.
#
# Guess: a cell in the form [h]:mm is a length of time; its readers give 36 hours, and so does an OpenDocument cell PT36H.
# Seen: SheetJS 0.18.5 (cellDates) and exceljs 4.4.0 give a moment, noon of 31 December 1899; openpyxl 3.1.5 and
#   python-calamine 0.9.1 give 36 hours. Of an .ods with such a cell pandas 3.1.1 with odfpy reads nothing at all ("hour must
#   be in 0..23"); pyexcel-ods3 0.6.1 gives 36 hours.
# Why it matters: sums of processing and overtime hours are over 24 as a rule; shown by its clock time, 36 hours are 12.
# What we do instead: lengths of time are whole minutes of working time and leave in tables as numbers (reports/workbooks.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check \
  openpyxl==3.1.5 python-calamine==0.9.1 pandas==3.1.1 odfpy==1.4.1 pyexcel-ods3==0.6.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 exceljs@4.4.0
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pandas
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook, load_workbook
from pyexcel_ods3 import get_data
from python_calamine import CalamineWorkbook

folder = Path(sys.argv[1])
xlsx, ods = folder / "a.xlsx", folder / "a.ods"
book = Workbook()
book.active["A1"] = timedelta(hours=36)
book.active["A1"].number_format = "[h]:mm"
book.save(xlsx)
sheet = OpenDocumentSpreadsheet()
table, row, cell = Table(name="Sheet"), TableRow(), TableCell(valuetype="time", timevalue="PT36H00M00S")
cell.addElement(P(text="36:00"))
row.addElement(cell)
table.addElement(row)
sheet.spreadsheet.addElement(table)
sheet.save(str(ods))
script = """
const { Workbook } = require("exceljs");
const book = new Workbook();
book.xlsx.readFile(process.argv[1]).then(() => console.log(JSON.stringify({
  SheetJS: require("xlsx").readFile(process.argv[1], { cellDates: true }).Sheets.Sheet.A1.v,
  exceljs: book.worksheets[0].getCell("A1").value,
})));
"""


def by_pandas():
    try:
        return str(pandas.read_excel(ods, engine="odf", header=None).iat[0, 0])
    except ValueError as error:
        return str(error)


HOURS = str(timedelta(hours=36))
seen = {
    "openpyxl": str(load_workbook(xlsx).active["A1"].value),
    "python-calamine": str(CalamineWorkbook.from_path(xlsx).get_sheet_by_index(0).to_python()[0][0]),
}
seen |= json.loads(subprocess.check_output(["env", "TZ=UTC", "node", "-e", script, xlsx], cwd=folder))
seen |= {"pandas, .ods": by_pandas(), "pyexcel-ods3": str(get_data(str(ods))["Sheet"][0][0])}
print("openpyxl 3.1.5, python-calamine 0.9.1, xlsx 0.18.5, exceljs 4.4.0, pandas 3.1.1 with odfpy 1.4.1, pyexcel-ods3 0.6.1")
print(f"guess: {HOURS}")
for name, value in seen.items():
    print(f"seen:  {name}: {value}")
noon = [name for name, value in seen.items() if value.startswith("1899-12-31T12:00")]
right = [name for name, value in seen.items() if value == HOURS]
as_noted = noon == ["SheetJS", "exceljs"] and right == ["openpyxl", "python-calamine", "pyexcel-ods3"]
sys.exit(0 if as_noted and "hour must be in" in seen["pandas, .ods"] else "the behaviour has changed")
PY
