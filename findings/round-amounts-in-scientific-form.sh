#!/usr/bin/env bash
# A round amount written into XML by its schema.
#
# Guess: a library that writes by a schema, checking as it does, writes what the schema permits: 1500000 as "1500000".
# Seen: xmlschema 4.3.2 writes a Decimal as Python prints it. Decimal("1.5E+6"), which is 1500000 after normalize() or a
#   multiplication by 1E+3, becomes <tien>1.5E+6</tien> without an error, and the same library then refuses the
#   document, as xs:decimal has no exponents. zeep 4.3.3 and xsdata 26.10 write 1500000.
# Why it matters: receipts of round sums, and only those, are turned away by the receiver.
# What we do instead: money is whole đồng in integers everywhere. What people read is written by one function
#   (vietnam/numbers.py), which had the same fault for round Decimals and has a test for it now.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check xmlschema==4.3.2 zeep==4.3.3 xsdata==26.10
"$dir/env/bin/python" - <<'PY'
import sys
from decimal import Decimal
from xml.etree import ElementTree

from xmlschema import XMLSchema
from xsdata.formats.converter import converter
from zeep.xsd.types.builtins import Decimal as ZeepDecimal

schema = XMLSchema(
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="tien" type="xs:decimal"/></xs:schema>'
)
amount = (Decimal("12500") * 120).normalize()
document = ElementTree.tostring(schema.encode(amount, path="tien"), encoding="unicode")
seen = {
    "xmlschema": document,
    "and is valid to itself": schema.is_valid(document),
    "zeep": ZeepDecimal().xmlvalue(amount),
    "xsdata": converter.serialize(amount),
}
print("xmlschema 4.3.2, zeep 4.3.3, xsdata 26.10")
print("guess: 1500000 from all, valid")
for name, text in seen.items():
    print(f"seen:  {name}: {text}")
as_noted = list(seen.values()) == ["<tien>1.5E+6</tien>", False, "1500000", "1500000"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
