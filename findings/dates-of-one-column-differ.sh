#!/usr/bin/env bash
# A column of Vietnamese dates read by a parser that finds out the form by itself.
#
# Guess: a column written as day/month/year is read one way, or what is doubtful is refused.
# Seen: python-dateutil 2.9.0.post0 reads 05/12/2025 as the 12th of May and 20/11/2025 as the 20th of November, without a
#   word; each date is judged alone. With dayfirst=True 2025-12-05, as newer systems write it, becomes the 12th of May.
# Why it matters: of another system's dossiers two days in five would be due in another month, and only those.
# What we do instead: the forms of a file's dates are said in its mapping and tried in order; ISO 8601 is read strictly.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-dateutil==2.9.0.post0
"$dir/env/bin/python" - <<'PY'
import sys

from dateutil.parser import parse

column = [f"{parse(text):%Y-%m-%d}" for text in ("05/12/2025", "20/11/2025")]
first = [f"{parse(text, dayfirst=True):%Y-%m-%d}" for text in ("05/12/2025", "2025-12-05")]
print("python-dateutil 2.9.0.post0")
print("guess:", ["2025-12-05", "2025-11-20"], ["2025-12-05", "2025-12-05"])
print("seen: ", column, first)
sys.exit(0 if (column, first) == (["2025-05-12", "2025-11-20"], ["2025-12-05", "2025-05-12"]) else "it has changed")
PY
