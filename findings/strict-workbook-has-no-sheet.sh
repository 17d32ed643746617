#!/usr/bin/env bash
# A workbook saved as "Strict Open XML Spreadsheet".
#
# Guess: a reader of .xlsx reads both forms that ISO 29500 has, which differ in the names of their namespaces, or refuses
#   the one that it does not know.
# Seen: openpyxl 3.1.5 opens it as a workbook without any sheet and does not fail before the first sheet is asked for.
#   python-calamine 0.9.1, SheetJS 0.18.5 and exceljs 4.4.0 read it as the other form.
# Why it matters: it is one line further in Excel's list of forms to save in, with the same .xlsx; whoever loops over the
#   sheets imports nothing and reports success.
# What we do instead: core/xlsx_files.py recognises the form and says how to save the file.
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
import warnings
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
book = Workbook()
book.active.title = "Sổ"
book.save(folder / "ordinary.xlsx")
forms = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip
with zipfile.ZipFile(folder / "ordinary.xlsx") as old, zipfile.ZipFile(folder / "strict.xlsx", "w") as new:
    for name in old.namelist():
        content = old.read(name)
        for one, other in forms.items():
            content = content.replace(one, other)
        new.writestr(name, content)
path = folder / "strict.xlsx"
script = """
const { Workbook } = require("exceljs");
const book = new Workbook();
book.xlsx.readFile(process.argv[1]).then(() => console.log(JSON.stringify({
  SheetJS: require("xlsx").readFile(process.argv[1]).SheetNames,
  exceljs: book.worksheets.map((sheet) => sheet.name),
})));
"""
seen = {"openpyxl": load_workbook(path).sheetnames, "python-calamine": CalamineWorkbook.from_path(path).sheet_names}
seen |= json.loads(subprocess.check_output(["node", "-e", script, path], cwd=folder))
print("openpyxl 3.1.5, python-calamine 0.9.1, xlsx 0.18.5, exceljs 4.4.0")
print("guess: each knows the sheet or refuses the file\nseen: ", seen)
sys.exit(0 if list(seen.values()) == [[], ["Sổ"], ["Sổ"], ["Sổ"]] else "the behaviour has changed")
PY
