#!/usr/bin/env bash
# A reversed credit in an MT940 statement.
#
# Guess: the mark RC (reversal of credit) takes money away: with opening and closing balance, the lines add up.
# Seen: mt-940 5.1.1 (Python) and mt940-js 1.0.0 (npm) give the reversed 500000 as a credit, so the lines add up to a
#   million more than the balance says. mt940js 1.3.5 and @centrapay/swift-parser 1.0.1 give -500000.
# Why it matters: a payment that the bank took back would count as a second payment, and the dossier as paid.
# What we do instead: the mark is read by ourselves (payments/statements/mt940.py), and a day closes only when its lines
#   give the closing balance.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check mt-940==5.1.1
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
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

import mt940

folder = Path(sys.argv[1])
seen = {"mt-940": [int(line.data["amount"].amount) for line in mt940.parse(folder / "day.sta")]}
script = """
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const require = createRequire(import.meta.url);
const bytes = readFileSync(process.argv[2]);
const text = bytes.toString();
const signed = (line) => Number(line.amount) * (line.isCredit === false ? -1 : 1);
const [statement] = await require("mt940-js").read(bytes);
const { Parser } = require("mt940js");
console.log(JSON.stringify({
  "mt940-js": statement.transactions.map(signed),
  mt940js: new Parser().parse(text)[0].transactions.map(signed),
  "@centrapay/swift-parser":
    require("@centrapay/swift-parser").parse({ type: "mt940", data: text })[0].transactions.map(signed),
}));
"""
(folder / "try.mjs").write_text(script)
seen |= json.loads(subprocess.check_output(["node", folder / "try.mjs", folder / "day.sta"]))
print("mt-940 5.1.1, mt940-js 1.0.0, mt940js 1.3.5, @centrapay/swift-parser 1.0.1")
print("guess: 500000, -500000, 200000, as the balances say (1000000 to 1200000)")
for name, amounts in seen.items():
    print(f"seen:  {name}: {amounts}, together {sum(amounts)}")
adds = [name for name, amounts in seen.items() if sum(amounts) == 1_200_000]
takes = [name for name, amounts in seen.items() if sum(amounts) == 200_000]
as_noted = adds == ["mt-940", "mt940-js"] and takes == ["mt940js", "@centrapay/swift-parser"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
