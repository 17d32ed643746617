#!/usr/bin/env bash
# A period of one month (P1M) from 31 January 2026.
#
# Guess: where the month has no such day, libraries that know months end on its last day, 28 February, as the Civil
#   Code does (2015, article 148) and as isodate, luxon and Temporal do.
# Seen: SpiffWorkflow 3.2.0, an engine of processes, waits 31 days because January has so many, until 3 March;
#   iso8601-duration 2.1.4 and dateAdd of survey-core 3.1.1 let 31 February run over into 3 March. isodate 0.7.2 and
#   luxon 3.7.2 say 28 February.
# Why it matters: a timer of a month lets a paper lapse, or a dossier become overdue, three days after the law does, and
#   only at the end of some months.
# What we do instead: one function for legal periods (vietnam/working_time/calculation.py) and one for answers
#   (procedures/questionnaire/comparisons.py), both ending on the month's last day.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check SpiffWorkflow==3.2.0 isodate==0.7.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts iso8601-duration@2.1.4 survey-core@3.1.1 luxon@3.7.2
echo "SpiffWorkflow 3.2.0, isodate 0.7.2, iso8601-duration 2.1.4, survey-core 3.1.1, luxon 3.7.2"
echo "guess: 2026-02-28, five times"
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import UTC, datetime

from isodate import parse_duration
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

start = datetime(2026, 1, 31, 8, tzinfo=UTC)
waits = TimerEventDefinition.get_timedelta_from_start(TimerEventDefinition.parse_iso_duration("P1M"), start)
seen = {"SpiffWorkflow": start + waits, "isodate": start + parse_duration("P1M")}
for name, end in seen.items():
    print(f"seen:  {name}: {end:%Y-%m-%d}")
as_noted = [f"{end:%m-%d}" for end in seen.values()] == ["03-03", "02-28"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
cat >"$dir/try.cjs" <<'JS'
const { end, parse } = require("iso8601-duration");
const { DateTime } = require("luxon");
const { Model } = require("survey-core");

const form = new Model({
  elements: [
    { type: "text", name: "from", inputType: "date", defaultValue: "2026-01-31" },
    { type: "expression", name: "to", expression: "dateAdd({from}, 1, 'months')" },
  ],
});
const seen = {
  "iso8601-duration": end(parse("P1M"), new Date("2026-01-31T08:00:00Z")).toISOString().slice(0, 10),
  "survey-core": DateTime.fromJSDate(new Date(form.getValue("to"))).toISODate(),
  luxon: DateTime.fromISO("2026-01-31").plus({ months: 1 }).toISODate(),
};
for (const [name, day] of Object.entries(seen)) console.log(`seen:  ${name}: ${day}`);
if (Object.values(seen).join() !== "2026-03-03,2026-03-03,2026-02-28") throw new Error("the behaviour has changed");
JS
node "$dir/try.cjs"
