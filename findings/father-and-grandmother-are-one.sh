#!/usr/bin/env bash
# Vietnamese values of an API, in a client generated for it.
#
# Guess: openapi-typescript-codegen 0.31.0 makes an enumeration of all values that the description lists.
# Seen: of Bố, Bà, Mẹ, Mợ, Ông it keeps three: what is not A to Z is left out of the names, and of two values with one
#   name (Bố and Bà: B_) the second is dropped without a word.
# Why it matters: a father is sent where a grandmother was meant, or the program cannot say grandmother at all; the
#   description that it was made from is right.
# What we do instead: the API's values are English words in ASCII (docs/api/released.json); the Vietnamese ones are
#   texts beside them.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts openapi-typescript-codegen@0.31.0
cat >"$dir/try.cjs" <<'JS'
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { generate } = require("openapi-typescript-codegen");

const values = ["Bố", "Bà", "Mẹ", "Mợ", "Ông"];
const schemas = { Relation: { type: "string", enum: values } };
const input = { openapi: "3.0.3", info: { title: "API", version: "1" }, paths: {}, components: { schemas } };
const output = path.join(__dirname, "client");
generate({ input, output }).then(() => {
  const text = readFileSync(path.join(output, "models", "Relation.ts"), "utf8");
  const seen = Object.fromEntries([...text.matchAll(/^ +(\S+) = '(.+)',/gm)].map(([, name, value]) => [name, value]));
  console.log("openapi-typescript-codegen 0.31.0");
  console.log("guess:", values.join(", "));
  console.log("seen: ", JSON.stringify(seen));
  if (JSON.stringify(Object.values(seen)) !== '["Bố","Mẹ","Ông"]') throw new Error("the behaviour has changed");
});
JS
node "$dir/try.cjs"
