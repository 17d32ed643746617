#!/usr/bin/env bash
# The points of an act on a page, as plain text: clause 3 after an explanation, and points a and b.
#
# Guess: what the page shows is in the text: "3. Hồ sơ" for <ol start="3">, "a. Đơn" for <ol type="a">.
# Seen: inscriptis 2.7.6 (Python) and node-html-markdown 2.0.0 (npm) begin each list with 1; html2text 2025.4.15 and turndown 7.2.5
#   keep the 3 and write 1 for a; html-text 0.7.1 leaves all numbers out. html-to-text 10.0.1 alone writes 3 and a.
# Why it matters: papers cite "điểm a khoản 3"; the text says that there is no such point, or that it is another.
# What we do instead: clauses and points that a paper cites are typed with the act's number and checked by a person.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check html2text==2025.4.15 inscriptis==2.7.6 html-text==0.7.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts \
  html-to-text@10.0.1 turndown@7.2.5 node-html-markdown@2.0.0
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import re
import subprocess
import sys

import html2text
import html_text
import inscriptis

PAGE = '<ol start="3"><li>Hồ sơ</li></ol><p>gồm</p><ol type="a"><li>Đơn</li></ol>'
script = """
const { NodeHtmlMarkdown } = require("node-html-markdown");
const Turndown = require("turndown");
console.log(JSON.stringify({
  turndown: new Turndown().turndown(process.argv[1]),
  "node-html-markdown": NodeHtmlMarkdown.translate(process.argv[1]),
  "html-to-text": require("html-to-text").convert(process.argv[1]),
}));
"""
texts = {
    "html2text": html2text.html2text(PAGE),
    "inscriptis": inscriptis.get_text(PAGE),
    "html-text": html_text.extract_text(PAGE),
}
texts |= json.loads(subprocess.check_output(["node", "-e", script, PAGE], cwd=sys.argv[1]))
seen = {}
for name, text in texts.items():
    marks = re.search(r"(\w?)\.?\s*Hồ sơ\s+gồm\s+(\w?)\.?\s*Đơn", text)
    seen[name] = (marks[1], marks[2])
print("html2text 2025.4.15, inscriptis 2.7.6, html-text 0.7.1, turndown 7.2.5, node-html-markdown 2.0.0, html-to-text 10.0.1")
print("guess: 3 and a")
for name, (clause, point) in seen.items():
    print(f"seen:  {name}: {clause or 'nothing'} and {point or 'nothing'}")
NOTED = {
    "html2text": ("3", "1"),
    "inscriptis": ("1", "1"),
    "html-text": ("", ""),
    "turndown": ("3", "1"),
    "node-html-markdown": ("1", "1"),
    "html-to-text": ("3", "a"),
}
sys.exit(0 if seen == NOTED else "the behaviour has changed")
PY
