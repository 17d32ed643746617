#!/usr/bin/env bash
# Accounts that a directory looks for by SCIM.
#
# Guess: a filter userName eq "lean" finds LeAn, as the standard's userName is without regard to case (RFC 7643, 4.1.1),
#   and times are compared as moments (RFC 7644, 3.4.2.2).
# Seen: scim2-parse-filter 0.2.10 and scimmy 1.3.5 (npm) find nobody. The first compares times as texts: an account
#   changed at 08:00+07:00 (01:00 UTC) counts as changed after 02:00 UTC.
# Why it matters: a directory that does not find somebody makes a second account; one that asks who changed since a
#   moment gets others.
# What we do instead: an account's name is kept in small letters and looked up so (accounts/backends.py,
#   accounts/models/accounts.py); times are compared as moments in the database.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts scim2-parse-filter@0.2.10 scimmy@1.3.5
cat >"$dir/try.mjs" <<'JS'
import { filter, parse } from "scim2-parse-filter";
import scimmy from "scimmy";

const people = [{ userName: "LeAn", meta: { lastModified: "2026-11-30T08:00:00+07:00" } }];
const found = (text) => ({
  "scim2-parse-filter": people.filter(filter(parse(text))).length,
  scimmy: new scimmy.Types.Filter(text).match(people).length,
});
const noted = {
  'userName eq "LeAn"': [1, 1],
  'userName eq "lean"': [0, 0],
  'meta.lastModified gt "2026-11-30T00:30:00Z"': [1, 1],
  'meta.lastModified gt "2026-11-30T02:00:00Z"': [1, 0],
};
console.log("scim2-parse-filter 0.2.10, scimmy 1.3.5");
console.log("guess: one, one, one, none");
for (const [text, counts] of Object.entries(noted)) {
  const seen = found(text);
  console.log(`seen:  ${text}: ${JSON.stringify(seen)}`);
  if (JSON.stringify(Object.values(seen)) !== JSON.stringify(counts)) throw new Error("the behaviour has changed");
}
JS
node "$dir/try.mjs"
