"""Lists cost the same number of statements for one dossier and for many, in every state that they show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, State
from tests import databases
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "address", "state"),
    [
        ("officer", "/work/?view=done", State.DONE),
        ("officer", "/work/?view=paused", State.SUPPLEMENT),
        ("officer", "/work/?view=unit", State.PROCESSING),
        ("counter", "/desk/returns/", State.DONE),
    ],
)
def test_a_list_reads_all_that_its_rows_show(cast, edition, who, address, state):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    facts = {"state": state, "finished_at": at("2026-11-12 09:00") if state == State.DONE else None}
    client, counted = signed_in(getattr(cast, who)), []
    for more in (1, 6):
        copies(dossier, more, **facts)
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            page = client.get(address)
        assert len(page.context["rows"]) >= more
        counted.append(len(statements))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(("who", "address"), [("officer", "/work/?view=unit"), ("officer", "/work/?view=done")])
def test_a_page_is_found_by_short_rows_and_reads_what_it_shows(cast, edition, who, address):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    copies(dossier, 2, state=State.PROCESSING)
    copies(dossier, 2, state=State.DONE, finished_at=at("2026-11-12 09:00"))
    client = signed_in(getattr(cast, who))
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).context["rows"]
    asked = [statement["sql"] for statement in statements]
    [keys] = [sql for sql in asked if sql.startswith('SELECT "dossiers_involvement"."dossier_id" AS')]
    assert "dossiers_dossier" not in keys
    [rows] = [sql for sql in asked if 'FROM "dossiers_dossier"' in sql and "U0" not in sql]
    for long in ("route", "answers", "fee_facts", "search_vector"):
        assert f'"dossiers_dossier"."{long}"' not in rows


@pytest.fixture(scope="module")  # before the test's transaction begins
def small_indexes(django_db_setup, django_db_blocker):
    """Indexes without the pages that rolled back tests leave in them, for which the planner avoids them."""
    with django_db_blocker.unblock():
        databases.renew()


def test_what_is_open_is_found_by_its_own_index_among_years_of_what_is_not(small_indexes, cast, edition):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    copies(dossier, 1500, state=State.RETURNED, finished_at=at("2026-11-12 09:00"))
    Dossier.objects.filter(pk=dossier.pk).update(state=State.PROCESSING)
    client = signed_in(cast.officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_involvement")
        with CaptureQueriesContext(connection) as statements:
            client.get("/work/?view=unit")
        counted = ('SELECT COUNT("dossiers_involvement"', 'SELECT "dossiers_involvement"."dossier_id" AS')
        ours = [each["sql"] for each in statements if each["sql"].startswith(counted)]
        assert len(ours) == 2
        cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table may be read whole as cheaply
        for sql in ours:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "involved_open" in plan, plan
