#!/usr/bin/env bash
# The machine-readable lines of somebody of whose birth only the year is known.
#
# Guess: readers of ICAO 9303 know that unknown parts of a birth date are fillers ("38<<<<"), with a check digit over them.
# Seen: mrz 0.6.2 (Python) calls such lines invalid for their birth date, though every check digit is right, and its
#   generator refuses to write them; mrz 5.0.2 (npm) calls the same lines valid.
# Why it matters: people born before registers were kept are turned away at a reader in one office and accepted in
#   another, with the same card.
# What we do instead: the year alone is a date of birth of its own precision (vietnam/dates.py: parse_partial_date),
#   and the lines of a card are not read.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check mrz==0.6.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts mrz@5.0.2
"$dir/env/bin/python" - "$dir" <<'PY'
import sys
from pathlib import Path

from mrz.checker.td1 import TD1CodeChecker
from mrz.generator.td1 import TD1CodeGenerator


def digit(text):
    """The check digit of ICAO 9303, part 3: weights 7, 3, 1; a filler counts nothing."""
    values = (int(c, 36) if c != "<" else 0 for c in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def lines(born):
    """The three lines of a card for a made-up holder."""
    first = f"I<VNM001138001{digit('001138001')}".ljust(30, "<")
    second = f"{born}{digit(born)}F991231{digit('991231')}VNM".ljust(29, "<")
    total = digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
    return "\n".join((first, second + total, "TRAN<<THI<HOA".ljust(30, "<")))


def verdict(born):
    Path(sys.argv[1], f"{born[:3]}.txt").write_text(lines(born))
    return bool(TD1CodeChecker(lines(born)))


try:
    TD1CodeGenerator("I", "VNM", "001138001", "38<<<<", "F", "991231", "VNM", "TRAN", "THI HOA")
    written = "writes it"
except ValueError as error:
    written = type(error).__name__
print("mrz 0.6.2 (Python), mrz 5.0.2 (npm)")
print("guess: 380101 valid, 38<<<< valid, from both")
seen = [verdict("380101"), verdict("38<<<<")]
print(f"seen:  Python: 380101 {seen[0]}, 38<<<< {seen[1]}; its generator: {written}")
sys.exit(0 if seen == [True, False] and written != "writes it" else "the behaviour has changed")
PY
cat >"$dir/try.cjs" <<'JS'
const { readFileSync } = require("node:fs");
const { parse } = require("mrz");

const seen = ["380", "38<"].map((file) => parse(readFileSync(`${__dirname}/${file}.txt`, "utf8").split("\n")).valid);
console.log(`seen:  npm: 380101 ${seen[0]}, 38<<<< ${seen[1]}`);
if (seen.join() !== "true,true") throw new Error("the behaviour has changed");
JS
node "$dir/try.cjs"
