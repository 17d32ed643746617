#!/usr/bin/env bash
# An address with the Vietnamese name of its owner before it.
#
# Guess: email-validator, which takes accents before and behind the @, takes them in the name too.
# Seen: email-validator 2.4.0 with allow_display_name refuses "Lê An <an@example.com>": the name "contains invalid
#   characters when not quoted". It takes the same in quotation marks, and "lê.an@example.com" without any. Python's own
#   parser reads the name without a complaint, as RFC 6532 permits.
# Why it matters: addresses copied from a mail program come in this form, and all but the unaccented names are refused
#   with a sentence that blames the address.
# What we do instead: a field takes the address alone, and names are fields of their own.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check email-validator==2.4.0
"$dir/env/bin/python" - <<'PY'
import sys
from email import message_from_string, policy

from email_validator import EmailNotValidError, validate_email

ASKED = ("Le An <an@example.com>", "Lê An <an@example.com>", '"Lê An" <an@example.com>', "lê.an@example.com")


def verdict(text):
    try:
        validate_email(text, check_deliverability=False, allow_display_name=True)
    except EmailNotValidError as error:
        return f"refused: {error}"
    return "taken"


print("email-validator 2.4.0")
print("guess: four times taken")
seen = [verdict(text) for text in ASKED]
for text, said in zip(ASKED, seen, strict=True):
    print(f"seen:  {text}: {said}")
sender = message_from_string(f"From: {ASKED[1]}\n\n", policy=policy.SMTPUTF8)["from"]
print(f"Python's parser: {sender.addresses[0].display_name}, defects: {list(sender.defects)}")
as_noted = [said.split(":")[0] for said in seen] == ["taken", "refused", "taken", "taken"] and not sender.defects
sys.exit(0 if as_noted else "the behaviour has changed")
PY
