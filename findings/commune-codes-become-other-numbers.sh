#!/usr/bin/env bash
# Codes of communes and procedures as they stand in a YAML table.
#
# Guess: an unquoted 09187, 04663 or 1.003460 is read as what is written, or as a number that can be written back.
# Seen: PyYAML 6.0.3 (YAML 1.1) keeps 09187 as a text, because 8 and 9 are no octal digits, and reads 04663 as the number
#   2483; 1.003460 becomes 1.00346. So in one column some codes are right, some are other codes, and nothing is refused.
#   ruamel.yaml 0.18.16 (YAML 1.2) makes numbers of all three: 9187, 4663 and 1.00346.
# Why it matters: a table of another system's codes maps a commune to another one, or to none, for those without 8 and 9.
# What we do instead: mappings of other systems' codes are read with every value as the text that is written.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check PyYAML==6.0.3 ruamel.yaml==0.18.16
"$dir/env/bin/python" - <<'PY'
import sys

import yaml
from ruamel.yaml import YAML

text = "[09187, 04663, 1.003460]"
old = yaml.safe_load(text)
new = list(YAML(typ="safe").load(text))
print("PyYAML 6.0.3, ruamel.yaml 0.18.16")
print("guess:", ["09187", "04663", "1.003460"])
print("seen: ", old, new)
as_noted = old == ["09187", 2483, 1.00346] and new == [9187, 4663, 1.00346]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
