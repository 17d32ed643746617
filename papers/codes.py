"""Codes of papers: unguessable, and read aloud and typed from paper without mistakes."""

import secrets

from vietnam.typed import plain_characters

# No 0/O, 1/I/L, 5/S, 2/Z, U/V. What stands in codes from before stays readable.
LETTERS = "ABCDEFGHJKMNPQRTWXY346789"
# Nor what an input method for Vietnamese makes letters with accents of, which is on while people type and scanners
# play the keyboard: by Telex AA is Â, DD is Đ, W is Ư, and F, J, R, X behind a vowel are its tones, as digits are by
# VNI. Without vowels, D and W all are left alone. 20 letters in 12 places are 52 bits.
NEW_LETTERS = "BCFGHJKMNPQRTX346789"
LENGTH = 12


def new_code() -> str:
    return "".join(secrets.choice(NEW_LETTERS) for _ in range(LENGTH))


def as_meant(typed: str) -> str:
    """The code as printed: case, width, spaces, hyphens and anything else that no code has do not matter."""
    return "".join(letter for letter in plain_characters(typed).upper() if letter in LETTERS)
