#!/usr/bin/env bash
# A text message without accents that is longer than one message, with a bracket at the seam.
#
# Guess: an SMPP library cuts a long message between characters: the parts put together are the message.
# Seen: smpplib 2.2.4 counts "[" as the two septets that it takes (an escape and a letter), and cuts between the two:
#   the first part ends with the escape, the second begins with "<". A telephone shows "<1022]" for "[1022]".
# Why it matters: brackets set off codes and numbers in messages of offices, and which of them are spoilt depends on the
#   length of the name before them.
# What we do instead: a message goes whole to the gateway (notices/providers/esms.py), which cuts it by itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check smpplib==2.2.4
"$dir/env/bin/python" - <<'PY'
import sys

from smpplib.gsm import make_parts

BEGIN = "Ho so cua ong ba da co ket qua. Moi ong ba den nhan tai Trung tam Phuc vu hanh chinh cong tinh tu 08:00 den 17:00. "
MESSAGE = (BEGIN + "Can hoi them xin goi tong dai so ").ljust(152, ".") + "[1022]."
parts = [part[6:] for part in make_parts(MESSAGE)[0]]
print("smpplib 2.2.4")
print("guess: the bracket is whole in one of the parts")
for part in parts:
    print(f"seen:  …{part[-14:]!r}" if part is parts[0] else f"seen:  {part[:14]!r}…")
as_noted = MESSAGE[152] == "[" and parts[0].endswith(b"\x1b") and parts[1].startswith(b"<1022")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
