"""A payable record without an app above: anybody signed in sees and pays it, counters collect for it."""

from datetime import datetime

import pytest
from django.utils import timezone

from payments import charges, owners
from payments.models import Charge

OWNER = "thing:1"
LINES = [
    {"name": "Lệ phí cấp giấy", "name_en": "Issuing levy", "quantity": 1, "unit_amount": 20_000, "amount": 20_000},
    {"name": "Phí chứng thực", "name_en": "Certification", "quantity": 3, "unit_amount": 2_000, "amount": 6_000},
]


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def things(monkeypatch, settings):
    """The app above, and a configured bank that nobody calls unless a test starts it."""
    settings.BANK_URL = "http://127.0.0.1:9"
    settings.BANK_SECRET = "bí mật của ngân hàng"
    monkeypatch.setattr(owners, "_resolvers", dict(owners._resolvers))
    owners.register(
        "thing",
        describe=lambda _actor, owner: owners.PayableFacts("Cấp lại giấy phép", "/", owner),
        may_see=lambda actor, _owner: not actor.is_anonymous,
        may_pay=lambda actor, _owner: not actor.is_anonymous,
        may_collect=lambda actor, _owner: actor.role == "counter",
    )


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


@pytest.fixture
def charge(db) -> Charge:
    return charge_thing()
