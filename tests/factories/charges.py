"""Charges for the payable record of the fixture `things`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.conf import settings
from django.test import override_settings

from core.refusals import Refused
from payments import accounts, charges
from payments.models import Charge, Payment
from payments.providers import registry

OWNER = "thing:1"


LINES = [
    {"name": "Lệ phí cấp giấy", "name_en": "Issuing levy", "quantity": 1, "unit_amount": 20_000, "amount": 20_000},
    {"name": "Phí chứng thực", "name_en": "Certification", "quantity": 3, "unit_amount": 2_000, "amount": 6_000},
]


def charge_thing(owner: str = OWNER, **facts) -> Charge:
    return charges.raise_charge(
        **{
            "owner": owner,
            "title": "H05.026.001-261123-0001 · Cấp lại giấy phép",
            "payer_name": "Nguyễn Thị Ánh",
            "agency_code": "H05.026.001",
            "agency_name": "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
            "lines": LINES,
            "by": "Lê Văn Cần, Cán bộ tiếp nhận",
            **facts,
        }
    )


def ask_to_pay(charge: Charge, *, at: datetime, way: str = "bank") -> Payment:
    """A live attempt to pay the charge through a provider of the settings."""
    provider = registry.provider_named(way)
    address = {"BANK_URL": settings.BANK_URL or "http://127.0.0.1:9", "BANK_SECRET": settings.BANK_SECRET or "bí mật"}
    with override_settings(**address):
        account = accounts.account_for(provider, charge.agency_code, at=at)
    return charges.request_payment(charge, provider, account, at=at)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What happens within is refused with this code."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
