#!/usr/bin/env bash
# Codes in an XML file of another agency.
#
# Guess: XML without a schema is text: <ma>09187</ma> is read as "09187".
# Seen: fast-xml-parser 5.12.1 makes numbers of what looks like one unless told not to: commune 09187 becomes 9187, a
#   personal number of twelve digits loses its zero, file "1E5" becomes 100000, a price 150000.00 its 150000. A number
#   with 19 digits stays a text, so one column can have both. xml2js 0.6.2 reads texts.
# Why it matters: nearly every personal number in the country begins with a zero, and all of them are cut to
#   eleven digits or ten, which belong to nobody.
# What we do instead: XML is read with lxml, whose texts stay texts; a code is checked by its own parser.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts fast-xml-parser@5.12.1 xml2js@0.6.2
cat >"$dir/try.cjs" <<'JS'
const { XMLParser } = require("fast-xml-parser");
const { parseStringPromise } = require("xml2js");

const written = { ma: "09187", so: "001138000000", hoso: "1E5", gia: "150000.00", taikhoan: "0011001234567890123" };
const xml = `<x>${Object.entries(written).map(([name, text]) => `<${name}>${text}</${name}>`).join("")}</x>`;
(async () => {
  const seen = new XMLParser().parse(xml).x;
  const others = (await parseStringPromise(xml, { explicitArray: false })).x;
  console.log("fast-xml-parser 5.12.1, xml2js 0.6.2");
  console.log("guess:", JSON.stringify(written));
  console.log("seen:  fast-xml-parser:", JSON.stringify(seen));
  console.log("seen:  xml2js:", JSON.stringify(others));
  const noted = { ma: 9187, so: 1138000000, hoso: 100000, gia: 150000, taikhoan: written.taikhoan };
  const changed = JSON.stringify(seen) !== JSON.stringify(noted) || JSON.stringify(others) !== JSON.stringify(written);
  if (changed) throw new Error("the behaviour has changed");
})();
JS
node "$dir/try.cjs"
