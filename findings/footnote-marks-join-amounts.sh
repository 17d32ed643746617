#!/usr/bin/env bash
# A table of fees with a footnote: 500.000 and a raised 2 behind it.
#
# Guess: a reader of tables sees the number without the mark, or refuses it as no number; plain text keeps the two apart.
# Seen: pandas 3.1.1 (read_html with thousands=".") gives 5,000,002, ten times the fee. html2text 2025.4.15, inscriptis 2.7.6 and, of
#   npm, html-to-text 10.0.1 and turndown 7.2.5 write 500.0002; html-text 0.7.1 alone "500.000 2".
# Why it matters: fees are collected from pages of ministries, whose tables are full of such marks; the result is a number of the
#   right kind.
# What we do instead: fees are entered from the deciding act and approved by a second person; no table of a page is read.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check \
  pandas==3.1.1 lxml==6.1.3 html2text==2025.4.15 inscriptis==2.7.6 html-text==0.7.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts html-to-text@10.0.1 turndown@7.2.5
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import re
import subprocess
import sys
from io import StringIO

import html2text
import html_text
import inscriptis
import pandas

PAGE = "<table><tr><th>Khoản</th><th>Đồng</th></tr><tr><td>Phí</td><td>500.000<sup>2</sup></td></tr></table>"
script = """
const { convert } = require("html-to-text");
const Turndown = require("turndown");
console.log(JSON.stringify({ "html-to-text": convert(process.argv[1]), turndown: new Turndown().turndown(process.argv[1]) }));
"""
texts = {
    "html2text": html2text.html2text(PAGE),
    "inscriptis": inscriptis.get_text(PAGE),
    "html-text": html_text.extract_text(PAGE),
}
texts |= json.loads(subprocess.check_output(["node", "-e", script, PAGE], cwd=sys.argv[1]))
amount = int(pandas.read_html(StringIO(PAGE), thousands=".")[0]["Đồng"][0])
seen = {name: re.search(r"500\.000 ?\d?", text)[0] for name, text in texts.items()}
print("pandas 3.1.1, html2text 2025.4.15, inscriptis 2.7.6, html-text 0.7.1, html-to-text 10.0.1, turndown 7.2.5")
print("guess: 500000, or no number; 500.000 and 2 apart")
print("seen:  pandas:", amount)
for name, text in seen.items():
    print(f"seen:  {name}: {text}")
joined = [name for name, text in seen.items() if text == "500.0002"]
as_noted = amount == 5_000_002 and joined == ["html2text", "inscriptis", "html-to-text", "turndown"]
sys.exit(0 if as_noted and seen["html-text"] == "500.000 2" else "the behaviour has changed")
PY
