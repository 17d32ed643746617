"""VNPAY's protocol: the published query, two implementations of each signature, every code in words."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.models import CollectionAccount
from payments.providers.base import BadSignature, Received, Status, Unreadable
from payments.providers.registry import provider_named
from payments.providers.vnpay import protocol
from payments.verification import verify_report
from simulators.vnpay import protocol as theirs
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
SECRET = "bí mật của VNPAY"
# The example of the documentation of version 2.1.0, without its signature.
PUBLISHED = (
    "vnp_Amount=1806000&vnp_Command=pay&vnp_CreateDate=20210801153333&vnp_CurrCode=VND&vnp_IpAddr=127.0.0.1"
    "&vnp_Locale=vn&vnp_OrderInfo=Thanh+toan+don+hang+%3A5&vnp_OrderType=other"
    "&vnp_ReturnUrl=https%3A%2F%2Fdomainmerchant.vn%2FReturnUrl&vnp_TmnCode=DEMOV210&vnp_TxnRef=5&vnp_Version=2.1.0"
)
NAMES = ["vnp_Amount", "vnp_TxnRef", "vnp_OrderInfo", "vnp_BankCode", "vnp_CardType", "vnp_PayDate", "vnp_Locale"]
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(codec="utf-8"), max_size=20), max_size=7)


def test_the_published_query_is_signed_as_it_stands():
    fields = dict(parse_qsl(PUBLISHED))
    signed = protocol.signed_query({name: fields[name] for name in reversed(fields)}, SECRET)
    assert signed.partition("&vnp_SecureHash=")[0] == PUBLISHED
    assert signed == theirs.sealed_query(fields, SECRET)
    assert len(signed.partition("&vnp_SecureHash=")[2]) == 128


@given(FIELDS)
def test_both_sides_sign_and_read_alike(fields):
    signed = dict(parse_qsl(protocol.signed_query(fields, SECRET), keep_blank_values=True))
    assert theirs.unbroken(signed, SECRET)
    sealed = dict(parse_qsl(theirs.sealed_query(fields, SECRET), keep_blank_values=True))
    assert protocol.is_genuine({**sealed, "vnp_SecureHashType": "HmacSHA512"}, SECRET)
    assert not protocol.is_genuine(sealed, SECRET + "x")
    assert not protocol.is_genuine({**sealed, "vnp_Amount": "1"}, SECRET) or fields.get("vnp_Amount") == "1"


@given(FIELDS)
def test_queries_and_refunds_alike(fields):
    for ours, names in ((protocol.QUERY, theirs.QUERY), (protocol.REFUND, theirs.REFUND)):
        signed = protocol.signed_values(fields, ours, SECRET)["vnp_SecureHash"]
        assert signed == theirs.seal(theirs.joined(fields, names), SECRET)
    for ours, names in ((protocol.QUERY_ANSWER, theirs.QUERY_ANSWER), (protocol.REFUND_ANSWER, theirs.REFUND_ANSWER)):
        sealed = {**fields, "vnp_SecureHash": theirs.seal(theirs.joined(fields, names), SECRET)}
        assert protocol.are_genuine_values(sealed, ours, SECRET)


def test_amounts_are_times_a_hundred():
    assert protocol.in_units(26_000) == "2600000"
    assert protocol.in_dong("2600000") == 26_000
    for text in ("", "2600050", "-100", "1e5", "２００"):
        with pytest.raises(ValueError):
            protocol.in_dong(text)


def test_moments_are_vietnams_whatever_the_machines_zone():
    from datetime import UTC, datetime

    assert protocol.written_moment(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)) == "20270101003000"


@pytest.fixture
def vnpay(settings, things):
    settings.VNPAY_URL, settings.VNPAY_API_URL = "https://pay.example/vpcpay.html", "http://127.0.0.1:9/api"
    settings.VNPAY_TMN_CODE, settings.VNPAY_HASH_SECRET = "DEMOBN01", SECRET
    return provider_named("vnpay")


@pytest.mark.django_db
def test_the_redirect_says_all_that_vnpay_wants(vnpay, settings):
    payment = ask_to_pay(charge_thing(), at=NOON, way="vnpay")
    page = urlsplit(vnpay.pay_page(payment, address="203.0.113.9", language="en"))
    fields = dict(parse_qsl(page.query))
    assert f"{page.scheme}://{page.netloc}{page.path}" == settings.VNPAY_URL
    assert theirs.unbroken(fields, SECRET)
    told = {
        name: fields[f"vnp_{name}"] for name in ("Amount", "TxnRef", "Locale", "IpAddr", "CreateDate", "ExpireDate")
    }
    assert told == {
        "Amount": "2600000",
        "TxnRef": payment.reference,
        "Locale": "en",
        "IpAddr": "203.0.113.9",
        "CreateDate": "20261123120000",
        "ExpireDate": "20261123123000",
    }
    assert fields["vnp_ReturnUrl"] == f"{settings.PUBLIC_URL}/payments/vnpay/returned"
    assert "Ánh" not in fields["vnp_OrderInfo"]  # no personal data goes there


def called(vnpay, **fields):
    given = {
        "vnp_TmnCode": "DEMOBN01",
        "vnp_TxnRef": "TT1",
        "vnp_Amount": "2600000",
        "vnp_TransactionNo": "14000001",
        "vnp_ResponseCode": "00",
        "vnp_TransactionStatus": "00",
    }
    return vnpay.read_callback(Received("GET", theirs.sealed_query(given | fields, SECRET), b""))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "standing", "status"),
    [
        ("00", "00", Status.PAID),
        ("00", "01", Status.WAITING),
        ("00", "02", Status.FAILED),
        ("07", "00", Status.WAITING),
        ("24", "02", Status.FAILED),
        ("99", "99", Status.FAILED),
    ],
)
def test_paid_is_only_what_both_codes_call_so(vnpay, code, standing, status):
    report = called(vnpay, vnp_ResponseCode=code, vnp_TransactionStatus=standing)
    assert (report.status, report.amount, report.place) == (status, 26_000, "vnpay-demobn01")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("", Unreadable),
        ("vnp_TmnCode=DEMOBN01&vnp_TmnCode=DEMOBN01", Unreadable),
        ("vnp_TmnCode=DEMOBN01&vnp_SecureHash=00", BadSignature),
        ("vnp_TmnCode=KHAC0001&vnp_SecureHash=00", BadSignature),
        (theirs.sealed_query({"vnp_TmnCode": "DEMOBN01", "vnp_Amount": "50"}, SECRET), Unreadable),
        (theirs.sealed_query({"vnp_TmnCode": "DEMOBN01"}, "khác"), BadSignature),
    ],
)
def test_what_is_not_believed(vnpay, query, refused):
    with pytest.raises(refused):
        vnpay.read_callback(Received("GET", query, b""))


def test_every_published_code_is_said_in_words():
    published = {"00", "07", "09", "10", "11", "12", "13", "24", "51", "65", "75", "79", "99"}
    assert set(protocol.PAYMENT_CODES) == published
    assert set(protocol.STATUSES) == {"00", "01", "02", "04", "05", "06", "07", "09"}
    assert set(protocol.API_CODES) == {"00", "02", "03", "91", "94", "95", "97", "98", "99"}
    words = [str(text) for text in protocol.PAYMENT_CODES.values()]
    assert len(set(words)) == len(words)


@pytest.mark.django_db
def test_a_call_counts_for_the_row_of_the_merchant_that_was_asked(vnpay, settings):
    """The same merchant under an agency's row of last year and of this year, with one secret."""
    rows = [
        CollectionAccount.objects.create(
            key=f"vnpay-row-{number}",
            agency_code="H05.026.001",
            provider="vnpay",
            options={"tmn_code": "DEMOBN02"},
            valid_from=first,
            valid_to=last,
        )
        for number, first, last in ((1, "2025-01-01", "2025-12-31"), (2, "2026-01-01", None))
    ]
    settings.PAYMENT_SECRETS = {row.key: SECRET for row in rows}
    payment = ask_to_pay(charge_thing(), at=NOON, way="vnpay")
    assert payment.account == rows[1]
    report = called(vnpay, vnp_TmnCode="DEMOBN02", vnp_TxnRef=payment.reference)
    assert (report.place, report.named) == ("vnpay-row-2", payment)
    assert verify_report(report, provider="vnpay", kind="callback", at=NOON) == "confirmed"
