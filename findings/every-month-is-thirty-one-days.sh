#!/usr/bin/env bash
# Something that repeats every month, in two engines for processes.
#
# Guess: R3/2026-01-31T08:00:00+07:00/P1M is due on 31 January, 28 February and 31 March at 08:00, in either engine.
# Seen: SpiffWorkflow 3.2.0 measures the first month and repeats its days: from 31 January 3 March and 3 April, from 1
#   March 1 April and 2 May. bpmn-engine 25.0.1 leaves the start out: from 31 December it is first due on 31 January.
# Why it matters: a report due on the first of each month wanders through the year, and one engine leaves the first out.
# What we do instead: dates of reports are computed from the calendar each time (reports/), and deadlines by the law's
#   rule (vietnam/working_time).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check SpiffWorkflow==3.2.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts bpmn-engine@25.0.1
cat >"$dir/try.cjs" <<'JS'
const { EventEmitter } = require("node:events");
const { Engine } = require("bpmn-engine");

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const source = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" ${xsi} id="d" targetNamespace="urn:x">
  <process id="p" isExecutable="true"><startEvent id="s" /><sequenceFlow id="f" sourceRef="s" targetRef="w" />
  <intermediateCatchEvent id="w"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">${process.argv[2]}</timeCycle>
  </timerEventDefinition></intermediateCatchEvent></process></definitions>`;
const listener = new EventEmitter();
listener.once("activity.timer", (timer) => {
  console.log(timer.content.expireAt.toISOString());
  process.exit(0);
});
new Engine({ name: "x", source }).execute({ listener });
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition as Timer

folder = sys.argv[1]


def days_of(cycle):
    """The moments that the engine sets for itself, by its own steps."""
    kept = {}
    task = SimpleNamespace(internal_data=kept, workflow=SimpleNamespace(script_engine=SimpleNamespace(evaluate=lambda _task, text: text)))
    task._get_internal_data = kept.get
    task._set_internal_data = kept.update
    timer = CycleTimerEventDefinition("every month", cycle)
    moments = [Timer.parse_iso_recurring_interval(cycle)[1]]
    while timer.cycle_complete(task):
        moments.append(datetime.fromisoformat(kept["event_value"]["next"]))
    return " ".join(f"{at + timedelta(hours=7):%d/%m %H:%M}" for at in moments[:3])


def first_of(cycle):
    return subprocess.check_output(["node", f"{folder}/try.cjs", cycle], text=True).strip()


seen = {
    "SpiffWorkflow, from 31 January": days_of("R3/2026-01-31T08:00:00+07:00/P1M"),
    "SpiffWorkflow, from 1 March": days_of("R3/2026-03-01T08:00:00+07:00/P1M"),
    "bpmn-engine, first from 31 December 2099": first_of("R3/2099-12-31T08:00:00+07:00/P1M"),
}
print("SpiffWorkflow 3.2.0, bpmn-engine 25.0.1")
print("guess: 31/01 28/02 31/03; 01/03 01/04 01/05; the first at the start")
for what, told in seen.items():
    print(f"seen:  {what}: {told}")
noted = ["31/01 08:00 03/03 08:00 03/04 08:00", "01/03 08:00 01/04 08:00 02/05 08:00", "2100-01-31T01:00:00.000Z"]
sys.exit(0 if list(seen.values()) == noted else "the behaviour has changed")
PY
