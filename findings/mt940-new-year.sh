#!/usr/bin/env bash
# An MT940 line that is entered on 31 December and valued on 1 January.
#
# Guess: the entry date has no year of its own (1231): it is the one next to the value date (270101), so 31 December
#   2026.
# Seen: mt940-js 1.0.0, mt940js 1.3.5, @centrapay/swift-parser 1.0.1 (npm) and mt940 0.8.1 (Python) all take the value
#   date's year: 31 December 2027. mt-940 5.1.1 (Python) says 2026.
# Why it matters: the last payments of a year fall out of the year's books and turn up twelve months later.
# What we do instead: statements are read by mt-940, whose entry dates are right, with a test for the turn of the year.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check mt940==0.8.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts mt940-js@1.0.0 tslib@2.8.1 mt940js@1.3.5 @centrapay/swift-parser@1.0.1
cat >"$dir/day.sta" <<'STA'
:20:STMT1
:25:970436/0011001234567
:28C:00361/001
:60F:C261230VND1000000,00
:61:2612301230C500000,00NTRFHS0001//B1
:86:LE PHI HO SO 0001
:61:2612311231RC500000,00NTRFHS0001//B2
:86:HOAN LAI GIAO DICH B1
:61:2701011231C200000,00NTRFHS0002//B3
:86:LE PHI HO SO 0002
:62F:C261231VND1200000,00
-
STA
TZ=UTC "$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

import mt940

folder = Path(sys.argv[1])
seen = {"mt940": str(mt940.MT940(str(folder / "day.sta")).statements[0].transactions[2].booking)}
script = """
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const require = createRequire(import.meta.url);
const bytes = readFileSync(process.argv[2]);
const text = bytes.toString();
const day = (line) => (line.entryDate.toISOString?.() ?? line.entryDate).slice(0, 10);
const [statement] = await require("mt940-js").read(bytes);
const { Parser } = require("mt940js");
console.log(JSON.stringify({
  "mt940-js": day(statement.transactions[2]),
  mt940js: day(new Parser().parse(text)[0].transactions[2]),
  "@centrapay/swift-parser":
    day(require("@centrapay/swift-parser").parse({ type: "mt940", data: text })[0].transactions[2]),
}));
"""
(folder / "try.mjs").write_text(script)
seen |= json.loads(subprocess.check_output(["node", folder / "try.mjs", folder / "day.sta"]))
print("mt940 0.8.1, mt940-js 1.0.0, mt940js 1.3.5, @centrapay/swift-parser 1.0.1")
print("guess: 2026-12-31 (valued 2027-01-01)")
for name, day in seen.items():
    print(f"seen:  {name}: {day}")
sys.exit(0 if set(seen.values()) == {"2027-12-31"} else "the behaviour has changed")
PY
