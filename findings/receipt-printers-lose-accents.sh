#!/usr/bin/env bash
# A slip on a receipt printer with its Vietnamese code page.
#
# Guess: the code pages that carry Vietnam's name hold Vietnamese: windows1258 and tcvn3.
# Seen: @point-of-sale/receipt-printer-encoder 4.0.1 puts question marks for what a page lacks, without a word:
#   windows1258 has no composed letters with two marks (Hồ becomes H?), tcvn3 no capitals (ĐẶNG becomes ??NG). Only
#   codepage "auto", which changes pages within the line, is complete.
# Why it matters: queue tickets and slips would spell half the names with question marks.
# What we do instead: nothing is sent to receipt printers; what is printed is a PDF or a page with our own font.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @point-of-sale/receipt-printer-encoder@4.0.1
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";

const loaded = createRequire(import.meta.url)("@point-of-sale/receipt-printer-encoder");
const Encoder = loaded.default ?? loaded;
const seen = {};
for (const page of ["windows1258", "tcvn3", "auto"]) {
  const bytes = new Encoder({ language: "esc-pos", columns: 42 }).initialize().codepage(page).text("Hồ sơ ĐẶNG").encode();
  seen[page] = [...bytes].filter((byte) => byte === 0x3f).length;
}
console.log("@point-of-sale/receipt-printer-encoder 4.0.1");
console.log('guess: no question mark in "Hồ sơ ĐẶNG"');
for (const [page, marks] of Object.entries(seen)) console.log(`seen:  ${page}: ${marks} question marks`);
if (JSON.stringify(seen) !== '{"windows1258":2,"tcvn3":2,"auto":0}') throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
