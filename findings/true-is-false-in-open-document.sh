#!/usr/bin/env bash
# A ticked cell of an OpenDocument spreadsheet.
#
# Guess: TRUE comes out as true, whoever reads it.
# Seen: pandas 3.1.1 with odfpy gives False for every boolean cell: it compares the value with "TRUE", and OpenDocument 1.3
#   writes "true". pyexcel-ods3 0.6.1, ezodf 0.3.2 and SheetJS 0.18.5 give true.
# Why it matters: free office suites save lists so; a column "đã nộp phí" or "giảm phí" says no in each row, and nothing
#   looks broken.
# What we do instead: lists come in as .xlsx or CSV with words, which are read by ourselves.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pandas==3.1.1 odfpy==1.4.1 pyexcel-ods3==0.6.1 ezodf==0.3.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

import ezodf
import pandas
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from pyexcel_ods3 import get_data

folder = Path(sys.argv[1])
path = str(folder / "paid.ods")
sheet = OpenDocumentSpreadsheet()
table = Table(name="Sheet")
for value, shown in (("true", "ĐÚNG"), ("false", "SAI")):
    row, cell = TableRow(), TableCell(valuetype="boolean", booleanvalue=value)
    cell.addElement(P(text=shown))
    row.addElement(cell)
    table.addElement(row)
sheet.spreadsheet.addElement(table)
sheet.save(path)
script = 'const x = require("xlsx"), s = x.readFile(process.argv[1]).Sheets.Sheet;'
script += "console.log(JSON.stringify([s.A1.v, s.A2.v]))"
seen = {
    "pandas": [bool(value) for value in pandas.read_excel(path, engine="odf", header=None)[0]],
    "pyexcel-ods3": [row[0] for row in get_data(path)["Sheet"]],
    "ezodf": [row[0].value for row in ezodf.opendoc(path).sheets[0].rows()],
    "SheetJS": json.loads(subprocess.check_output(["node", "-e", script, path], cwd=folder)),
}
print("pandas 3.1.1 with odfpy 1.4.1, pyexcel-ods3 0.6.1, ezodf 0.3.2, xlsx 0.18.5")
print("guess: [True, False] each")
for name, values in seen.items():
    print(f"seen:  {name}: {values}")
wrong = [name for name, values in seen.items() if values != [True, False]]
sys.exit(0 if wrong == ["pandas"] and seen["pandas"] == [False, False] else "the behaviour has changed")
PY
