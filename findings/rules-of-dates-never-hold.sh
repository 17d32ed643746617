#!/usr/bin/env bash
# A rule about two dates, in Schematron.
#
# Guess: not(Due &lt; Received) reports a dossier that is due before it was received: ISO dates are in order as texts.
# Seen: with lxml 6.0.2 (XPath 1.0) such a dossier passes, and Due &gt;= Received fails even for a right one: < and >
#   compare numbers only, and a date is none. node-schematron 2.1.0 (XPath 3.1) reports the wrong dossier and passes the
#   right one, by the same file.
# Why it matters: the sender checks with one, the receiver with the other; a rule that is written the first way checks
#   nothing, and nobody sees it.
# What we do instead: no Schematron is used: what comes in is read into dates first, and those are compared
#   (vietnam/dates.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check lxml==6.0.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts node-schematron@2.1.0
cat >"$dir/try.cjs" <<'JS'
const { Schema } = require("node-schematron");

const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify(cases.map(([rules, dossier]) => Schema.fromString(rules).validateString(dossier).length === 0)));
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

from lxml import etree, isoschematron

SCHEMATRON = "http://purl.oclc.org/dsdl/schematron"


def case(rule, due):
    test = rule.replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<schema xmlns="{SCHEMATRON}"><pattern><rule context="Dossier"><assert test="{test}">due too early</assert></rule></pattern></schema>',
        f"<Dossier><Received>2026-11-30</Received><Due>{due}</Due></Dossier>",
    )


asked = [(rule, due) for rule in ("not(Due < Received)", "Due >= Received") for due in ("2026-11-20", "2026-12-15")]
cases = [case(*one) for one in asked]
lxml_says = [isoschematron.Schematron(etree.fromstring(rules)).validate(etree.fromstring(dossier)) for rules, dossier in cases]
node_says = json.loads(subprocess.check_output(["node", f"{sys.argv[1]}/try.cjs", json.dumps(cases)]))
print("lxml 6.0.2, node-schematron 2.1.0")
print("guess: due 20 November is reported, due 15 December passes, by either rule and either library")
for (rule, due), one, other in zip(asked, lxml_says, node_says, strict=True):
    print(f"seen:  {rule}, due {due}: lxml {'passes' if one else 'reported'}, node-schematron {'passes' if other else 'reported'}")
as_noted = lxml_says == [True, True, False, False] and node_says == [False, True, False, True]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
