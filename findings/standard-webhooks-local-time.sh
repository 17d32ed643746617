#!/usr/bin/env bash
# A Standard Webhooks signature made from a time in Vietnam's zone.
#
# Guess: an aware datetime is an instant: the signature is the same whichever zone it is written in.
# Seen: standardwebhooks 1.1.0 (Python) replaces the zone by UTC instead of converting, so 10:00+07:00 is signed as
#   10:00 UTC. A receiver that checks against the right webhook-timestamp refuses the message.
# Why it matters: Django's localtime() gives just such datetimes; every call to a partner would be refused, or dated
#   seven hours ahead.
# What we do instead: calls to others are signed over Unix seconds; where this package is used it is given UTC.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check standardwebhooks==1.1.0
"$dir/env/bin/python" - <<'PY'
import base64
import sys
from datetime import UTC, datetime, timedelta, timezone

from standardwebhooks import Webhook, WebhookVerificationError

hook = Webhook("whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode())
now = datetime.now(UTC)
in_vietnam = now.astimezone(timezone(timedelta(hours=7)))
assert now == in_vietnam


def verdict(signed_at):
    """Say whether a receiver accepts what was signed at this instant."""
    signature = hook.sign("msg_1", signed_at, "{}")
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    try:
        hook.verify("{}", headers)
    except WebhookVerificationError as error:
        return f"refused: {error}"
    return "accepted"


print("standardwebhooks 1.1.0")
print("guess: accepted, accepted")
print("seen: ", verdict(now), "(UTC),", verdict(in_vietnam), "(+07:00, the same instant)")
as_noted = verdict(now) == "accepted" and verdict(in_vietnam).startswith("refused")
sys.exit(0 if as_noted else "the behaviour has changed")
PY
