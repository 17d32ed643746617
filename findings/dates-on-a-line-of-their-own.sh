#!/usr/bin/env bash
# A date in an XML document that an editor has indented.
#
# Guess: blanks and line breaks around a date do not matter to a schema: XML Schema part 2 fixes whiteSpace="collapse" for
#   every type but strings.
# Seen: lxml 6.1.3 (libxml2) takes them around xs:decimal and refuses them around xs:date, xs:dateTime, xs:gYear and
#   xs:duration. xmlschema 4.3.2 takes all five.
# Why it matters: the same record is valid as it was written and not once a program has laid it out for people; the message
#   quotes the right date.
# What we do instead: what we send is written without indentation; what comes in is read by field, blanks taken away.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check xmlschema==4.3.2 lxml==6.1.3
"$dir/env/bin/python" - <<'PY'
import sys

import xmlschema
from lxml import etree

SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="value" type="xs:%s"/></xs:schema>'
VALUES = {
    "decimal": "1500000",
    "date": "2026-11-30",
    "dateTime": "2026-11-30T08:00:00+07:00",
    "gYear": "1938",
    "duration": "P1M",
}
seen = {}
print("lxml 6.1.3, xmlschema 4.3.2\nguess: each is valid, with line breaks around it or without")
for kind, text in VALUES.items():
    found = []
    for written in (text, f"\n  {text}\n"):
        value = etree.Element("value")
        value.text = written
        found.append(etree.XMLSchema(etree.fromstring(SCHEMA % kind)).validate(value))
        found.append(xmlschema.XMLSchema(SCHEMA % kind).is_valid(value))
    seen[kind] = tuple(found)
    print(f"seen:  {kind}: as written: lxml {found[0]}, xmlschema {found[1]}; indented: lxml {found[2]}, xmlschema {found[3]}")
refused = [kind for kind, found in seen.items() if found == (True, True, False, True)]
as_noted = refused == ["date", "dateTime", "gYear", "duration"] and all(seen["decimal"])
sys.exit(0 if as_noted else "the behaviour has changed")
PY
