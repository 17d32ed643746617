#!/usr/bin/env bash
# The rules of a form in JsonLogic, judged in the browser and on the server.
#
# Guess: one rule and one set of answers have one result, which is what the language is for.
# Seen: with json-logic-js 2.0.5 an answer left empty equals 0, with json-logic-qubit 0.9.1 (Python) it does not; -7 % 2 is -1 and 1;
#   a text joined with an answer that is null is "Phòng " and "Phòng None".
# Why it matters: "no fee is shown while the amount is 0" hides the fee from whoever has not answered and then refuses the form, or
#   the other way round.
# What we do instead: conditions compare answers of the kind that their question declares
#   (procedures/questionnaire/conditions.py); a test runs them in a browser and on the server.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check json-logic-qubit==0.9.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts json-logic-js@2.0.5
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

from json_logic import jsonLogic

CASES = [
    ({"==": [{"var": "amount"}, 0]}, {"amount": ""}),
    ({"%": [{"var": "days"}, 2]}, {"days": -7}),
    ({"cat": ["Phòng ", {"var": "room"}]}, {"room": None}),
]
script = """
const { apply } = require("json-logic-js");
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([rule, answers]) => apply(rule, answers))));
"""
browser = json.loads(subprocess.check_output(["node", "-e", script, json.dumps(CASES)], cwd=sys.argv[1]))
server = [jsonLogic(rule, answers) for rule, answers in CASES]
print("json-logic-js 2.0.5, json-logic-qubit 0.9.1\nguess: the same")
for (rule, answers), one, other in zip(CASES, browser, server, strict=True):
    print(f"seen:  {json.dumps(rule, ensure_ascii=False)} of {answers}: JavaScript {one!r}, Python {other!r}")
as_noted = browser == [True, -1, "Phòng "] and server == [False, 1, "Phòng None"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
