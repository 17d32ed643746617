"""What typing and copying add is taken away before anything judges a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.dates import parse_date
from vietnam.identity import PersonalNumber, TaxNumber
from vietnam.money import parse_money
from vietnam.phone import InvalidPhone, normalise_phone
from vietnam.typed import plain_characters
from vietnam.working_time import parse_amount

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a\u202c\u034f\ufe0f\u3164\U000e0041\x00\x07\ud800"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("024\u2011158\u2013990\u2212001", "024-158-990-001"),
        ("０２４－１５８", "024-158"),
        ("\u0660\u0661\u0968", "012"),
        ("\u200b84\u00ad91\ufe0f2", "84912"),
        ("a\u3000b\u00a0c\td", "a b\u00a0c\td"),
        ("e\u0301", "é"),
        ("5² ½", "5² ½"),  # a raised two is not one more digit
    ],
)
def test_plain_characters(typed, plain):
    assert plain_characters(typed) == plain
    assert plain_characters(plain) == plain


@given(st.text(max_size=40))
def test_it_takes_any_text_once_and_for_all(text):
    assert plain_characters(plain_characters(text)) == plain_characters(text)


READERS = {
    "personal": (lambda text: str(PersonalNumber.parse(text)), "024158990001"),
    "tax": (lambda text: str(TaxNumber.parse(text)), "0100109106-001"),
    "phone": (normalise_phone, "0912345678"),
    "date": (lambda text: str(parse_date(text)), "22/11/1990"),
    "money": (lambda text: str(parse_money(text)), "1.500.000"),
    "amount": (lambda text: str(parse_amount(text)), "1,5"),
}


@pytest.mark.parametrize(("reader", "text"), READERS.values(), ids=READERS)
@given(data=st.data())
def test_every_reader_overlooks_it(reader, text, data):
    pasted = text
    for character in data.draw(st.lists(st.sampled_from(UNSEEN), max_size=5)):
        place = data.draw(st.integers(0, len(pasted)))
        pasted = pasted[:place] + character + pasted[place:]
    assert reader(pasted) == reader(text)


@pytest.mark.parametrize("typed", ["84912345678", "+84912345678", "0084 912 345 678", "+84 (0)912 345 678"])
def test_a_telephone_with_the_country(typed):
    assert normalise_phone(typed) == "0912345678"


@pytest.mark.parametrize("typed", ["8491234567", "84012345678", "85912345678", "849123456789012"])
def test_not_everything_that_begins_with_the_country_is_one(typed):
    with pytest.raises(InvalidPhone):
        normalise_phone(typed)
