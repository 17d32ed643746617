#!/usr/bin/env bash
# Answers of a Form.io form, checked on the server.
#
# Guess: @formio/core 2.8.3 makes answers ready and checks them: an amount typed as 1.500.000 is read or refused, codes
#   of one list stay what they are, and 30 February is refused.
# Seen: the amount becomes null without an error, as if nothing had been typed. Of the codes 01, 10 and 12 of one list
#   the first stays a text and the others become numbers. 30 February 2026 passes the check of a date.
# Why it matters: a declared value is empty in the dossier, and nobody was told; codes of one list no longer compare as
#   one kind.
# What we do instead: amounts are read as people type them or refused with a sentence (vietnam/money.py), codes are
#   texts, and dates are days that exist (vietnam/dates.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @formio/core@2.8.3
cat >"$dir/try.cjs" <<'JS'
const { ProcessTargets, process: run } = require("@formio/core");

const codes = ["01", "10", "12"].map((value) => ({ label: value, value }));
const components = [
  { type: "number", key: "amount", input: true, validate: {} },
  { type: "datetime", key: "day", input: true, format: "yyyy-MM-dd", enableTime: false, validate: {} },
  { type: "select", key: "code", input: true, dataSrc: "values", data: { values: codes }, validate: { onlyAvailableItems: true } },
];
const submitted = async (key, typed) => {
  const data = { [key]: typed };
  const about = { form: { components }, components, data, submission: { data }, config: { server: true }, instances: {} };
  const errors = [];
  for (const step of ["submission", "evaluator"]) {
    const scope = { errors: [] };
    await run({ ...about, scope, processors: ProcessTargets[step] });
    errors.push(...scope.errors.map((error) => error.ruleName));
  }
  return JSON.stringify({ kept: data[key], errors });
};
const noted = [
  ["amount", "1500000", '{"kept":1500000,"errors":[]}'],
  ["amount", "1.500.000", '{"kept":null,"errors":[]}'],
  ["code", "01", '{"kept":"01","errors":[]}'],
  ["code", "10", '{"kept":10,"errors":[]}'],
  ["day", "2026-02-30", '{"kept":"2026-02-30","errors":[]}'],
];
(async () => {
  console.log("@formio/core 2.8.3");
  console.log('guess: 1500000 or an error; "01" and "10"; an error for 30 February');
  for (const [key, typed, told] of noted) {
    const seen = await submitted(key, typed);
    console.log(`seen:  ${key} ${typed}: ${seen}`);
    if (seen !== told) throw new Error("the behaviour has changed");
  }
})();
JS
node "$dir/try.cjs"
