from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.identity import (
    Fault,
    InvalidNumber,
    OldIdentityNumber,
    PersonalNumber,
    Sex,
    TaxNumber,
    parse_identity,
    tax_check_digit,
)


@pytest.mark.parametrize("text", ["24090000001.0", "24090000001.00", "123456789.0", "100109106.0"])
def test_what_a_table_took_for_a_decimal_number_is_none(text):
    with pytest.raises(InvalidNumber):
        parse_identity(text)
    with pytest.raises(InvalidNumber):
        TaxNumber.parse(text)


@pytest.mark.parametrize(
    ("text", "place", "sex", "year"),
    [
        ("024090000001", "Bắc Giang", Sex.MALE, 1990),
        ("027 185 000 001", "Bắc Ninh", Sex.FEMALE, 1985),
        ("001205123456", "Hà Nội", Sex.MALE, 2005),
        ("079310123456", "Thành phố Hồ Chí Minh", Sex.FEMALE, 2010),
        ("101090000001", None, Sex.MALE, 1990),
    ],
)
def test_a_personal_number_tells_place_sex_and_year(text, place, sex, year):
    number = PersonalNumber.parse(text)
    assert (number.birth_place_name, number.sex, number.birth_year) == (place, sex, year)
    assert str(number) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Fault.LENGTH),
        ("02409000000", Fault.LENGTH),
        ("0240900000011", Fault.LENGTH),
        ("02409000000O", Fault.CHARACTERS),
        ("003090000001", Fault.PLACE),
        ("000090000001", Fault.PLACE),
        ("999090000001", Fault.PLACE),
        ("024690000001", Fault.CENTURY),
        ("024227000001", Fault.YEAR_IN_FUTURE),
    ],
)
def test_a_wrong_personal_number_says_why(text, reason):
    with pytest.raises(InvalidNumber) as caught:
        PersonalNumber.parse(text, today=date(2026, 11, 22))
    assert caught.value.reason is reason
    assert not text or text not in str(caught.value), "a number must not leak into logs"


def test_without_a_day_no_year_is_in_the_future():
    assert PersonalNumber.parse("024227000001").birth_year == 2027
    assert PersonalNumber.parse("024226000001", today=date(2026, 1, 1)).birth_year == 2026


def test_nine_digits_are_an_old_card():
    assert parse_identity("121 234 567") == OldIdentityNumber("121234567")
    assert parse_identity("024090000001") == PersonalNumber("024090000001")
    with pytest.raises(InvalidNumber):
        parse_identity("1212345678")


# Published numbers: Vietcombank, Viettel, VNPT, FPT, EVN, Vinamilk.
@pytest.mark.parametrize("text", ["0100112437", "0100109106", "0100684378", "0101248141", "0100100079", "0300588569"])
def test_tax_numbers_of_known_enterprises(text):
    number = TaxNumber.parse(text)
    assert (str(number), number.is_branch, number.is_personal) == (text, False, False)


@pytest.mark.parametrize("text", ["0100109106-001", "0100109106001", "0100109106 001"])
def test_a_branch_has_three_digits_more(text):
    number = TaxNumber.parse(text)
    assert (number.root, number.branch, str(number)) == ("0100109106", "001", "0100109106-001")


def test_a_person_pays_tax_by_the_personal_number():
    number = TaxNumber.parse("024090000001")
    assert number.is_personal
    assert not number.is_branch


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0100109107", Fault.CHECKSUM),
        ("010010910", Fault.LENGTH),
        ("01001091O6", Fault.CHARACTERS),
        ("003090000001", Fault.PLACE),
        ("0100109106-000", Fault.BRANCH),
    ],
)
def test_a_wrong_tax_number_says_why(text, reason):
    with pytest.raises(InvalidNumber) as caught:
        TaxNumber.parse(text)
    assert caught.value.reason is reason


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_never_passes(nine, position, shift):
    check = tax_check_digit(nine)
    if check is None:
        return
    assert str(TaxNumber.parse(f"{nine}{check}")) == f"{nine}{check}"
    wrong = nine[:position] + str((int(nine[position]) + shift) % 10) + nine[position + 1 :]
    with pytest.raises(InvalidNumber):
        TaxNumber.parse(f"{wrong}{check}")
