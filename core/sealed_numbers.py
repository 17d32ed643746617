"""Numbers of people at rest: sealed with the installation's keys, and found by a keyed hash.

A sealed number is one text, "digest.key.body": the digest by which it is found (`number_digest`), which key of the
ring sealed it, and AES-256-GCM's nonce, ciphertext and tag. The place where it stands ("person.personal_number")
and its digest are authenticated with it: a text that was moved to another column, or given another digest, is refused.

`NUMBER_KEYS` is the ring: the first seals, every one unseals, so that processes with the ring before and after a change
read each other. `NUMBER_INDEX_KEY` makes the digests and is no part of the ring.
"""

import base64
import hmac
import os
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32  # characters
DIGEST_LENGTH = 32  # hexadecimal digits: 128 bits, so that a million numbers never meet
# What a column of sealed numbers may hold, as PostgreSQL understands it too; no number of anybody fits.
SEALED_OR_EMPTY = r"^([0-9a-f]{32}\.[0-9a-f]{8}\.[A-Za-z0-9_-]{39,})?$"
_NONCE = 12


class UnreadableNumber(ValueError):
    """What stands in the database is no number that this installation sealed for that place."""


class _Key:
    """One of the ring: its cipher, and the name by which sealed numbers say that it is theirs."""

    def __init__(self, secret: str) -> None:
        self.cipher = AESGCM(_derived(secret, "seal"))
        self.name = _derived(secret, "name")[:4].hex()


def seal_number(number: str, place: str) -> str:
    """A new text each time, of `number` for that place."""
    key, digest, nonce = _ring()[0], number_digest(number), os.urandom(_NONCE)
    body = nonce + key.cipher.encrypt(nonce, number.encode(), f"{place}:{digest}".encode())
    return f"{digest}.{key.name}.{base64.urlsafe_b64encode(body).decode().rstrip('=')}"


def unseal_number(sealed: str, place: str) -> str:
    """The number. Raises `UnreadableNumber`; ImproperlyConfigured when its key has left the ring."""
    digest, _, rest = sealed.partition(".")
    name, _, text = rest.partition(".")
    if not text:
        raise UnreadableNumber(f"{place} holds something that was never sealed")
    key = next((key for key in _ring() if key.name == name), None)
    if key is None:
        raise ImproperlyConfigured(f"{place} is sealed with the key {name}, which is not in NUMBER_KEYS.")
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return key.cipher.decrypt(body[:_NONCE], body[_NONCE:], f"{place}:{digest}".encode()).decode()
    except (InvalidTag, ValueError):
        raise UnreadableNumber(f"{place} holds a number that was changed or sealed for another place") from None


def is_sealed(text: str) -> bool:
    return bool(text) and re.fullmatch(SEALED_OR_EMPTY, text) is not None


def number_digest(number: str) -> str:
    """What a number is found and compared by, wherever it stands: equal numbers have equal digests."""
    return hmac.digest(_index_key(settings.NUMBER_INDEX_KEY), number.encode(), "sha256").hex()[:DIGEST_LENGTH]


def number_word(number: str) -> str:
    """The word under which search indexes know a number. Its first letter begins no word that anybody types, because
    what is looked for is folded to a–z and 0–9 (`vietnam.text.fold`)."""
    return f"đ{number_digest(number)}" if number else ""


def masked_number(number: str) -> str:
    """The last three signs, for screens, exports and histories in which a number tells records apart and no more."""
    return "•" * max(len(number) - 3, 0) + number[-3:]


def current_key_name() -> str:
    """By which name numbers that need no new sealing say their key."""
    return _ring()[0].name


def _ring() -> list[_Key]:
    if not settings.NUMBER_KEYS:
        raise ImproperlyConfigured("NUMBER_KEYS is empty: personal numbers can be neither kept nor read.")
    return [_key(secret) for secret in settings.NUMBER_KEYS]


@lru_cache(maxsize=16)
def _key(secret: str) -> _Key:
    return _Key(secret)


@lru_cache(maxsize=4)
def _index_key(secret: str) -> bytes:
    if not secret:
        raise ImproperlyConfigured("NUMBER_INDEX_KEY is empty: personal numbers can be neither kept nor found.")
    return _derived(secret, "index")


def _derived(secret: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"oss-portal numbers {use} 1".encode()).derive(secret.encode())
