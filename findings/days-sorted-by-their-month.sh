#!/usr/bin/env bash
# A column of days written dd/mm/yyyy, sorted in the browser by functions for "natural" order.
#
# Guess: the numbers are compared from the left, so that all days of one form are sorted by day, then month, then year:
#   wrong as dates, but the same for every row.
# Seen: natural-orderby 5.0.0 and javascript-natural-sort 0.7.1 take a text for a date where its first number may be a
#   month: 05/12/2025 is the twelfth of May there, 13/01/2026 is no date. One puts the days after a twelfth first, the
#   other puts them last, so that a list is sorted by two rules, and June stands before the first of February.
# Why it matters: lists of dossiers are sorted by the day by which they are due.
# What we do instead: the server sorts lists by the column of the database, never the browser by what is shown.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts natural-orderby@5.0.0 javascript-natural-sort@0.7.1
cat >"$dir/try.mjs" <<'JS'
import naturalSort from "javascript-natural-sort";
import { orderBy } from "natural-orderby";

const days = ["20/11/2025", "05/12/2025", "01/02/2026", "13/01/2026", "06/01/2025"];
const seen = [orderBy(days), [...days].sort(naturalSort)].map(String);
console.log("natural-orderby 5.0.0, javascript-natural-sort 0.7.1");
console.log("guess:", "01/02/2026,05/12/2025,06/01/2025,13/01/2026,20/11/2025");
for (const order of seen) console.log("seen: ", order);
const expected = [
  "13/01/2026,20/11/2025,05/12/2025,06/01/2025,01/02/2026",
  "05/12/2025,06/01/2025,01/02/2026,13/01/2026,20/11/2025",
];
if (String(seen) !== String(expected)) throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
