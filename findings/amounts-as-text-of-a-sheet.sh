#!/usr/bin/env bash
# The line of a letter, put together by a formula: ="Lệ phí: "&TEXT(A1,"#,##0")&" đồng", computed in the browser.
#
# Guess: the formats that Excel knows: 1,500,000, 13% of 0.125, and no answer where a format is not known.
# Seen: HyperFormula 3.5.0 writes the number in the place of the first marks and leaves the rest of the format standing:
#   1500000,##0 and 1500000,##0.00. A share of 0.125 by "0%" is 0%, a day by "dddd" (its weekday) is 0505. Formats of
#   digits (00000) and of days (dd/mm/yyyy) are right.
# Why it matters: the sentence looks finished, with an amount that nobody can read or a share that is not true.
# What we do instead: amounts and shares in papers and workbooks are written by functions of the server.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts hyperformula@3.5.0
cat >"$dir/try.mjs" <<'JS'
import { HyperFormula } from "hyperformula";

const formulas = {
  'TEXT(1500000,"#,##0")': ["1,500,000", "1500000,##0"],
  'TEXT(1500000,"#,##0.00")': ["1,500,000.00", "1500000,##0.00"],
  'TEXT(0.125,"0%")': ["13%", "0%"],
  'TEXT(DATE(2026,12,5),"dddd")': ["Saturday", "0505"],
  'TEXT(9187,"00000")': ["09187", "09187"],
  'TEXT(DATE(2026,12,5),"dd/mm/yyyy")': ["05/12/2026", "05/12/2026"],
};
const sheet = HyperFormula.buildFromArray([Object.keys(formulas).map((one) => `=${one}`)], { licenseKey: "gpl-v3" });
console.log("HyperFormula 3.5.0");
Object.entries(formulas).forEach(([formula, [guess, expected]], column) => {
  const seen = sheet.getCellValue({ sheet: 0, row: 0, col: column });
  console.log(`guess: ${guess.padEnd(14)} seen: ${String(seen).padEnd(16)} ${formula}`);
  if (seen !== expected) throw new Error("the behaviour has changed");
});
JS
node "$dir/try.mjs"
