#!/usr/bin/env bash
# Canonical JSON of an object with an undefined field.
#
# Guess: a canonicaliser leaves the field out, as JSON.stringify does.
# Seen: json-canon 1.0.1 (npm) leaves the field out but keeps its comma: {,"b":1}, which no parser reads. canonicalize
#   5.1.0 and json-canonicalize 3.0.1 write {"b":1}.
# Why it matters: what is signed must be read and signed again by the other side; optional fields are everywhere in an
#   exchange of dossiers.
# What we do instead: signatures go over the bytes that are sent, not over a canonical form made by each side.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts canonicalize@5.1.0 json-canonicalize@3.0.1 json-canon@1.0.1
cat >"$dir/try.mjs" <<'JS'
import canonicalize from "canonicalize";
import { canonicalize as jsonCanonicalize } from "json-canonicalize";
import jsonCanon from "json-canon";

const value = { a: undefined, b: 1 };
const seen = {
  "JSON.stringify": JSON.stringify(value),
  canonicalize: canonicalize(value),
  "json-canonicalize": jsonCanonicalize(value),
  "json-canon": jsonCanon(value),
};
console.log("json-canon 1.0.1, canonicalize 5.1.0, json-canonicalize 3.0.1");
console.log('guess: {"b":1}, four times');
for (const [name, text] of Object.entries(seen)) console.log(`seen:  ${name}: ${text}`);
if (Object.values(seen).join() !== '{"b":1},{"b":1},{"b":1},{,"b":1}') throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
