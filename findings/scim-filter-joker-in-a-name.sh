#!/usr/bin/env bash
# Accounts by the beginning of their name, over SCIM.
#
# Guess: the filter `userName sw "cv_01"` finds the accounts whose name begins with cv_01; a quotation mark in a value is written \".
# Seen: scim2-filter-parser 0.7.0 turns it into LIKE 'cv_01%' as it is: cvx01 is found too, and `co "10%"` finds everything with
#   10 in it. The quotation mark, which RFC 7644 takes from JSON, is an error.
# Why it matters: names of accounts here have underscores in them; who synchronises "his" accounts by their beginning
#   changes or closes another's.
# What we do instead: accounts are not kept by SCIM; where a text is looked for, Django's lookups escape what LIKE knows.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check scim2-filter-parser==0.7.0
"$dir/env/bin/python" - <<'PY'
import sqlite3
import sys

from scim2_filter_parser.parser import SCIMParserError
from scim2_filter_parser.queries import SQLQuery

known = {("userName", None, None): "users.name"}
base = sqlite3.connect(":memory:")
base.execute("CREATE TABLE users (name TEXT)")
base.executemany("INSERT INTO users VALUES (?)", [("cv_01.tuphap",), ("cvx01.noivu",), ("quantri",)])


def found(text):
    query = SQLQuery(text, "users", known, [])
    return sorted(name for (name,) in base.execute(query.sql.replace("%s", "?"), query.params))


print("scim2-filter-parser 0.7.0")
print("guess: ['cv_01.tuphap']")
names = found('userName sw "cv_01"')
print("seen: ", names)
try:
    quoted = str(found('userName eq "Quán \\"Ngon\\""'))
except SCIMParserError as error:
    quoted = "error"
print("seen:  a quotation mark in a value:", quoted)
sys.exit(0 if (names, quoted) == (["cv_01.tuphap", "cvx01.noivu"], "error") else "the behaviour has changed")
PY
