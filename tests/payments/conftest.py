"""A payable record without an app above: anybody signed in sees and pays it, counters collect for it."""

import pytest

from payments import owners
from payments.models import Charge
from tests.factories.charges import charge_thing


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


@pytest.fixture
def charge(db) -> Charge:
    return charge_thing()
