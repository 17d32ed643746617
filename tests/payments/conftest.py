import pytest

from payments.models import Charge
from tests.factories.charges import charge_thing


@pytest.fixture(autouse=True)
def _things(things):
    """Every test charges for the payable record."""


@pytest.fixture
def charge(db) -> Charge:
    return charge_thing()
