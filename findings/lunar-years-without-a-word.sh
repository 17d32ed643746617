#!/usr/bin/env bash
# A yearly appointment by the lunar calendar: Tết from 17 February 2026 on.
#
# Guess: a calendar library follows RSCALE=CHINESE (RFC 7529), or refuses the rule when it does not know
#   that calendar.
# Seen: ical.js 2.2.1 passes over RSCALE and repeats on 17 February of each year; with SKIP=BACKWARD a monthly day that begins on
#   the 31st has no day in February and April. python-dateutil 2.9.0 and rrule 2.8.1 refuse both rules by name.
# Why it matters: Tết of 2027 is on 6 February; a day off that was right when it was tried is wrong every year after.
# What we do instead: days off are dated records of a working calendar (agencies/calendars.py), computed once from a lunar
#   table and decided by people; no rule repeats by itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-dateutil==2.9.0.post0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1 rrule@2.8.1 tslib@2.8.1
cat >"$dir/try.mjs" <<'JS'
import ICAL from "ical.js";
import rrule from "rrule";

const days = (rule, first) => {
  const found = [];
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(first));
  for (let day = iterator.next(); day; day = iterator.next()) found.push(day.toString());
  return found.join(" ");
};
const tried = (asked) => {
  try {
    return asked();
  } catch (error) {
    return `refused: ${error.message}`;
  }
};
const [rule, first] = process.argv.slice(2);
const start = `DTSTART:${first.replaceAll("-", "")}T000000Z`;
console.log(tried(() => days(rule, first)));
console.log(tried(() => rrule.rrulestr(`${start}\nRRULE:${rule}`).all().join(" ")));
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import subprocess
import sys
from datetime import datetime

from dateutil.rrule import rrulestr


def by_dateutil(rule, first):
    try:
        return " ".join(day.date().isoformat() for day in rrulestr(rule, dtstart=datetime.fromisoformat(first)))
    except ValueError as error:
        return f"refused: {error}"


RULES = {
    "RSCALE=CHINESE;FREQ=YEARLY;COUNT=3": "2026-02-17",
    "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3": "2026-01-31",
}
seen = []
print("ical.js 2.2.1, rrule 2.8.1, python-dateutil 2.9.0.post0\nguess: followed or refused")
for rule, first in RULES.items():
    out = subprocess.check_output(["node", f"{sys.argv[1]}/try.mjs", rule, first], text=True).splitlines()
    said = dict(zip(("ical.js", "rrule", "python-dateutil"), [*out, by_dateutil(rule, first)], strict=True))
    seen.append(said)
    for name, text in said.items():
        print(f"seen:  {rule}: {name}: {text}")
followed = [said.pop("ical.js") for said in seen]
refused = all(text.startswith("refused") for said in seen for text in said.values())
as_noted = followed == ["2026-02-17 2027-02-17 2028-02-17", "2026-01-31 2026-03-31 2026-05-31"]
sys.exit(0 if as_noted and refused else "the behaviour has changed")
PY
