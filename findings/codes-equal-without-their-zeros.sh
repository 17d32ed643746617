#!/usr/bin/env bash
# Codes compared in the conditions of a form.
#
# Guess: two answers that are texts are compared as texts: commune 09187 is not 9187, and the file "1e1" is not "10".
# Seen: survey-core 3.1.1 turns texts that look like numbers into numbers when two answers are compared: "09187" equals
#   "9187", "024093001234" equals 24093001234, "1e1" equals "10". Against a text written in the condition itself it
#   compares as text, so {a} = {b} holds where {a} = '9187' holds and {b} = '9187' does not. A sum does the reverse:
#   {code} + 1 is "091871".
# Why it matters: a condition takes the number that somebody has typed short for the one on their card, and the question
#   of a difference is never asked.
# What we do instead: a question has a type, and a condition compares as that type says
#   (procedures/questionnaire/conditions.py): codes are texts everywhere.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts survey-core@3.1.1
cat >"$dir/try.cjs" <<'JS'
const { Model } = require("survey-core");

const answers = { a: "9187", b: "09187", card: "024093001234", typed: "24093001234", file: "1e1", other: "10" };
const said = (expression) => {
  const form = new Model({ elements: [{ type: "expression", name: "answer", expression }] });
  form.data = { ...answers };
  return form.getValue("answer");
};
const asked = {
  "{a} = {b}": [false, true],
  "{card} = {typed}": [false, true],
  "{file} = {other}": [false, true],
  "{a} = '9187'": [true, true],
  "{b} = '9187'": [false, false],
  "{b} + 1": [9188, "091871"],
};
console.log("survey-core 3.1.1 with", JSON.stringify(answers));
for (const [text, [guess, noted]] of Object.entries(asked)) {
  console.log(`${text}  guess: ${guess}  seen: ${JSON.stringify(said(text))}`);
  if (said(text) !== noted) throw new Error("the behaviour has changed");
}
JS
node "$dir/try.cjs"
