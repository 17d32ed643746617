#!/usr/bin/env bash
# The days off at Tết in a JavaScript library of holidays.
#
# Guess: date-holidays 3.37.0 has Vietnam's eleven days off a year of article 112 of the Labour Code of 2019: five days
#   at Tết and two at the National Day.
# Seen: as days off it has the eve and the first day of Tết and 2 September alone: in 2026 and 2027 seven days a year.
#   The dates that it has are right, by the lunar calendar too.
# Why it matters: three working days too many in the week of Tết and one in September: everything that is due then is
#   late by law while it is early by the calendar, and reminders go out to empty offices.
# What we do instead: days off are dated records with the document that decides them (vietnam/holidays.py); the
#   province's administrator decides.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts date-holidays@3.37.0
cat >"$dir/try.cjs" <<'JS'
const Holidays = require("date-holidays");

const vietnam = new Holidays("VN");
console.log("date-holidays 3.37.0");
console.log("guess: eleven days off a year, five of them at Tết, two at the National Day");
const noted = {
  2026: "2026-01-01 2026-02-16 2026-02-17 2026-04-26 2026-04-30 2026-05-01 2026-09-02",
  2027: "2027-01-01 2027-02-05 2027-02-06 2027-04-16 2027-04-30 2027-05-01 2027-09-02",
};
for (const [year, days] of Object.entries(noted)) {
  const off = vietnam.getHolidays(Number(year)).filter((day) => day.type === "public");
  const seen = off.map((day) => day.date.slice(0, 10)).join(" ");
  console.log(`seen:  ${off.length}: ${seen}`);
  if (seen !== days) throw new Error("the behaviour has changed");
}
JS
node "$dir/try.cjs"
