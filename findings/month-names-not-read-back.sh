#!/usr/bin/env bash
# A date written out in Vietnamese, read back by the library that wrote it.
#
# Guess: dayjs with customParseFormat and its Vietnamese locale reads "30 tháng 4 2026" with the format that wrote it, as
#   it reads "30 April 2026" in English.
# Seen: dayjs 1.11.23 says Invalid Date, for its own long form LL ("30 tháng 4 năm 2026") too: a name of a month is taken to
#   be one word, and Vietnamese months are two, the second a number. date-fns 4.4.0 reads what it wrote.
# Why it matters: a field that shows the date in words loses it at the next save, in Vietnamese only, where English
#   tests pass.
# What we do instead: dates go between browser and server as ISO 8601; words are only ever written.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts dayjs@1.11.23 date-fns@4.4.0
cat >"$dir/try.cjs" <<'JS'
const { format, isValid, parse } = require("date-fns");
const { vi } = require("date-fns/locale");
const dayjs = require("dayjs");
require("dayjs/locale/vi");

dayjs.extend(require("dayjs/plugin/customParseFormat"));
dayjs.extend(require("dayjs/plugin/localizedFormat"));
const again = (form, locale) => {
  const written = dayjs("2026-04-30").locale(locale).format(form);
  return [written, dayjs(written, form, locale).isValid()];
};
const other = format(new Date(2026, 3, 30), "d MMMM yyyy", { locale: vi });
const seen = [
  ["dayjs", ...again("D MMMM YYYY", "vi")],
  ["dayjs, LL", ...again("LL", "vi")],
  ["dayjs", ...again("D MMMM YYYY", "en")],
  ["date-fns", other, isValid(parse(other, "d MMMM yyyy", new Date(), { locale: vi }))],
];
console.log("dayjs 1.11.23, date-fns 4.4.0");
console.log("guess: each is read back");
for (const [name, written, read] of seen) console.log(`seen:  ${name}: "${written}" is ${read ? "" : "not "}read back`);
if (seen.map((row) => row[2]).join() !== "false,false,true,true") throw new Error("the behaviour has changed");
JS
node "$dir/try.cjs"
