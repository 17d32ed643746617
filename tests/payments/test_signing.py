"""Two implementations of one signing rule."""

from hypothesis import given
from hypothesis import strategies as st

from payments.providers.vietqr import signing
from simulators.bank import protocol

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
MESSAGES = st.dictionaries(TEXTS.filter(lambda name: name != "signature"), TEXTS, max_size=8)
SECRETS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(MESSAGES, SECRETS)
def test_portal_and_bank_sign_alike(message, secret):
    assert signing.signature_of(message, secret) == protocol.seal(message, secret)
    assert signing.is_genuine(protocol.seal(message, secret), secret)
    assert protocol.unbroken(signing.signature_of(message, secret), secret)


@given(MESSAGES, SECRETS, st.data())
def test_any_change_breaks_it(message, secret, data):
    sealed = signing.signature_of(message, secret)
    name = data.draw(st.sampled_from(sorted(sealed)))
    assert not signing.is_genuine({**sealed, name: sealed[name] + "0"}, secret)
    assert not signing.is_genuine({**sealed, name + "x": ""}, secret)
    assert not signing.is_genuine(sealed, secret + "x")
    if name != "signature":
        assert not signing.is_genuine({k: v for k, v in sealed.items() if k != name}, secret)


def test_values_cannot_move_between_fields():
    assert signing.canonical_form({"a": "1&b=2"}) != signing.canonical_form({"a": "1", "b": "2"})
    assert signing.signature_of({"a": "1", "b": "23"}, "s") != signing.signature_of({"a": "12", "b": "3"}, "s")


def test_a_known_signature():
    fields = {"reference": "TT1", "amount": "26000", "note": "lệ phí & phí"}
    assert signing.canonical_form(fields) == b"amount=26000&note=l%E1%BB%87%20ph%C3%AD%20%26%20ph%C3%AD&reference=TT1"


def test_nothing_is_genuine_without_a_secret():
    assert not signing.is_genuine({"signature": ""}, "")
    assert not signing.is_genuine({}, "s")
    assert not signing.is_genuine({"signature": "đ"}, "s")
