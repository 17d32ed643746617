#!/usr/bin/env bash
# Two MT940 statements in one file, as banks send after a holiday.
#
# Guess: each statement keeps its own opening and closing balance, or the file has the first opening and the last closing
#   one: 1000000 and two lines of 500000 make 2000000.
# Seen: mt-940 5.1.1 (Python) gives one list of lines with both balances of the last statement: 1500000 and 1000000 of
#   lines "make" 2000000.
# Why it matters: whoever checks a statement against its balances refuses a good file, or stops checking.
# What we do instead: the file is cut at each :20: and every statement is read by itself (payments/statements/mt940.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check mt-940==5.1.1
"$dir/env/bin/python" - <<'PY'
import sys

import mt940

STATEMENT = """:20:STMT{n}
:25:970436/0011001234567
:28C:0036{n}/001
:60F:C26122{n}VND{opening},00
:61:26122{n}122{n}C500000,00NTRFHS000{n}//B{n}
:86:LE PHI HO SO 000{n}
:62F:C26122{n}VND{closing},00
-
"""
file = STATEMENT.format(n=1, opening=1000000, closing=1500000) + STATEMENT.format(n=2, opening=1500000, closing=2000000)
read = mt940.parse(file)
opening, closing = (int(read.data[f"final_{end}_balance"].amount.amount) for end in ("opening", "closing"))
moved = sum(int(line.data["amount"].amount) for line in read)
print("mt-940 5.1.1")
print("guess: opening 1000000 + lines 1000000 = closing 2000000")
print(f"seen:  opening {opening}, lines {moved}, closing {closing}")
sys.exit(0 if (opening, moved, closing) == (1_500_000, 1_000_000, 2_000_000) else "the behaviour has changed")
PY
