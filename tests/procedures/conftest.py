"""The carried catalogue loaded once for a module and rolled back after it."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.utils.timezone import get_current_timezone

from accounts.models import Account
from procedures.editions import bundled
from procedures.editions.publishing import People
from procedures.models import Procedure

AT = datetime(2026, 11, 23, 9, 0, tzinfo=get_current_timezone())


@pytest.fixture(scope="module")
def carried_catalogue(django_db_setup, django_db_blocker):
    """The load's own report. Tests see the rows within savepoints of the module's transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        if Procedure.objects.exists():  # other tests loaded it: emptied until this transaction is rolled back
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procedures_procedure, procedures_field, procedures_route CASCADE")
                cursor.execute("TRUNCATE procedures_competence, procedures_lifeevent, journal_entry CASCADE")
        yield bundled.load_bundled(AT)
        transaction.set_rollback(True)


@pytest.fixture
def catalogue(carried_catalogue, db):
    return carried_catalogue


def two_people():
    """Who proposes and who approves what changes an edition in force."""
    first, second = (Account.objects.create_account(f"eyes-{n}", "a long enough word", full_name="A B") for n in (1, 2))
    return People(first, second, "A B")
