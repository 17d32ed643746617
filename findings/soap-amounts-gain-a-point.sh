#!/usr/bin/env bash
# An amount out of JSON, and a day as people write it, in a SOAP envelope.
#
# Guess: a SOAP client that knows the service's types writes 50000.0 as xs:integer "50000", and refuses "30/11/2026" as xs:date.
# Seen: zeep 4.3.3 writes "50000.0" and "30/11/2026", and xs:boolean of "False" as true. xmlschema 4.3.2 refuses the first two
#   texts by the same types. The third is worse: it is valid, and the opposite.
# Why it matters: amounts pass through JSON and spreadsheets, where 50000 becomes 50000.0; the receiver refuses the envelope or,
#   lenient, reads another day. Registers and integration axes of the State speak SOAP.
# What we do instead: connectors name each value in a mapping and write it themselves: whole đồng as integers, days by one
#   function of vietnam/dates.py; nothing is left to a client's conversion.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check zeep==4.3.3 xmlschema==4.3.2
"$dir/env/bin/python" - <<'PY'
import sys

import xmlschema
from zeep.xsd.types import builtins

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="amount" type="xs:integer"/><xs:element name="day" type="xs:date"/>
<xs:element name="urgent" type="xs:boolean"/></xs:schema>"""
schema = xmlschema.XMLSchema(SCHEMA)
given = {"amount": (builtins.Integer, 50000.0), "day": (builtins.Date, "30/11/2026"), "urgent": (builtins.Boolean, "False")}
print("zeep 4.3.3, judged by xmlschema 4.3.2")
print("guess: amount 50000; the day refused; urgent false")
seen = []
for name, (kind, value) in given.items():
    text = kind().xmlvalue(value)
    seen.append((text, schema.is_valid(f"<{name}>{text}</{name}>")))
    print(f"seen:  {name} {value!r} is written {text!r},", "valid" if seen[-1][1] else "not valid")
sys.exit(0 if seen == [("50000.0", False), ("30/11/2026", False), ("true", True)] else "the behaviour has changed")
PY
