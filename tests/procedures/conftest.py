"""The catalogue, and the two people who change it."""

import pytest

from accounts.models import Account
from procedures.editions.publishing import People
from tests.databases import LOADED_AT

AT = LOADED_AT


@pytest.fixture
def catalogue(db):
    """The carried catalogue, as every test database holds it."""


def two_people():
    """Who proposes and who approves what changes an edition in force."""
    first, second = (Account.objects.create_account(f"eyes-{n}", "a long enough word", full_name="A B") for n in (1, 2))
    return People(first, second, "A B")
