#!/usr/bin/env bash
# Dates between JavaScript and Excel in Vietnam's zone.
#
# Guess: a date cell of 29 November 2026 becomes a Date of that day, and the other way round, in any zone.
# Seen: under TZ=Asia/Ho_Chi_Minh, SheetJS (xlsx 0.18.5, cellDates) reads the cell as 28 November 23:59:30, because it
#   takes the zone's offset of 1899 for today's; ExcelJS 4.4.0 writes local midnight as 28 November 17:00. Under UTC
#   both are right, so a build server sees nothing.
# Why it matters: a list of due dates or birth dates is a day early on every desk in Vietnam and right in every test.
# What we do instead: spreadsheets are read and written on the server by openpyxl, in dates without zones.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 exceljs@4.4.0
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const XLSX = require("xlsx");
const ExcelJS = require("exceljs");

const local = (date) => new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" }).format(date);
const sheet = XLSX.utils.aoa_to_sheet([[46355]]); // 29 November 2026
sheet.A1.z = "dd/mm/yyyy";
const bytes = XLSX.write({ SheetNames: ["S"], Sheets: { S: sheet } }, { type: "buffer", bookType: "xlsx" });
const read = local(XLSX.read(bytes, { cellDates: true }).Sheets.S.A1.v);

const book = new ExcelJS.Workbook();
const cell = book.addWorksheet("S").getCell("A1");
cell.value = new Date(2026, 10, 29);
cell.numFmt = "dd/mm/yyyy";
const written = XLSX.read(await book.xlsx.writeBuffer()).Sheets.S.A1.w;

console.log(`seen:  TZ=${process.env.TZ}: SheetJS reads ${read}, ExcelJS writes ${written}`);
if (`${read} ${written}` !== process.env.NOTED) throw new Error("the behaviour has changed");
JS
echo "xlsx 0.18.5, exceljs 4.4.0"
echo "guess: 2026-11-29 00:00:00 and 29/11/2026"
TZ=UTC NOTED="2026-11-29 00:00:00 29/11/2026" node "$dir/try.mjs"
TZ=Asia/Ho_Chi_Minh NOTED="2026-11-28 23:59:30 28/11/2026" node "$dir/try.mjs"
