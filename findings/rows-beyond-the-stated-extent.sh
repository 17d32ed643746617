#!/usr/bin/env bash
# A workbook whose sheet states a smaller extent than it has.
#
# Guess: the rows are what is read; the extent (<dimension>, which the format leaves optional) is a hint for drawing.
# Seen: openpyxl 3.1.5 with read_only=True gives one cell of a sheet that says A1, without a word. Without read_only, and with
#   python-calamine 0.9.1 and SheetJS 0.18.5, all three rows are there.
# Why it matters: reports of banks and registers are written by programs that put A1 there; of a list of a thousand papers
#   the heads are read and nothing else, in the one mode that is meant for long lists.
# What we do instead: core/xlsx_files.py drops the stated extent before it reads.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

folder = Path(sys.argv[1])
book = Workbook()
for row in (["Số, ký hiệu", "Ngày cấp"], ["12/GPXD", "05/12/2019"], ["13/GPXD", "06/12/2019"]):
    book.active.append(row)
book.save(folder / "whole.xlsx")
with zipfile.ZipFile(folder / "whole.xlsx") as old, zipfile.ZipFile(folder / "list.xlsx", "w") as new:
    for name in old.namelist():
        new.writestr(name, old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
path = folder / "list.xlsx"
script = 'const x = require("xlsx"), b = x.readFile(process.argv[1]);'
script += "console.log(x.utils.sheet_to_json(b.Sheets[b.SheetNames[0]], { header: 1 }).flat().length)"
seen = {
    "openpyxl": sum(len(row) for row in load_workbook(path).active.values),
    "openpyxl, read_only": sum(len(row) for row in load_workbook(path, read_only=True).active.values),
    "python-calamine": sum(len(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()),
    "SheetJS": int(subprocess.check_output(["node", "-e", script, path], cwd=folder)),
}
print("openpyxl 3.1.5, python-calamine 0.9.1, xlsx 0.18.5")
print("guess: 6 cells\nseen: ", seen)
sys.exit(0 if list(seen.values()) == [6, 1, 6, 6] else "the behaviour has changed")
PY
