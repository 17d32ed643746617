#!/usr/bin/env bash
# Names of people and offices put into capitals and small letters by Excel's function PROPER, in JavaScript.
#
# Guess: "lê thị ánh" and "LÊ THỊ ÁNH" are "Lê Thị Ánh", as in Excel.
# Seen: @formulajs/formulajs 4.6.1 begins a word behind every letter that is not of English: "Lê Thị áNh" from small
#   letters, "Lê Thị ÁNh" and "ĐẶNg" from capitals. Names whose words begin and go on with plain letters are right.
# Why it matters: old registers are written in capitals; the names made of them are printed on licences.
# What we do instead: a name is kept as it was written; no machine capitalises it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @formulajs/formulajs@4.6.1
cat >"$dir/try.mjs" <<'JS'
import { PROPER } from "@formulajs/formulajs";

const names = {
  "nguyễn văn an": "Nguyễn Văn An",
  "lê thị ánh": "Lê Thị áNh",
  "LÊ THỊ ÁNH": "Lê Thị ÁNh",
  "ĐẶNG VĂN AN": "ĐẶNg Văn An",
  "ủy ban nhân dân": "ủY Ban Nhân Dân",
};
console.log("@formulajs/formulajs 4.6.1");
for (const [name, expected] of Object.entries(names)) {
  const guess = name.toLowerCase().replace(/(^| )./gu, (first) => first.toUpperCase());
  console.log(`guess: ${guess.padEnd(16)} seen: ${PROPER(name)}`);
  if (PROPER(name) !== expected) throw new Error("the behaviour has changed");
}
JS
node "$dir/try.mjs"
