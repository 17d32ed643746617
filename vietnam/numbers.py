"""Numbers as people in Vietnam write them, on pages of either language: 1.234,5."""

from decimal import Decimal

_MARKS = str.maketrans(",.", ".,")


def format_number(number: int | float | Decimal) -> str:
    """1.234,5."""
    return f"{number:,}".translate(_MARKS)
