"""Codes of papers: unguessable, and read aloud and typed from paper without mistakes."""

import secrets

from vietnam.typed import plain_characters

# No 0/O, 1/I/L, 5/S, 2/Z, U/V. 25 letters in 12 places are 55 bits.
LETTERS = "ABCDEFGHJKMNPQRTWXY346789"
LENGTH = 12


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def as_meant(typed: str) -> str:
    """The code as printed: case, width, spaces, hyphens and anything else that no code has do not matter."""
    return "".join(letter for letter in plain_characters(typed).upper() if letter in LETTERS)
