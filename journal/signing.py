"""The key that signs each day's root (Ed25519). It lies outside the database, so that whoever owns that cannot sign."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def signing_key() -> Ed25519PrivateKey:
    """The key in the file HISTORY_KEY_FILE; made, readable for its owner only, where there is none."""
    path = Path(settings.HISTORY_KEY_FILE)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it at the same moment
        return signing_key()
    with os.fdopen(descriptor, "w") as file:
        file.write(made.private_bytes_raw().hex() + "\n")
    return made


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def is_signed(statement: bytes, signature: str, public_key: str) -> bool:
    """Whether `signature` is that of `public_key` (both in hexadecimal digits) under the statement."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True
