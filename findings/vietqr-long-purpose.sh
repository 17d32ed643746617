#!/usr/bin/env bash
# A VietQR whose purpose is long.
#
# Guess: a generator refuses a purpose that does not fit, or cuts it.
# Seen: field 62 has two digits for its length and holds the purpose with four characters more. With 96 characters and
#   more vnqr 0.1.2, vietqr-emvco 1.0.0 and vietnam-qr-pay 1.0.0 (Python) write three digits ("62103"), with a right
#   checksum. Their own kind reads it back without purpose, and whatever follows is shifted. napas-qr-python 0.2.0
#   raises.
# Why it matters: the money arrives without a reference and no receipt can be matched to its dossier.
# What we do instead: payments/vietqr.py bounds each field, and the purpose is a short reference in ASCII.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check vnqr==0.1.2 vietqr-emvco==1.0.0 vietnam-qr-pay==1.0.0 napas-qr-python==0.2.0
"$dir/env/bin/python" - <<'PY'
import sys

from qr_pay import QRPay as NapasQR
from vietnam_qr_pay import QRPay
from vietqr_emvco import VietQRGenerator, VietQRParser
from vnqr import generate_vietqr_string

BANK, ACCOUNT, PURPOSE = "970436", "0011001234567", "HS 261129-0001 " + "A" * 84  # 99 characters

made = {
    "vnqr": generate_vietqr_string(bank_bin=BANK, bank_account=ACCOUNT, total_amount=50000, content=PURPOSE),
    "vietqr-emvco": VietQRGenerator(BANK, ACCOUNT).generate(amount=50000, memo=PURPOSE),
    "vietnam-qr-pay": QRPay.init_viet_qr(bank_bin=BANK, bank_number=ACCOUNT, amount="50000", purpose=PURPOSE).build(),
}
print("vnqr 0.1.2, vietqr-emvco 1.0.0, vietnam-qr-pay 1.0.0, napas-qr-python 0.2.0")
print("guess: refused or cut; what is read back has a purpose")
as_noted = True
for name, payload in made.items():
    valid, memo = VietQRParser.verify_checksum(payload), VietQRParser.parse(payload)["memo"]
    print(f"seen:  {name}: …{payload[payload.index('5802VN'):][:40]}… checksum valid: {valid}, purpose read: {memo!r}")
    as_noted &= "621030899HS" in payload and valid and memo == ""
try:
    NapasQR(bin_id=BANK, consumer_id=ACCOUNT, transaction_amount=50000, purpose_of_transaction=PURPOSE).code
    as_noted = False
except ValueError as error:
    print("seen:  napas-qr-python:", error)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
