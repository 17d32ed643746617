#!/usr/bin/env bash
# A description of two lines in a BagIt bag, the folder in which digital records go to an archive.
#
# Guess: bagit-python writes a value of two lines folded, as RFC 8493 (2.2.2) lets it, and reads it back.
# Seen: bagit 1.9.0 takes the line break out and puts nothing in its place: "Hồ sơ số 12" and "Quyết định" in a line below are
#   "Hồ sơ số 12Quyết định" in bag-info.txt. The bag is valid.
# Why it matters: the archive's catalogue is built from these lines; a number and the word behind it become one word that no
#   search finds, in records that are kept for ever.
# What we do instead: we write no bags yet; whoever adds a delivery to the archive should join lines with a blank.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check bagit==1.9.0
"$dir/env/bin/python" - "$dir" <<'PY'
import sys
from pathlib import Path

import bagit

folder = Path(sys.argv[1]) / "bag"
folder.mkdir()
(folder / "decision.txt").write_text("made up for this script", encoding="utf-8")
bagit.make_bag(str(folder), {"External-Description": "Hồ sơ số 12\nQuyết định"})
bag = bagit.Bag(str(folder))
seen = bag.info["External-Description"]
print("bagit 1.9.0")
print("guess:", repr("Hồ sơ số 12\nQuyết định"), "or with a blank")
print("seen: ", repr(seen), "in a bag that is", "valid" if bag.is_valid() else "not valid")
sys.exit(0 if seen == "Hồ sơ số 12Quyết định" and bag.is_valid() else "the behaviour has changed")
PY
