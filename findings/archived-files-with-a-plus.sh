#!/usr/bin/env bash
# Files of an archive's package, named in its METS.
#
# Guess: metsrw 0.7.0 writes the address of "Quyết định số 12.pdf" so that whoever undoes its percent signs has the
#   file's name.
# Seen: blanks are written as plus signs, as in a query: Quy%E1%BA%BFt+%C4%91%E1%BB%8Bnh+s%E1%BB%91+12.pdf. In a path a
#   plus is a plus (RFC 3986): undone, the name is "Quyết+định+số+12.pdf". A # stays as it is, and what follows it is a
#   fragment. metsrw itself reads both back.
# Why it matters: the archive that receives a delivery looks for files that are not in it.
# What we do instead: we write no METS yet; whoever adds a delivery to the archive should name files by their dossier's
#   code, in ASCII without blanks, and put the title beside.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check metsrw==0.7.0
"$dir/env/bin/python" - <<'PY'
import sys
from urllib.parse import unquote, urlsplit

import metsrw

NAMES = ["objects/Quyết định số 12.pdf", "objects/bản vẽ #1.pdf"]
document = metsrw.METSDocument()
for at, name in enumerate(NAMES):
    document.append_file(metsrw.FSEntry(path=name, type="Item", file_uuid=f"00000000-0000-4000-8000-00000000000{at}"))
tree = document.serialize()
addresses = [place.get("{http://www.w3.org/1999/xlink}href") for place in tree.iter("{http://www.loc.gov/METS/}FLocat")]
seen = [unquote(urlsplit(address).path) for address in addresses]
again = [entry.path for entry in metsrw.METSDocument.fromtree(tree).all_files()]
print("metsrw 0.7.0")
print("guess:", NAMES)
print("seen: ", addresses)
print("seen:  undone:", seen)
print("seen:  read back by metsrw:", sorted(filter(None, again)))
as_noted = sorted(seen) == ["objects/Quyết+định+số+12.pdf", "objects/bản+vẽ+"] and set(NAMES) <= set(again)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
