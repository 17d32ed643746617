#!/usr/bin/env bash
# Fees in a decision table of a Python workflow engine.
#
# Guess: SpiffWorkflow 3.2.0 does what the table says: of hit policy COLLECT with SUM the fees that apply are added, with
#   UNIQUE two rules that both apply are an error (DMN 1.3, 8.2.10), and "1,2" as an entry means one or two.
# Seen: SUM, MAX and COUNT all give the list of fees. UNIQUE takes the first rule and says nothing. "1,2" never applies,
#   so that the next rule decides.
# Why it matters: a fee list made in a common editor gives one fee where several are due, or one for everybody.
# What we do instead: a fee's lines are added as whole đồng, and each line says why it applies (procedures/fees/).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check SpiffWorkflow==3.2.0
"$dir/env/bin/python" - <<'PY'
import sys
from types import SimpleNamespace

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
RULE = '<rule id="r{0}"><inputEntry id="i{0}"><text>{1}</text></inputEntry><outputEntry id="o{0}"><text>{2}</text></outputEntry></rule>'


def fee(policy, *rules):
    """What the table says for two copies."""
    text = "".join(RULE.format(at, entry, amount) for at, (entry, amount) in enumerate(rules))
    table = etree.fromstring(
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:fees"><decision id="fee" name="fee">'
        f'<decisionTable id="t" hitPolicy={policy}><input id="i" label="copies"><inputExpression id="e" typeRef="integer">'
        f'<text>copies</text></inputExpression></input><output id="o" name="fee" typeRef="integer"/>{text}'
        f"</decisionTable></decision></definitions>"
    )
    parser = DMNParser(None, table, {"dmn": DMN})
    parser.parse()
    task = SimpleNamespace(data={"copies": 2}, task_spec=None)
    task.workflow = SimpleNamespace(script_engine=PythonScriptEngine())
    return DMNEngine(parser.decision.decisionTables[0]).result(task)["fee"]


both = ("&gt;= 1", 8000), ("&gt;= 2", 3000)
seen = {
    "COLLECT, SUM": (11000, fee('"COLLECT" aggregation="SUM"', *both)),
    "COLLECT, MAX": (8000, fee('"COLLECT" aggregation="MAX"', *both)),
    "UNIQUE, two rules apply": ("an error", fee('"UNIQUE"', *both)),
    "FIRST, entry 1,2": (8000, fee('"FIRST"', ("1,2", 8000), ("-", 50000))),
}
print("SpiffWorkflow 3.2.0")
for asked, (guess, got) in seen.items():
    print(f"{asked}\n  guess: {guess}\n  seen:  {got}")
as_noted = [got for _, got in seen.values()] == [[8000, 3000], [8000, 3000], 8000, 50000]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
