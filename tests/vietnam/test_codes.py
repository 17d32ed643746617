from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.codes import (
    DossierCode,
    InvalidCode,
    ProcedureCode,
    ResultCode,
    dossier_codes_meant,
    parse_agency_code,
)


@pytest.mark.parametrize(
    ("text", "agency", "day", "serial"),
    [
        ("H05.01.01-261122-0001", "H05.01.01", date(2026, 11, 22), 1),
        ("H05.123.45-261122-12345", "H05.123.45", date(2026, 11, 22), 12345),
        ("000.00.12.H62-201105-0004", "000.00.12.H62", date(2020, 11, 5), 4),
        ("G15.001.02-260115-120007", "G15.001.02", date(2026, 1, 15), 120007),
        ("H05-260228-9999", "H05", date(2026, 2, 28), 9999),
        ("  h05.01.01–261122–0001 ", "H05.01.01", date(2026, 11, 22), 1),
    ],
)
def test_dossier_codes_of_every_accepted_form(text, agency, day, serial):
    code = DossierCode.parse(text)
    assert (code.agency, code.day, code.serial) == (agency, day, serial)
    assert DossierCode.parse(str(code)) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H05.01.01-261122-001",
        "H05.01.01-261122-123456789",
        "H05.01.01-261322-0001",
        "H05.01.01-260230-0001",
        "Z05.01.01-261122-0001",
        "H05.1234-261122-0001",
        "H05.01.01.01.01-261122-0001",
        "00.00.12.H62-201105-0004",
        "H05.01.01-261122-0001\nX",
        "H05.01.01-２６１１２２-0001x",
    ],
)
def test_anything_else_is_no_dossier_code(text):
    with pytest.raises(InvalidCode):
        DossierCode.parse(text)


def test_leading_zeros_of_a_foreign_serial_stay():
    text = "G15.001.02-260115-001234"
    assert str(DossierCode.parse(text)) == text
    assert DossierCode.parse(text) != DossierCode.parse("G15.001.02-260115-1234")


agencies = st.sampled_from(["H05", "H05.01", "H05.123.4", "H05.01.02.03", "000.00.12.H05"])


@given(agencies, st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 99_999_999))
def test_what_is_written_is_read_back(agency, day, serial):
    code = DossierCode(agency, day, serial, max(4, len(str(serial))))
    assert DossierCode.parse(str(code)) == code


def test_a_serial_grows_beyond_four_digits():
    assert str(DossierCode("H05.01.01", date(2026, 11, 22), 10_000)) == "H05.01.01-261122-10000"


@pytest.mark.parametrize(
    ("agency", "day", "serial"),
    [("h05", date(2026, 1, 1), 1), ("H05", date(1999, 1, 1), 1), ("H05", date(2026, 1, 1), 10**8)],
)
def test_no_code_is_made_of_wrong_parts(agency, day, serial):
    with pytest.raises(InvalidCode):
        DossierCode(agency, day, serial)


@pytest.mark.parametrize("text", ["1.001193", "1.001193.H05", "1.001193.000.00.00.H38", "5.000001"])
def test_procedure_codes(text):
    assert str(ProcedureCode.parse(text)) == text


@pytest.mark.parametrize("text", ["1001193", "1.01193", "1.001193.", "1.001193.5", "KQ.G15.000031"])
def test_no_procedure_codes(text):
    with pytest.raises(InvalidCode):
        ProcedureCode.parse(text)


def test_result_and_agency_codes():
    assert ResultCode.parse("kq.g15.000031") == ResultCode("G15", 31)
    assert str(ResultCode("H17", 39)) == "KQ.H17.000039"
    assert parse_agency_code(" h05.01.01 ") == "H05.01.01"
    for wrong in ("KQ.G15.31", "KQ.Z15.000031", ""):
        with pytest.raises(InvalidCode):
            ResultCode.parse(wrong)
    for wrong in ("H5", "H05.", "H05.0001", "HH05"):
        with pytest.raises(InvalidCode):
            parse_agency_code(wrong)


CODE = "H05.160-261123-0001"
AS_TYPED = [
    CODE,
    "  h05.160-261123-0001 ",
    "H05.160 - 261123 - 0001",
    "H05 160 261123 0001",
    "h05/160/261123/0001",
    "H05_160_261123_0001",
    "H05,160,261123,0001",
    "H05.160–261123—0001",
    "H05.160\u2212261123\uff0d0001",
    "H05.160\u00a0-\u202f261123-0001",
    "\ufeffH05\u200b.160-26\u00ad1123-0001\u200e",
    "Ｈ０５．１６０－２６１１２３－０００１",
    "Mã hồ sơ: H05.160-261123-0001.",
    "https://motcua.example.vn/track/H05.160-261123-0001/",
]


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_code_is_understood_however_it_is_separated(typed):
    assert dossier_codes_meant(typed) == [CODE]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("H051602611230001", CODE),
        ("H05.1602611230001", CODE),
        ("H05160001 261123 12345", "H05.160.001-261123-12345"),
        ("0000012H622011050004", "000.00.12.H62-201105-0004"),
        ("000 00 12 h62 201105 0004", "000.00.12.H62-201105-0004"),
        ("H052611230001", "H05-261123-0001"),
    ],
)
def test_without_separators_the_likeliest_reading_comes_first(typed, code):
    readings = dossier_codes_meant(typed)
    assert readings[0] == code
    assert len(readings) <= 6


@pytest.mark.parametrize(
    "typed", ["", "khai sinh", "0912345678", "027190000011", "1.001193", "H05", "9" * 4000, "KE-A1-03"]
)
def test_what_is_no_code_means_none(typed):
    assert dossier_codes_meant(typed) == []


@given(
    st.from_regex(r"[A-Y][0-9]{2}(\.[0-9]{1,3}){0,3}", fullmatch=True),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(0, 99_999_999),
    st.sampled_from([" ", "/", "_", "·", ", ", " – "]),
)
def test_every_code_is_found_from_its_groups(agency, day, serial, between):
    code = str(DossierCode(agency, day, serial, max(4, len(str(serial)))))
    assert dossier_codes_meant(between.join(code.replace(".", "-").split("-"))) == [code]


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_without_fault(text):
    for code in dossier_codes_meant(text):
        assert DossierCode.parse(code)
