#!/usr/bin/env bash
# The sum below a list, in a workbook made from a template.
#
# Guess: when the one row of a list becomes three, the sum below it moves down and takes all three in.
# Seen: xlsx-template 1.4.7 moves the sum down and leaves it at =SUM(B2:B2): of 50000, 30000 and 20000 it is 50000. The
#   area to print stays as it was, so that the rows added are not printed.
# Why it matters: a day's list of fees is printed and signed with the first payment as its sum.
# What we do instead: workbooks are written row by row (payments/spreadsheets.py, reports/workbooks.py), and what they
#   add up is counted on the server first.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xlsx-template@1.4.7 exceljs@4.4.0
cat >"$dir/try.cjs" <<'JS'
const ExcelJS = require("exceljs");
const XlsxTemplate = require("xlsx-template");

(async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("Lệ phí");
  sheet.addRow(["Mã", "Lệ phí"]);
  sheet.addRow(["${table:rows.code}", "${table:rows.fee}"]);
  sheet.addRow(["Cộng", { formula: "SUM(B2:B2)", result: 0 }]);
  sheet.pageSetup.printArea = "A1:B3";
  const filled = new XlsxTemplate(await book.xlsx.writeBuffer());
  filled.substitute(1, { rows: [50000, 30000, 20000].map((fee, at) => ({ code: `0000${at + 1}`, fee })) });
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(filled.generate({ type: "nodebuffer" }));
  const [told] = read.worksheets;
  const fees = [2, 3, 4, 5].map((row) => told.getCell(`B${row}`).value?.formula ?? told.getCell(`B${row}`).value);
  const seen = JSON.stringify([fees, told.pageSetup.printArea]);
  console.log("xlsx-template 1.4.7");
  console.log('guess: [[50000,30000,20000,"SUM(B2:B4)"],"A1:B5"]');
  console.log("seen: ", seen);
  if (seen !== '[[50000,30000,20000,"SUM(B2:B2)"],"A1:B3"]') throw new Error("the behaviour has changed");
})();
JS
node "$dir/try.cjs"
