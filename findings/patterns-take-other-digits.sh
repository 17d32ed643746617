#!/usr/bin/env bash
# The pattern of a personal number, ^\d{12}$, in a JSON Schema.
#
# Guess: it means the same everywhere: JSON Schema asks for ECMA-262's expressions, where \d is 0 to 9 and $ the end.
# Seen: jsonschema 4.26.0 (Python) takes twelve Arabic-Indic digits and a number with a line break behind it, and for \w+ takes
#   Nguyễn; fastjsonschema 2.22.3 takes the digits and the name. jsonschema-rs 0.61.2 and ajv 8.20.0 (npm) refuse all three. \p{Lu},
#   which the last two know, is an error to the first two.
# Why it matters: one schema guards the page and the server; what the page never lets through comes in by the API, and a name that the
#   server takes cannot be typed.
# What we do instead: patterns are written with [0-9], numbers are normalised and read by their own functions
#   (procedures/questionnaire/schema.py, vietnam/identity.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check jsonschema==4.26.0 jsonschema-rs==0.61.2 fastjsonschema==2.22.3
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

import fastjsonschema
import jsonschema
import jsonschema_rs

CASES = [
    (r"^\d{12}$", "027190000033"),
    (r"^\d{12}$", "\u0660\u0662\u0667\u0661\u0669\u0660\u0660\u0660\u0660\u0660\u0663\u0663"),
    (r"^\d{12}$", "027190000033\n"),
    (r"^\w+$", "Nguyễn"),
    (r"^\p{Lu}\p{Ll}+$", "Nguyễn"),
]


def fast(schema, value):
    try:
        fastjsonschema.compile(schema)(value)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


WAYS = {
    "jsonschema": lambda schema, value: jsonschema.Draft202012Validator(schema).is_valid(value),
    "fastjsonschema": fast,
    "jsonschema-rs": lambda schema, value: jsonschema_rs.validator_for(schema).is_valid(value),
}


def verdict(way, pattern, value):
    try:
        return way({"type": "string", "pattern": pattern}, value)
    except Exception:  # each has errors of its own for a pattern that it cannot read
        return "error"


script = """
const { Ajv } = require("ajv");
const cases = JSON.parse(process.argv[1]);
console.log(JSON.stringify(cases.map(([pattern, value]) => new Ajv().validate({ type: "string", pattern }, value))));
"""
seen = {name: [verdict(way, *case) for case in CASES] for name, way in WAYS.items()}
seen["ajv"] = json.loads(subprocess.check_output(["node", "-e", script, json.dumps(CASES)], cwd=sys.argv[1]))
print("jsonschema 4.26.0, fastjsonschema 2.22.3, jsonschema-rs 0.61.2, ajv 8.20.0")
print("of", ", ".join(f"{pattern} {value!a}" for pattern, value in CASES))
print("guess: True, False, False, False, True")
for name, verdicts in seen.items():
    print(f"seen:  {name}: {verdicts}")
NOTED = {
    "jsonschema": [True, True, True, True, "error"],
    "fastjsonschema": [True, True, False, True, "error"],
    "jsonschema-rs": [True, False, False, False, True],
    "ajv": [True, False, False, False, True],
}
sys.exit(0 if seen == NOTED else "the behaviour has changed")
PY
