#!/usr/bin/env bash
# Three npm packages that spell Vietnamese amounts.
#
# Guess: a package that spells whole numbers spells each of them.
# Seen: vn-str 0.4.0 loses the last one of every 1001, 2001, 3001 …: "một nghìn". vn-num2words 1.0.4 spells 15 as "muời
#   năm" (no such word; "mười lăm") and puts "undefined" into a negative sum. number-to-text-vietnamese 1.1.7 reads
#   12500.5 as about a hundred times as much.
# Why it matters: a page that shows the words while the fee is typed would show another sum than the receipt.
# What we do instead: the words come from the server's one function (vietnam/money.py); pages never spell amounts
#   themselves.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts vn-str@0.4.0 vn-num2words@1.0.4 number-to-text-vietnamese@1.1.7
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const vnStr = require("vn-str");
const vnNum2words = require("vn-num2words");
const { getText } = require("number-to-text-vietnamese");

const seen = [
  ["vn-str 1001", vnStr.numToText(1001), "một nghìn"],
  ["vn-str 19001", vnStr.numToText(19001), "mười chín nghìn"],
  ["vn-str 1002", vnStr.numToText(1002), "một nghìn không trăm linh hai"],
  ["vn-num2words 15", vnNum2words(15), "muời năm"],
  ["vn-num2words -5000", vnNum2words(-5000), "undefined mươi lăm nghìn"],
  ["number-to-text-vietnamese 12500.5", getText(12500.5), "một triệu hai trăm năm mươi nghìn"],
];
console.log("vn-str 0.4.0, vn-num2words 1.0.4, number-to-text-vietnamese 1.1.7");
console.log("guess: the amounts, in words");
for (const [name, words] of seen) console.log(`seen:  ${name}: ${words}`);
if (!seen.every(([, words, noted]) => words.trim() === noted)) throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
