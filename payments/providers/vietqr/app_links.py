"""Links that open a bank's app on the payer's own phone with the transfer filled in.

There is no common scheme: each bank, or a service that leads to its app, has an address of its own, and all of them may
change. So the patterns are the installation's (setting BANK_APP_LINKS); without any, a phone opens the saved picture of
the code in its bank's app. The portal connects to none of these addresses; the payer's own browser does, once they tap.

The pattern in deploy/environment.example is that of vietqr.io's page on links to apps (as quoted by others in 2026, not
read at its source): `app` is the payer's app, `ba` the receiving account and, after "@", the receiving bank's short
name. By the same sources only some apps fill the transfer in (BIDV, MB, VietinBank do), others just open.
"""

import re
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote

from django.conf import settings

from payments.models import Payment

# What a pattern may name; each stands percent-encoded.
FIELDS = ("bin", "bank", "number", "holder", "amount", "purpose", "payload")
# vietqr.io's short names of the banks in which an account may be (`code.BANKS`), by BIN.
SHORT_NAMES = {
    "970405": "vba",
    "970407": "tcb",
    "970415": "icb",
    "970418": "bidv",
    "970422": "mb",
    "970436": "vcb",
}
_ADDRESS = re.compile(r"\A[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NEVER = ("javascript", "data", "vbscript", "file", "blob")


@dataclass(frozen=True)
class AppLink:
    name: str
    address: str


def wrong_with(pattern: object) -> str:
    """What is wrong with a pattern, in English for who installs; "" when it can be used."""
    if not isinstance(pattern, str) or not _ADDRESS.match(pattern) or pattern.partition(":")[0].lower() in _NEVER:
        return "it is no address that opens an app"
    try:
        named = {field for _text, field, _spec, _conversion in Formatter().parse(pattern) if field is not None}
    except ValueError as error:
        return str(error)
    unknown = sorted(named - set(FIELDS))
    return f"it names {', '.join(unknown)}; known are {', '.join(FIELDS)}" if unknown else ""


def app_links(payment: Payment) -> list[AppLink]:
    """The links of a live attempt by VietQR, in the setting's order; one that cannot be filled in is left out."""
    if payment.method != Payment.Method.VIETQR or payment.account is None:
        return []
    options = payment.account.options
    said = {
        "bin": options.get("bin", ""),
        "bank": SHORT_NAMES.get(options.get("bin", ""), ""),
        "number": options.get("number", ""),
        "holder": options.get("holder", ""),
        "amount": str(payment.amount),
        "purpose": payment.reference,
        "payload": payment.qr_payload,
    }
    filled = {name: quote(value, safe="") for name, value in said.items()}
    patterns = [(name, pattern) for name, pattern in settings.BANK_APP_LINKS.items() if not wrong_with(pattern)]
    if not said["bank"]:  # without the receiving bank a link could lead the money elsewhere
        patterns = [(name, pattern) for name, pattern in patterns if "{bank}" not in pattern]
    return [AppLink(name, pattern.format(**filled)) for name, pattern in patterns]
