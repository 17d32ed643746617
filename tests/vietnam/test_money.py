import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.money import InvalidAmount, format_money, in_words, parse_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.500.000 đ", 1_500_000),
        ("1500000", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1 500 000 đồng", 1_500_000),
        ("20.000đ", 20_000),
        ("20.000 VNĐ", 20_000),
        ("20.000 vnd", 20_000),
        ("20.000₫", 20_000),
        ("0", 0),
        (" 5\u00a0000 Đ ", 5_000),
        ("٥٠٠", 500),
        ("5\u200b0.000", 50_000),
    ],
)
def test_parse_money(text, amount):
    assert parse_money(text) == amount


@pytest.mark.parametrize(
    "text", ["", "đ", "1.5", "12.50", "1.500,000", "1.50.000", "-5000", "1e6", "20 USD", "hai", "1.5000", "٥.٥"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidAmount):
        parse_money(text)


@given(st.integers(0, 10**18))
def test_what_is_written_is_read_back(amount):
    assert parse_money(format_money(amount)) == amount


def test_format_money():
    assert [format_money(n) for n in (0, 999, 1_000, 1_500_000)] == [
        "0\u00a0đ",
        "999\u00a0đ",
        "1.000\u00a0đ",
        "1.500.000\u00a0đ",
    ]


WORDS = {
    0: "Không",
    1: "Một",
    4: "Bốn",
    5: "Năm",
    10: "Mười",
    11: "Mười một",
    14: "Mười bốn",
    15: "Mười lăm",
    20: "Hai mươi",
    21: "Hai mươi mốt",
    24: "Hai mươi tư",
    25: "Hai mươi lăm",
    55: "Năm mươi lăm",
    91: "Chín mươi mốt",
    100: "Một trăm",
    101: "Một trăm linh một",
    104: "Một trăm linh bốn",
    105: "Một trăm linh năm",
    110: "Một trăm mười",
    111: "Một trăm mười một",
    115: "Một trăm mười lăm",
    121: "Một trăm hai mươi mốt",
    500: "Năm trăm",
    999: "Chín trăm chín mươi chín",
    1_000: "Một nghìn",
    1_001: "Một nghìn không trăm linh một",
    1_010: "Một nghìn không trăm mười",
    1_021: "Một nghìn không trăm hai mươi mốt",
    1_100: "Một nghìn một trăm",
    10_000: "Mười nghìn",
    15_000: "Mười lăm nghìn",
    21_000: "Hai mươi mốt nghìn",
    100_000: "Một trăm nghìn",
    105_000: "Một trăm linh năm nghìn",
    618_159: "Sáu trăm mười tám nghìn một trăm năm mươi chín",
    1_000_000: "Một triệu",
    1_000_005: "Một triệu không trăm linh năm",
    1_005_000: "Một triệu không trăm linh năm nghìn",
    1_500_000: "Một triệu năm trăm nghìn",
    2_024_004: "Hai triệu không trăm hai mươi tư nghìn không trăm linh bốn",
    10**9: "Một tỷ",
    10**9 + 1: "Một tỷ không trăm linh một",
    1_050_000_000: "Một tỷ không trăm năm mươi triệu",
    25_000_000_000: "Hai mươi lăm tỷ",
    10**12: "Một nghìn tỷ",
    10**15: "Một triệu tỷ",
    10**15 + 10**9: "Một triệu không trăm linh một tỷ",
}


@pytest.mark.parametrize(("amount", "words"), WORDS.items())
def test_in_words(amount, words):
    assert in_words(amount) == f"{words} đồng"


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def read(words):
    """The number said by `words`: an independent reading, by the value of each word."""
    units = {w: i for i, w in enumerate(DIGITS)}
    units |= {"mốt": 1, "tư": 4, "lăm": 5}
    total = group = section = 0
    for word in words:
        if word == "linh":
            continue
        if word in units:
            group += units[word]
        elif word == "mười":
            group += 10
        elif word == "mươi":
            group += group % 10 * 9
        elif word == "trăm":
            group *= 100
        elif word in ("nghìn", "triệu"):
            section += group * {"nghìn": 1_000, "triệu": 1_000_000}[word]
            group = 0
        elif word == "tỷ":
            total, section, group = (section + group) * 10**9, 0, 0
    return total + section + group


@given(st.integers(0, 10**18 - 1))
def test_words_say_the_amount(amount):
    words = in_words(amount).lower().split()
    assert words.pop() == "đồng"
    assert read(words) == amount
    said = " ".join(words)
    for wrong in ("mươi một", "mười mốt", "mươi năm", "mười năm", "mươi bốn", "mười tư", "mươi không"):
        assert wrong not in said


@pytest.mark.parametrize("amount", [-1, 10**18])
def test_amounts_without_words(amount):
    with pytest.raises(InvalidAmount):
        in_words(amount)
