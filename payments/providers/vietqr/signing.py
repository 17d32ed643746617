"""How a bank and the portal sign what they tell each other.

HMAC-SHA256, as lower-case hexadecimal digits, over ``name=value`` of EVERY field but `signature` itself: sorted by
name, name and value percent-encoded (RFC 3986, UTF-8), joined by ``&``. Bare values joined by a separator are never
signed: "1" + "23" and "12" + "3" would bear one signature.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

FIELD = "signature"


def canonical_form(fields: Mapping[str, str]) -> bytes:
    """What is signed, byte for byte."""
    pairs = sorted((name, value) for name, value in fields.items() if name != FIELD)
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs).encode()


def signature_of(fields: Mapping[str, str], secret: str) -> dict[str, str]:
    """The fields with their signature. Raises ValueError without a secret."""
    if not secret:
        raise ValueError("nothing is signed without a secret")
    return {**fields, FIELD: hmac.new(secret.encode(), canonical_form(fields), hashlib.sha256).hexdigest()}


def is_genuine(fields: Mapping[str, str], secret: str) -> bool:
    """Whether the signature is there and fits; never without a secret."""
    given = fields.get(FIELD, "")
    return bool(secret) and hmac.compare_digest(signature_of(fields, secret)[FIELD].encode(), given.encode())
