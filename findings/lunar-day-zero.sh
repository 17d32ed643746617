#!/usr/bin/env bash
# Lunar months that begin with day zero.
#
# Guess: a conversion from solar to lunar gives a day from 1 to 30.
# Seen: amlich 0.0.2 and vietnamese-lunar-calendar 0.0.6 (npm), both on the widely copied algorithm, call 7 May 2054
#   the day 0 of the fourth month and 9 April 2062 the day 0 of the third. Two days of 150 years, nothing raised.
# Why it matters: a column with a check of 1 to 30 refuses the day, one without keeps nonsense; land leases of 50 years
#   reach 2054 today.
# What we do instead: no lunar arithmetic: holidays are a dated table of ours (vietnam/holidays.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts amlich@0.0.2 vietnamese-lunar-calendar@0.0.6
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { convertSolar2Lunar } = require("amlich");
const { LunarDate } = require("vietnamese-lunar-calendar");

const zero = { amlich: [], "vietnamese-lunar-calendar": [] };
for (let at = Date.UTC(1950, 0, 1); at < Date.UTC(2100, 0, 1); at += 86_400_000) {
  const day = new Date(at);
  const [y, m, d] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  if (convertSolar2Lunar(d, m, y, 7)[0] === 0) zero.amlich.push(`${y}-${m}-${d}`);
  if (new LunarDate(y, m, d).date === 0) zero["vietnamese-lunar-calendar"].push(`${y}-${m}-${d}`);
}
console.log("amlich 0.0.2, vietnamese-lunar-calendar 0.0.6");
console.log("guess: no day 0 between 1950 and 2099");
for (const [name, days] of Object.entries(zero)) console.log(`seen:  ${name}: ${days.join(", ")}`);
for (const days of Object.values(zero))
  if (days.join() !== "2054-5-7,2062-4-9") throw new Error("the behaviour has changed");
JS
TZ=Asia/Ho_Chi_Minh node "$dir/try.mjs"
