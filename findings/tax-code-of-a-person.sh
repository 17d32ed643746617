#!/usr/bin/env bash
# A person's tax code since July 2025.
#
# Guess: python-stdnum 2.2 and vn-ident 0.1.0 accept every tax code in use.
# Seen: since 1 July 2025 the tax code of a natural person is the twelve-digit personal number; both packages refuse it
#   for its length and know ten and thirteen digits only.
# Why it matters: a form that asks for a tax code and checks it with either turns every natural person away.
# What we do instead: vietnam/identity.py reads both kinds, each by its own rule.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check python-stdnum==2.2 vn-ident==0.1.0
"$dir/env/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from stdnum.vn import mst
from vn_ident import is_valid_cccd, is_valid_mst

COMPANY, PERSON = "2399900019", "001087123456"  # both made up
seen = {code: (mst.is_valid(code), is_valid_mst(code)) for code in (COMPANY, PERSON)}
print("python-stdnum", version("python-stdnum"), "and vn-ident", version("vn-ident"))
print("guess: both accept both")
for code, (stdnum, ident) in seen.items():
    print(f"seen:  {code}: python-stdnum {stdnum}, vn-ident {ident}")
as_noted = seen == {COMPANY: (True, True), PERSON: (False, False)} and is_valid_cccd(PERSON)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
