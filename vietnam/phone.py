"""Telephone numbers as people type them."""

import re

from vietnam.typed import plain_characters

# The country's number, with or without its signs, and the zero that some write behind it.
_COUNTRY = re.compile(r"(?:\+|00)?840?(?=[1-9][0-9]{8,9}\Z)")
# Mobile numbers have ten digits, those of a place eleven (02…); some services of ten digits begin otherwise.
_NUMBER = re.compile(r"0[1-9][0-9]{8}|02[0-9]{9}")
# The mobile numbers of eleven digits got shorter between 15 September and 14 November 2018, by their first digits;
# nothing reaches the old ones, which papers and older records still have.
_SHORTENED = {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0126": "076",
    "0127": "081",
    "0128": "078",
    "0129": "082",
    **{f"016{last}": f"03{last}" for last in range(2, 10)},
    "0186": "056",
    "0188": "058",
    "0199": "059",
}


class InvalidPhone(ValueError):
    """The text is no Vietnamese telephone number."""


def normalise_phone(text: str) -> str:
    """ "+84 912 345 678", "84912345678" → "0912345678"; "0168 123 4567" → "0381234567"; an empty text stays empty.

    Raises `InvalidPhone`.
    """
    digits = re.sub(r"[\s.\-()]", "", plain_characters(text))
    if not digits:
        return ""
    digits = "0" + digits[country.end() :] if (country := _COUNTRY.match(digits)) else digits
    if len(digits) == 11:
        digits = _SHORTENED.get(digits[:4], digits[:4]) + digits[4:]
    if not _NUMBER.fullmatch(digits):
        raise InvalidPhone
    return digits
