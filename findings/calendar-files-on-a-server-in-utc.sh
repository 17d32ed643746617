#!/usr/bin/env bash
# An appointment in Vietnam's zone, written on a server that runs in UTC.
#
# Guess: ical-generator with timezone "Asia/Ho_Chi_Minh" writes 08:00 in Vietnam as 08:00.
# Seen: ical-generator 10.2.0 takes a Date's hours in the process's zone and labels the calendar with the zone asked
#   for: on a server in UTC the file says 01:00 and X-WR-TIMEZONE:Asia/Ho_Chi_Minh. Nothing is raised; a Date of
#   another date library is needed to be converted.
# Why it matters: people come for their result at one in the morning, or miss the appointment when the server is moved.
# What we do instead: no calendar files are written; the API gives instants with their offset.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts ical-generator@10.2.0
cat >"$dir/try.mjs" <<'JS'
import generator from "ical-generator";

const calendar = generator({ timezone: "Asia/Ho_Chi_Minh" });
calendar.createEvent({ start: new Date("2026-11-30T08:00:00+07:00"), summary: "Trả kết quả" });
const lines = calendar.toString().split("\r\n");
const start = lines.find((line) => line.startsWith("DTSTART"));
const zone = lines.find((line) => line.startsWith("X-WR-TIMEZONE"));
console.log(`seen:  TZ=${process.env.TZ}: ${start}, ${zone}`);
if (start !== `DTSTART:${process.env.NOTED}`) throw new Error("the behaviour has changed");
JS
echo "ical-generator 10.2.0"
echo "guess: DTSTART at 08:00 under either zone"
TZ=Asia/Ho_Chi_Minh NOTED=20261130T080000 node "$dir/try.mjs"
TZ=UTC NOTED=20261130T010000 node "$dir/try.mjs"
