#!/usr/bin/env bash
# Fees and ages in the expression language of decision tables (FEEL of DMN).
#
# Guess: a FEEL engine has what the standard demands: decimal numbers of 34 digits, so that 0.1 + 0.2 is 0.3; and
#   "years and months duration" gives years and months.
# Seen: feelin 8.2.0, the engine of the bpmn.io tools, counts with JavaScript's binary numbers: 0.1 + 0.2 = 0.3 is
#   false, 1.15 * 100 is 114.99999999999999. From 31 January to 28 February its "years and
#   months" are P28D, from 29 February 2024 to 28 February 2026 P1Y11M30D.
# Why it matters: a rule that is met at exactly a rate or an amount is missed, a fee is a đồng less once it is cut to
#   whole đồng, and a table in use elsewhere gives other answers here.
# What we do instead: fees are whole đồng, kept and counted as integers (procedures/fees/); sums of answers are exact
#   decimals (procedures/questionnaire/formulas.py), and full years and months are counted by our own functions.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts feelin@8.2.0
cat >"$dir/try.mjs" <<'JS'
import { evaluate } from "feelin";

const said = (text) => {
  const result = evaluate(text, {});
  const value = result !== null && typeof result === "object" && "value" in result ? result.value : result;
  return typeof value?.toISO === "function" ? value.toISO() : String(value);
};
const asked = {
  "0.1 + 0.2 = 0.3": ["true", "false"],
  "1.15 * 100": ["115", "114.99999999999999"],
  'years and months duration(date("2026-01-31"), date("2026-02-28"))': ["P0M", "P28D"],
  'years and months duration(date("2024-02-29"), date("2026-02-28"))': ["P1Y11M", "P1Y11M30D"],
};
console.log("feelin 8.2.0");
for (const [text, [guess, noted]] of Object.entries(asked)) {
  console.log(`${text}\n  guess: ${guess}\n  seen:  ${said(text)}`);
  if (said(text) !== noted) throw new Error("the behaviour has changed");
}
JS
node "$dir/try.mjs"
