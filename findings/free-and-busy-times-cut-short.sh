#!/usr/bin/env bash
# Several busy times in one line of a calendar file.
#
# Guess: two periods behind one FREEBUSY, with a comma between (RFC 5545, 3.8.2.6), are two busy times.
# Seen: node-ical 0.26.1 gives one, whose end is the text "20261130T020000Z,20261130T030000Z"; the second period, given
#   by its length (PT1H30M), is lost. ical.js 2.2.1 and icalendar 6.3.1 (Python) give two.
# Why it matters: an officer or a room looks free while it is taken, and two people are given one time.
# What we do instead: no calendar files are read; a desk's hours are records of its own working calendar
#   (agencies/calendars.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check icalendar==6.3.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts node-ical@0.26.1 ical.js@2.2.1
printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//office//VI BEGIN:VFREEBUSY UID:room-1@example.vn \
  DTSTAMP:20261130T000000Z DTSTART:20261130T000000Z DTEND:20261201T000000Z \
  FREEBUSY:20261130T010000Z/20261130T020000Z,20261130T030000Z/PT1H30M END:VFREEBUSY END:VCALENDAR >"$dir/busy.ics"
cat >"$dir/try.mjs" <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ICAL from "ical.js";

const text = readFileSync(process.argv[2], "utf8");
const nodeIcal = createRequire(import.meta.url)("node-ical");
const busy = Object.values(nodeIcal.sync.parseICS(text)).find((part) => part.type === "VFREEBUSY").freebusy;
const room = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vfreebusy");
const periods = room.getAllProperties("freebusy").flatMap((line) => line.getValues());
console.log(JSON.stringify({ "node-ical": busy.map((one) => one.end), "ical.js": periods.map((one) => one.getEnd().toString()) }));
JS
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from pathlib import Path

from icalendar import Calendar

folder = Path(sys.argv[1])
seen = json.loads(subprocess.check_output(["node", folder / "try.mjs", folder / "busy.ics"]))
room = Calendar.from_ical((folder / "busy.ics").read_bytes()).walk("VFREEBUSY")[0]["FREEBUSY"]
periods = [period for part in (room if isinstance(room, list) else [room]) for period in getattr(part, "periods", [part])]
seen["icalendar"] = len(periods)
print("node-ical 0.26.1, ical.js 2.2.1, icalendar 6.3.1")
print("guess: two busy times each")
for name, ends in seen.items():
    print(f"seen:  {name}: {ends}")
as_noted = seen["node-ical"] == ["20261130T020000Z,20261130T030000Z"]
as_noted &= seen["ical.js"] == ["2026-11-30T02:00:00Z", "2026-11-30T04:30:00Z"] and seen["icalendar"] == 2
sys.exit(0 if as_noted else "the behaviour has changed")
PY
