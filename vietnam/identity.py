"""Personal and tax numbers: what they say by themselves, without asking any database.

A number that is well formed may still belong to nobody; only the national databases know that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vietnam.dates import BirthDate
from vietnam.places import BIRTH_PLACES, is_birth_place
from vietnam.typed import plain_characters


class Fault(StrEnum):
    """Why a number is none."""

    LENGTH = "length"
    CHARACTERS = "characters"
    PLACE = "place"
    CENTURY = "century"
    CHECKSUM = "checksum"
    BRANCH = "branch"
    COUNTRY = "country"
    YEAR_IN_FUTURE = "year_in_future"


class InvalidNumber(ValueError):
    """The text is no such number; `reason` says why."""

    def __init__(self, reason: Fault, text: str) -> None:
        # The number itself stays out of the message: messages end in logs, and it is personal data.
        super().__init__(f"invalid number of {len(text)} characters: {reason}")
        self.reason = reason


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


_AS_DECIMAL = re.compile(r"[0-9]{8}[.,]0+\s*\Z")


def _digits(text: str, *, lengths: tuple[int, ...]) -> str:
    """Strip the spaces, dots and dashes people write or paste between digits; require one of `lengths`.

    "24090000001.0" is what programs that take a column for numbers make of one: its zeros at the beginning are lost,
    and the one behind the point would make up the length of another number.
    """
    if _AS_DECIMAL.search(text):
        raise InvalidNumber(Fault.CHARACTERS, text)
    squeezed = re.sub(r"[\s.\-]", "", plain_characters(text))
    if not (squeezed.isascii() and squeezed.isdigit()):
        raise InvalidNumber(Fault.CHARACTERS if squeezed else Fault.LENGTH, text)
    if len(squeezed) not in lengths:
        raise InvalidNumber(Fault.LENGTH, text)
    return squeezed


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """The twelve-digit personal identification number.

    Three digits for the province or country where the birth was registered, one for century and sex, two
    for the year of birth, six at random. Provinces keep their codes of before the mergers of 1 July 2025.
    """

    digits: str

    @classmethod
    def parse(cls, text: str, today: date | None = None) -> PersonalNumber:
        """Read twelve digits, with or without spaces; `today` also refuses a birth year after it.

        Raises `InvalidNumber`.
        """
        digits = _digits(text, lengths=(12,))
        if not is_birth_place(digits[:3]):
            raise InvalidNumber(Fault.PLACE, text)
        # 0/1 = man/woman born 1900-1999, 2/3 = 2000-2099, 4/5 = 2100-2199; the plan has no further pairs.
        if digits[3] > "5":
            raise InvalidNumber(Fault.CENTURY, text)
        number = cls(digits)
        if today is not None and number.birth_year > today.year:
            raise InvalidNumber(Fault.YEAR_IN_FUTURE, text)
        return number

    @property
    def birth_place(self) -> str:
        return self.digits[:3]

    @property
    def birth_place_name(self) -> str | None:
        """The province's name of before July 2025; None for a birth registered abroad."""
        return BIRTH_PLACES.get(self.birth_place)

    @property
    def sex(self) -> Sex:
        return Sex.FEMALE if int(self.digits[3]) % 2 else Sex.MALE

    @property
    def birth_year(self) -> int:
        return 1900 + 100 * (int(self.digits[3]) // 2) + int(self.digits[4:6])

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class OldIdentityNumber:
    """The nine-digit number of the identity cards (CMND) issued before 2016; it carries no checksum."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> OldIdentityNumber:
        """Read nine digits. Raises `InvalidNumber`."""
        return cls(_digits(text, lengths=(9,)))

    def __str__(self) -> str:
        return self.digits


def parse_identity(text: str, today: date | None = None) -> PersonalNumber | OldIdentityNumber:
    """Read whichever identity number a person gives: twelve digits, or nine of an old card.

    Raises `InvalidNumber`.
    """
    digits = _digits(text, lengths=(9, 12))
    return OldIdentityNumber(digits) if len(digits) == 9 else PersonalNumber.parse(digits, today)


# Weights of the first nine digits, confirmed by calculation on published numbers of known enterprises.
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_check_digit(first_nine: str) -> int | None:
    """Return the tenth digit of a tax number, or None where no number may be issued.

    It is 10 minus the weighted sum modulo 11; a remainder of zero would need two digits.
    """
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, first_nine, strict=True))
    check = 10 - total % 11
    return None if check == 10 else check


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A tax number: ten digits for an enterprise, ten and three for its branch, twelve for a person.

    Unconfirmed: since 1 July 2025 individuals and household businesses use their personal number.
    """

    root: str
    branch: str = ""

    @classmethod
    def parse(cls, text: str, today: date | None = None) -> TaxNumber:
        """Read "0100109106", "0100109106-001", "0100109106001" or a personal number.

        Raises `InvalidNumber`.
        """
        digits = _digits(text, lengths=(10, 12, 13))
        if len(digits) == 12:
            return cls(PersonalNumber.parse(digits, today).digits)
        if tax_check_digit(digits[:9]) != int(digits[9]):
            raise InvalidNumber(Fault.CHECKSUM, text)
        if digits[10:] == "000":  # branches are numbered from 001
            raise InvalidNumber(Fault.BRANCH, text)
        return cls(digits[:10], digits[10:])

    @property
    def is_personal(self) -> bool:
        return len(self.root) == 12

    @property
    def is_branch(self) -> bool:
        return bool(self.branch)

    def __str__(self) -> str:
        return f"{self.root}-{self.branch}" if self.branch else self.root


def fits_birth_date(number: str, born: BirthDate | None) -> bool:
    """Whether a day of birth can be that of the holder of a personal number; whatever is not known fits."""
    known = len(number) == 12 and number.isascii() and number.isdigit()
    return born is None or not known or PersonalNumber(number).birth_year == born.year
