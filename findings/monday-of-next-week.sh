#!/usr/bin/env bash
# Days of next week, as Vietnamese letters write them.
#
# Guess: chrono-node 2.10.3, which has a Vietnamese parser, reads "thứ hai tuần sau" as Monday of next week, or not at all.
# Seen: the Vietnamese weekdays are numerals, and it takes the numeral with the week: "thứ hai tuần sau" becomes "two
#   weeks from now", "thứ ba tuần sau" three, up to seven for Saturday. "thứ tư tuần sau" falls into two answers, this
#   Wednesday and a week from now. "tháng ba năm sau" (March of next year) is three years from now.
# Why it matters: a citizen who writes when they can come is given an appointment weeks later, on a real working day that
#   nobody doubts.
# What we do instead: days are chosen in fields of one form; free text is kept as text and never read as a date.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3
cat >"$dir/try.mjs" <<'JS'
import { vi } from "chrono-node";

const monday = new Date(2026, 10, 30, 10);
const day = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
const read = (text) => vi.parse(text, monday).map((found) => `${found.text} = ${day(found.start.date())}`);
const texts = ["thứ hai tuần sau", "thứ ba tuần sau", "thứ tư tuần sau", "thứ năm tuần sau", "thứ bảy tuần sau", "tháng ba năm sau"];

console.log("chrono-node 2.10.3, on Monday 2026-11-30");
console.log("guess: 2026-12-07, -08, -09, -10, -12; March 2027");
const seen = texts.map(read);
texts.forEach((text, at) => console.log(`seen:  ${text}: ${seen[at].join("; ")}`));
const noted = [
  "hai tuần sau = 2026-12-14",
  "ba tuần sau = 2026-12-21",
  "thứ tư = 2026-12-02; tuần sau = 2026-12-07",
  "năm tuần sau = 2027-01-04",
  "bảy tuần sau = 2027-01-18",
  "ba năm sau = 2029-11-30",
];
if (seen.some((found, at) => found.join("; ") !== noted[at])) throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
