"""Amounts in đồng: whole numbers, read and written as people do, and in words for receipts."""

from __future__ import annotations

import re

from vietnam.numbers import format_number
from vietnam.typed import plain_characters

# Fees are far below; the limit is what `in_words` can say without repeating "tỷ".
MAX_IN_WORDS = 10**18

_LONGEST = 60  # characters; Python itself refuses to read a number of thousands of digits
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*\Z")
_UNIT = re.compile(r"(?:đồng|đ|₫|vnđ|vnd|dong)\.?\Z")


class InvalidAmount(ValueError):
    """The text is no amount in đồng."""


def parse_money(text: str) -> int:
    """Read "1.500.000 đ", "1,500,000", "1 500 000" or "1500000"; the unit may be missing.

    Groups must have three digits and one separator throughout, so that "1.5" and "12.50" are refused
    rather than guessed. Raises `InvalidAmount`; a negative amount is none.
    """
    if len(text) > _LONGEST:
        raise InvalidAmount("longer than any amount")
    bare = _UNIT.sub("", re.sub(r"\s", " ", plain_characters(text).strip().casefold())).strip()
    if bare.isascii() and bare.isdigit():
        return int(bare)
    if bare.isascii() and _GROUPED.match(bare):
        return int(re.sub(r"\D", "", bare))
    raise InvalidAmount(f"not an amount in đồng: {text!r}")


def format_money(amount: int) -> str:
    """1.500.000 đ, whose unit never begins a line of its own (a space that does not break)."""
    return f"{format_number(amount)}\u00a0đ"


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_THOUSANDS = ("", "nghìn", "triệu")


def _below_thousand(number: int, *, full: bool) -> list[str]:
    """Words of 1..999; `full` says the silent places too ("không trăm linh năm"), as inside a number."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words: list[str] = []
    if hundreds or full:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 4 and tens > 1:
        words.append("tư")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words


def _number_words(number: int, *, full: bool) -> list[str]:
    """Words of 1..10^18-1; "tỷ" closes each group of nine digits."""
    billions, rest = divmod(number, 10**9)
    words: list[str] = []
    if billions:
        words += [*_number_words(billions, full=full), "tỷ"]
        full = True
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words += _below_thousand(group, full=full)
            if power:
                words.append(_THOUSANDS[power])
        full = full or bool(group)
    return words


def in_words(amount: int) -> str:
    """1500000 → "Một triệu năm trăm nghìn đồng", for receipts and official papers.

    Northern written usage: mốt, tư and lăm after mươi; linh; nghìn; tỷ. Whole numbers from 0 up to 10^18;
    raises `InvalidAmount` outside.
    """
    if not 0 <= amount < MAX_IN_WORDS:
        raise InvalidAmount(f"no words for {amount}")
    words = _number_words(amount, full=False) if amount else [_DIGITS[0]]
    text = " ".join([*words, "đồng"])
    return text[0].upper() + text[1:]
