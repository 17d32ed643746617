"""Telephone numbers as people type them."""

import re


class InvalidPhone(ValueError):
    """The text is no Vietnamese telephone number."""


def normalise_phone(text: str) -> str:
    """ "+84 912 345 678" → "0912345678"; an empty text stays empty. Raises `InvalidPhone`."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if not digits:
        return ""
    digits = re.sub(r"^(\+84|0084)", "0", digits)
    if not re.fullmatch(r"0[1-9]\d{8,9}", digits):
        raise InvalidPhone
    return digits
