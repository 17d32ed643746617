"""Each agency collects on its own account and numbers its own receipts; a merger changes the future alone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from agencies.models import Agency
from oss_portal.deployment import check_collection_accounts
from payments import accounts, settlement
from payments.models import CollectionAccount, ReceiptSeries
from payments.providers.registry import offered_providers, provider_named
from payments.providers.vietqr import code
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
pytestmark = pytest.mark.django_db


def own_account(agency_code: str, number: str, **facts) -> CollectionAccount:
    options = {"bin": "970436", "number": number, "holder": "UBND", "url": ""}
    given = {"key": f"bank-{number}", "provider": "bank", "valid_from": date(2026, 1, 1), **facts}
    return CollectionAccount.objects.create(agency_code=agency_code, options=options, **given)


def series(agency_code: str, serial: str, **facts) -> ReceiptSeries:
    given = {"form_symbol": "01BLP0-001", "collector_name": "UBND", "collector_tax_code": "2300000001", **facts}
    return ReceiptSeries.objects.create(
        **{"valid_from": date(2026, 1, 1), **given}, agency_code=agency_code, serial=serial
    )


def test_two_agencies_collect_on_two_accounts(settings):
    settings.PAYMENT_SECRETS = {"bank-111": "một", "bank-222": "hai"}
    own_account("A", "111")
    own_account("B", "222")
    asked = {name: ask_to_pay(charge_thing(f"thing:{name}", agency_code=name), at=NOON) for name in "ABC"}
    read = {name: code.parse_code(payment.qr_payload).account.number for name, payment in asked.items()}
    assert read == {"A": "111", "B": "222", "C": settings.BANK_ACCOUNT["number"]}


def test_without_its_secret_an_account_is_not_offered(settings):
    own_account("A", "111")
    assert offered_providers("A", at=NOON) == []
    settings.PAYMENT_SECRETS = {"bank-111": "một"}
    assert [account.key for _provider, account in offered_providers("A", at=NOON)] == ["bank-111"]


def test_a_change_of_account_leaves_codes_that_are_out(settings):
    settings.PAYMENT_SECRETS = {"bank-111": "một", "bank-222": "hai"}
    old = own_account("A", "111", valid_to=date(2026, 11, 23))
    own_account("A", "222", valid_from=date(2026, 11, 24))
    charge = charge_thing(agency_code="A")
    first = ask_to_pay(charge, at=NOON)
    later = ask_to_pay(charge, at=NOON + timedelta(days=1))
    assert (first.account, later.account.key) == (old, "bank-222")
    first.refresh_from_db()
    assert first.account == old


def test_a_merger_moves_what_is_asked_for_afterwards():
    own_account("NEW", "222")
    old = Agency.objects.filter(kind="commune_pc").first()
    new = Agency.objects.filter(kind="commune_pc").exclude(pk=old.pk).first()
    Agency.objects.filter(pk=new.pk).update(code="NEW")
    provider = provider_named("bank")
    before = accounts.account_for(provider, old.code, at=NOON)
    Agency.objects.filter(pk=old.pk).update(valid_to=date(2026, 11, 30), successor=new)
    assert accounts.account_for(provider, old.code, at=NOON) == before
    assert accounts.account_for(provider, old.code, at=at("2026-12-01 08:00")).key == "bank-222"
    new.refresh_from_db()
    assert accounts.predecessor_codes(new) == ["NEW", old.code]


def test_another_account_in_the_settings_is_another_row(settings):
    provider = provider_named("bank")
    first = accounts.province_account(provider)
    assert accounts.province_account(provider) == first
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "number": "999"}
    assert accounts.province_account(provider).options["number"] == "999"
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "holder": "TEN MOI"}
    renamed = accounts.province_account(provider)
    assert renamed.options["holder"] == "TEN MOI"
    assert accounts.province_account(provider) == renamed
    assert set(accounts.accounts_of(provider)) >= {first, renamed}


def test_a_key_is_numbered_for_the_same_account_only():
    """It names the account's secret, so an administrator must be able to foresee it."""
    provider = provider_named("bank")
    own_account("A", "777")  # in a bank whose key is "bank-777"
    own_account("B", "7771", key="bank-970436-7771")
    assert accounts.free_key(provider, {"bin": "970436", "number": "777"}) == "bank-970436-777"
    own_account("C", "777", key="bank-970436-777")
    assert accounts.free_key(provider, {"bin": "970436", "number": "777"}) == "bank-970436-777-2"


def test_the_database_holds_one_account_and_one_series_at_a_time():
    own_account("A", "111", valid_to=date(2026, 6, 30))
    own_account("A", "222", valid_from=date(2026, 7, 1))
    own_account("B", "333")
    with pytest.raises(IntegrityError), transaction.atomic():
        own_account("A", "444", valid_from=date(2026, 6, 30), valid_to=date(2026, 6, 30))
    series("A", "BN-26E", valid_to=date(2026, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        series("A", "BN-27E", valid_from=date(2026, 12, 31))


def test_receipts_are_numbered_in_the_series_of_the_day():
    series("A", "BN-26E", valid_to=date(2026, 12, 31))
    series("A", "BN-27E", valid_from=date(2027, 1, 1))
    found = []
    for place, day in enumerate(["2026-12-31", "2026-12-31", "2027-01-01"]):
        charge = charge_thing(f"thing:{place}", agency_code="A")
        found.append(settlement.take_cash(charge, by="thu quỹ", at=at(f"{day} 09:00")))
    assert [(r.form_symbol, r.serial, r.number) for r in found] == [
        ("01BLP0-001", "BN-26E", "0000001"),
        ("01BLP0-001", "BN-26E", "0000002"),
        ("01BLP0-001", "BN-27E", "0000001"),
    ]


def test_the_deployment_check_names_an_account_without_its_secret(settings):
    assert check_collection_accounts() == []
    own_account("A", "111")
    found = check_collection_accounts(databases=["default"])
    assert [message.id for message in found] == ["oss.W006"]
    assert "PAYMENT_SECRETS[bank-111]" in found[0].msg
    settings.PAYMENT_SECRETS = {"bank-111": "một"}
    assert check_collection_accounts(databases=["default"]) == []
