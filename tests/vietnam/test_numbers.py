from decimal import Decimal

import pytest

from vietnam.numbers import format_number


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1500000, "1.500.000"),
        (1234.5, "1.234,5"),
        (Decimal("1234.50"), "1.234,50"),
        (Decimal("1.5E+6"), "1.500.000"),
        ((Decimal("12500") * 120).normalize(), "1.500.000"),
        (Decimal("30").normalize(), "30"),
        (Decimal("-0.25"), "-0,25"),
    ],
)
def test_numbers_are_written_with_points_for_thousands_and_a_decimal_comma(number, written):
    assert format_number(number) == written
