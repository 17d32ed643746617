#!/usr/bin/env bash
# A form's schema of the current dialect, given to a validator of the former one.
#
# Guess: fastjsonschema refuses a schema that says it is of draft 2020-12, as it knows drafts 4, 6 and 7; or it says which words
#   it does not know.
# Seen: fastjsonschema 2.22.3 takes the schema and passes over the words: who gives a representative without that person's number
#   is valid, as are columns of another kind than prefixItems says and fields that unevaluatedProperties forbids.
#   jsonschema 4.26.0 finds all three.
# Why it matters: it is chosen for its speed and drops in; the form's rules are still there to be read and no longer checked.
# What we do instead: answers are checked with jsonschema's class of the dialect, named in the code
#   (procedures/questionnaire/schema.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check jsonschema==4.26.0 fastjsonschema==2.22.3
"$dir/env/bin/python" - <<'PY'
import sys

import fastjsonschema
from jsonschema import Draft202012Validator

CASES = {
    "dependentRequired": ({"representative": ["number"]}, {"representative": "Lê An"}),
    "prefixItems": ([{"type": "string"}, {"type": "integer"}], ["Đất ở", "một trăm"]),
    "unevaluatedProperties": (False, {"note": "no such field"}),
}
seen = {}
for word, (rule, answer) in CASES.items():
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", word: rule}
    try:
        fastjsonschema.compile(schema)(answer)
        fast = "valid"
    except fastjsonschema.JsonSchemaException as error:
        fast = type(error).__name__
    seen[word] = fast, "valid" if Draft202012Validator(schema).is_valid(answer) else "refused"
print("fastjsonschema 2.22.3, jsonschema 4.26.0")
print("guess: each answer is refused, or the schema is")
for word, (fast, other) in seen.items():
    print(f"seen:  {word}: fastjsonschema: {fast}; jsonschema: {other}")
sys.exit(0 if set(seen.values()) == {("valid", "refused")} else "the behaviour has changed")
PY
