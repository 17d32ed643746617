from datetime import date

import pytest
from django.db import transaction

from accounts.models import Account
from agencies import province
from demo import people
from tests.notices.conftest import mailbox  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """Loaded once for a module, in a transaction that every test's own stands in and that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        province.load_province("bacninh", today=date(2026, 11, 23))
        people.load_demo_people()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bacninh(_loaded, db):
    """The province with the demonstration's staff and people."""


@pytest.fixture
def sign_in(client, bacninh):
    """Sign the test's client in by account name."""

    def enter(username):
        client.force_login(Account.objects.get(username=username), backend="accounts.backends.AccountBackend")
        return client

    return enter
