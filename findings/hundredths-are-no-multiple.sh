#!/usr/bin/env bash
# An area or a rate with two decimals in a JSON Schema.
#
# Guess: {"multipleOf": 0.01} takes every number with two decimals; 1.15 is 115 hundredths.
# Seen: jsonschema 4.26.0 (Python) and ajv 8.20.0 as it comes (npm) refuse 11,426 of the hundred thousand numbers from 0.01 to
#   1000.00, 1.15 and 4.35 among them; jsonschema-rs 0.61.2, fastjsonschema 2.22.3 and @cfworker/json-schema 4.1.6 take
#   them all, and refuse 1.151 as they should.
# Why it matters: one schema serves the form in the browser and the check on the server; a plot of 4.35 m² passes one and is
#   refused by the other, a plot of 4.36 m² by none.
# What we do instead: the schemas that we build have no multipleOf (procedures/questionnaire/schema.py), and sums of answers
#   are exact decimals (procedures/questionnaire/formulas.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check jsonschema==4.26.0 jsonschema-rs==0.61.2 fastjsonschema==2.22.3
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0 @cfworker/json-schema@4.1.6
cat >"$dir/try.mjs" <<'JS'
import { Validator } from "@cfworker/json-schema";
import { Ajv } from "ajv";

const schema = { type: "number", multipleOf: 0.01 };
const ajv = new Ajv().compile(schema);
const other = new Validator(schema);
const count = (takes) => {
  let refused = 0;
  for (let n = 1; n <= 100000; n += 1) refused += takes(n / 100) ? 0 : 1;
  return [refused, takes(1.15), takes(1.151)];
};
console.log(JSON.stringify({ ajv: count(ajv), "@cfworker/json-schema": count((n) => other.validate(n).valid) }));
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

import fastjsonschema
import jsonschema
import jsonschema_rs

SCHEMA = {"type": "number", "multipleOf": 0.01}
compiled = fastjsonschema.compile(SCHEMA)


def fast(number):
    try:
        compiled(number)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


def count(takes):
    return [sum(not takes(n / 100) for n in range(1, 100_001)), takes(1.15), takes(1.151)]


seen = {
    "jsonschema": count(jsonschema.Draft202012Validator(SCHEMA).is_valid),
    "jsonschema-rs": count(jsonschema_rs.validator_for(SCHEMA).is_valid),
    "fastjsonschema": count(fast),
}
seen |= json.loads(subprocess.check_output(["node", f"{sys.argv[1]}/try.mjs"]))
print("jsonschema 4.26.0, jsonschema-rs 0.61.2, fastjsonschema 2.22.3, ajv 8.20.0, @cfworker/json-schema 4.1.6")
print("guess: none refused; 1.15 taken, 1.151 not")
for name, (refused, good, bad) in seen.items():
    print(f"seen:  {name}: {refused} refused; 1.15 {good}, 1.151 {bad}")
strict = [name for name, found in seen.items() if found == [11_426, False, False]]
others = [name for name, found in seen.items() if found == [0, True, False]]
sys.exit(0 if strict == ["jsonschema", "ajv"] and len(others) == 3 else "the behaviour has changed")
PY
