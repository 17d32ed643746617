#!/usr/bin/env bash
# Addresses made from Vietnamese titles.
#
# Guess: a slug of "Đặng Thị Ươm" is dang-thi-uom, typed on any keyboard.
# Seen: slugify 1.6.9 (npm) writes DJang-Thi-Uom unless told locale "vi"; url-slug 5.2.0 drops the letter: ang-thi-uom;
#   speakingurl 14.0.1 cuts decomposed text at every mark: da-ng-thi-u-o-m. @sindresorhus/slugify 3.0.1 gives the guess
#   in both forms.
# Why it matters: two addresses for one page, or the same one for "đất" and "ất".
# What we do instead: addresses hold codes, not titles.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts slugify@1.6.9 @sindresorhus/slugify@3.0.1 speakingurl@14.0.1 url-slug@5.2.0
cat >"$dir/try.mjs" <<'JS'
import slugify from "slugify";
import sindresorhus from "@sindresorhus/slugify";
import speakingurl from "speakingurl";
import * as urlSlug from "url-slug";

const title = "Đặng Thị Ươm";
const seen = {};
for (const [name, make] of Object.entries({ slugify, "url-slug": urlSlug.default ?? urlSlug.convert, speakingurl, "@sindresorhus/slugify": sindresorhus }))
  seen[name] = [make(title), make(title.normalize("NFD"))];
console.log("slugify, url-slug, speakingurl, @sindresorhus/slugify, as pinned");
console.log("guess: dang-thi-uom, twice each");
for (const [name, slugs] of Object.entries(seen)) console.log(`seen:  ${name}: ${slugs.join(" and ")}`);
const noted = {
  slugify: ["DJang-Thi-Uom", "DJang-Thi-Uom"],
  "url-slug": ["ang-thi-uom", "ang-thi-uom"],
  speakingurl: ["dang-thi-uom", "da-ng-thi-u-o-m"],
  "@sindresorhus/slugify": ["dang-thi-uom", "dang-thi-uom"],
};
if (JSON.stringify(seen) !== JSON.stringify(noted)) throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
