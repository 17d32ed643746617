"""Numbers as people in Vietnam write them, on pages of either language: 1.234,5."""

from decimal import Decimal

_MARKS = str.maketrans(",.", ".,")


def format_number(number: int | float | Decimal) -> str:
    """1.234,5; a round Decimal never with an exponent."""
    written = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return written.translate(_MARKS)
