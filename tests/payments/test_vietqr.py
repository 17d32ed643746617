"""VietQR against the published vector, a second reader, and thousands of made-up payloads."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oss_portal.engines.folder import CHECKOUT
from payments.models import CollectionAccount, Payment
from payments.providers.vietqr import app_links
from payments.providers.vietqr import code as vietqr
from payments.providers.vietqr.code import Account
from simulators.bank import protocol

VECTOR = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
PLAIN = string.ascii_letters + string.digits + " -./"
DIGITS = st.text(string.digits, min_size=6, max_size=6)
ACCOUNTS = st.builds(
    Account,
    bin=DIGITS,
    number=st.text(string.digits + string.ascii_uppercase, min_size=1, max_size=19),
    holder=st.text(string.ascii_uppercase, max_size=25),
    city=st.text(string.ascii_uppercase, max_size=15),
)
PURPOSES = st.text(PLAIN, min_size=1, max_size=25)
AMOUNTS = st.integers(1, 10**13 - 1)


def test_the_published_vector_has_its_checksum():
    assert vietqr.crc_of(VECTOR[:-4]) == "9E6F"
    read = vietqr.parse_code(VECTOR)
    assert (read.account.bin, read.account.number) == ("970403", "0011012345678")
    assert (read.amount, read.dynamic, read.service) == (None, False, vietqr.TO_ACCOUNT)


@pytest.mark.parametrize(("text", "checksum"), [("123456789", "29B1"), ("", "FFFF"), ("A", "B915")])
def test_crc_is_ccitt_false(text, checksum):
    assert vietqr.crc_of(text) == checksum


def test_a_dynamic_code_field_by_field():
    payload = vietqr.transfer_code(
        Account("970436", "0011002233445", "TT PVHCC"), amount=26_000, purpose="TT34679ACDEF"
    )
    outer = vietqr.fields(payload)
    assert list(outer) == ["00", "01", "38", "53", "54", "58", "59", "62", "63"]
    assert (outer["01"], outer["53"], outer["54"], outer["58"], outer["59"]) == ("12", "704", "26000", "VN", "TT PVHCC")
    assert vietqr.fields(outer["38"]) == {
        "00": "A000000727",
        "01": "0006970436" + "01130011002233445",
        "02": "QRIBFTTA",
    }
    assert vietqr.fields(outer["62"]) == {"08": "TT34679ACDEF"}


@given(ACCOUNTS, st.none() | AMOUNTS, PURPOSES)
def test_what_is_written_is_read_back(account, amount, purpose):
    payload = vietqr.transfer_code(account, amount=amount, purpose=purpose)
    read = vietqr.parse_code(payload)
    assert (read.account, read.amount, read.purpose, read.dynamic) == (account, amount, purpose, amount is not None)


@given(ACCOUNTS, AMOUNTS, st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=25))
def test_the_banks_own_reader_reads_the_same(account, amount, purpose):
    scanned = protocol.scan(vietqr.transfer_code(account, amount=amount, purpose=purpose))
    assert scanned == protocol.Scanned(account.bin, account.number, amount, purpose, True)


@given(ACCOUNTS, AMOUNTS, PURPOSES, st.data())
def test_one_changed_letter_is_noticed(account, amount, purpose, data):
    payload = vietqr.transfer_code(account, amount=amount, purpose=purpose)
    place = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(st.sampled_from(string.digits + string.ascii_uppercase))
    changed = payload[:place] + other + payload[place + 1 :]
    if changed != payload:
        with pytest.raises(vietqr.InvalidPayload):
            vietqr.parse_code(changed)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    for payload in (text, vietqr.sealed(text)):
        try:
            vietqr.parse_code(payload)
        except vietqr.InvalidPayload:
            continue


@pytest.mark.parametrize(
    ("facts", "purpose"),
    [
        ({"amount": 0}, "TT1"),
        ({"amount": -5}, "TT1"),
        ({"amount": 10**13}, "TT1"),
        ({"amount": 1000}, ""),
        ({"amount": 1000}, "X" * 26),
        ({"amount": 1000}, "Lệ phí"),
        ({"amount": 1000}, "TT\n1"),
        ({"amount": 1000, "service": "QRPUSH"}, "TT1"),
    ],
)
def test_what_banks_would_not_read_is_not_written(facts, purpose):
    with pytest.raises(ValueError):
        vietqr.transfer_code(Account("970436", "0011"), purpose=purpose, **facts)


@pytest.mark.parametrize(
    "account", [Account("97043", "1"), Account("97043x", "1"), Account("970436", ""), Account("970436", "1" * 20)]
)
def test_no_code_for_a_wrong_account(account):
    with pytest.raises(ValueError):
        vietqr.transfer_code(account, amount=1000, purpose="TT1")


@pytest.mark.parametrize(
    ("bin", "links"), [("970436", ["11@vcb", "970436"]), ("970418", ["11@bidv", "970418"]), ("970499", ["970499"])]
)
def test_a_link_to_the_payers_app_names_the_bank_that_receives(settings, bin, links):
    """Two agencies may collect at two banks: the bank of the pattern would get the other's money."""
    settings.BANK_APP_LINKS = {
        "A": "https://dl.example/pay?app=mb&ba={number}@{bank}",
        "B": "https://dl.example/pay?app=mb&ba={bin}",
    }
    account = CollectionAccount(options={"bin": bin, "number": "11"})
    payment = Payment(method="vietqr", reference="TT3", amount=1, account=account)
    assert [link.address.partition("ba=")[2] for link in app_links.app_links(payment)] == links
    assert set(app_links.SHORT_NAMES) == set(vietqr.BANKS)


def test_the_pattern_of_the_example_can_be_filled_in():
    example = (CHECKOUT / "deploy" / "environment.example").read_text()
    patterns = json.loads(next(line for line in example.splitlines() if "dl.vietqr.io" in line).removeprefix("# "))
    assert {name: app_links.wrong_with(pattern) for name, pattern in patterns.items()} == dict.fromkeys(patterns, "")
