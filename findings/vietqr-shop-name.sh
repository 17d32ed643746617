#!/usr/bin/env bash
# A VietQR that names a shop nobody gave.
#
# Guess: a field that the caller leaves out stays out.
# Seen: vietqr-emvco 1.0.0 writes the merchant name "CUA HANG AI" (field 59) into every code without one, drops the
#   half of 12500.5 đồng, and turns the amount 0 into a code in which the payer types the amount.
# Why it matters: banks' apps show field 59 as the receiver: a citizen would pay a shop, not the one-stop shop.
# What we do instead: payments/vietqr.py writes the treasury account's holder as configured and refuses amounts that
#   are not whole and positive.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vietqr-emvco==1.0.0
"$dir/env/bin/python" - <<'PY'
import sys

from vietqr_emvco import VietQRGenerator, VietQRParser

maker = VietQRGenerator("970436", "0011001234567")
read = {amount: VietQRParser.parse(maker.generate(amount=amount, memo="HS 0001")) for amount in (50000, 12500.5, 0)}
print("vietqr-emvco 1.0.0")
print("guess: no merchant name; the amounts 50000, 12500.5 (or an error) and 0 (or an error)")
for amount, fields in read.items():
    print(f"seen:  {amount}: name {fields['merchant_name']!r}, amount {fields['amount']}")
as_noted = (
    all(fields["merchant_name"] == "CUA HANG AI" for fields in read.values())
    and read[12500.5]["amount"] == 12500.0
    and read[0]["amount"] is None
    and read[0]["point_of_initiation_method"] == "11"  # static: for any amount
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
