"""Telephone numbers as people type them."""

import re

from vietnam.typed import plain_characters

# The country's number, with or without its signs, and the zero that some write behind it.
_COUNTRY = re.compile(r"(?:\+|00)?840?(?=[1-9][0-9]{8,9}\Z)")


class InvalidPhone(ValueError):
    """The text is no Vietnamese telephone number."""


def normalise_phone(text: str) -> str:
    """ "+84 912 345 678", "84912345678" → "0912345678"; an empty text stays empty. Raises `InvalidPhone`."""
    digits = re.sub(r"[\s.\-()]", "", plain_characters(text))
    if not digits:
        return ""
    digits = "0" + digits[country.end() :] if (country := _COUNTRY.match(digits)) else digits
    if not re.fullmatch(r"0[1-9][0-9]{8,9}", digits):
        raise InvalidPhone
    return digits
