#!/usr/bin/env bash
# Amounts in đồng on a dashboard.
#
# Guess: the compact form of 1.5 billion đồng in Vietnamese is "1,5 T", as browsers write it.
# Seen: Babel 2.19.0 gives "2 T ₫" unless fraction_digits is passed, and 1.5 million is "2 Tr". format_currency rounds
#   a half đồng to the even neighbour: 12500.5 is 12.500 ₫ and 12501.5 is 12.502 ₫.
# Why it matters: fees collected would be shown a third too high, and sums differ from their parts by a đồng.
# What we do instead: amounts are whole đồng, shown in full by vietnam/money.py.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check babel==2.19.0
"$dir/env/bin/python" - <<'PY'
import sys

from babel.numbers import format_compact_currency, format_compact_decimal, format_currency

seen = [
    format_compact_currency(1_500_000_000, "VND", locale="vi"),
    format_compact_decimal(1_500_000, locale="vi"),
    format_currency(12500.5, "VND", locale="vi"),
    format_currency(12501.5, "VND", locale="vi"),
]
seen = [text.replace("\xa0", " ") for text in seen]
print("Babel 2.19.0")
print("guess: 1,5 T ₫; 1,5 Tr; 12.501 ₫; 12.502 ₫")
print("seen: ", "; ".join(seen))
sys.exit(0 if seen == ["2 T ₫", "2 Tr", "12.500 ₫", "12.502 ₫"] else "the behaviour has changed")
PY
