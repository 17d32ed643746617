"""Lists cost the same number of statements for one dossier and for many, in every state that they show."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, State, Substate
from dossiers.views import lists
from tests import databases
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]


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
    [rows] = [sql for sql in asked if '"dossiers_dossier"."owner_name"' in sql]
    for long in ("answers", "fee_facts", "search_vector"):
        assert f'"dossiers_dossier"."{long}"' not in rows


@pytest.fixture(scope="module")  # before the test's transaction begins
def small_indexes(django_db_setup, django_db_blocker):
    """Indexes without the pages that rolled back tests leave in them, for which the planner avoids them."""
    with django_db_blocker.unblock():
        databases.renew()


VIEWS_AND_INDEXES = [
    ("/work/?view=unit", {"involved_running"}),
    ("/work/?view=paused", {"involved_paused"}),
    ("/work/?view=done", {"involved_settled"}),
    ("/work/?view=opinions", {"involved_asked"}),
]


def test_what_is_open_is_found_by_its_own_index_among_years_of_what_is_not(small_indexes, cast, edition):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    copies(dossier, 1500, state=State.RETURNED, finished_at=at("2026-11-12 09:00"))
    Dossier.objects.filter(pk=dossier.pk).update(state=State.PROCESSING)
    client = signed_in(cast.officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_involvement")
        for address, indexes in VIEWS_AND_INDEXES:
            with CaptureQueriesContext(connection) as statements:
                client.get(address)
            asked = [each["sql"] for each in statements if "dossiers_involvement" in each["sql"]]
            counted = [sql for sql in asked if sql.startswith("SELECT (SELECT count(*)")]
            chosen = [sql for sql in asked if sql.startswith("SELECT edition, step_act, holder")]
            listed = [sql for sql in asked if sql.startswith('SELECT "dossiers_involvement"."dossier_id" AS')]
            assert len(counted) == len(chosen) == len(listed) == 1
            cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table may be read whole as cheaply
            plans = [_plan(cursor, sql) for sql in (*counted, *chosen, *([] if "done" in address else listed))]
            assert {"involved_running", "involved_paused", "involved_asked"} <= {
                name for name in ALL_INDEXES if name in plans[0]
            }, plans[0]
            for plan in plans[1:]:
                assert any(name in plan for name in indexes), plan
                assert "dossiers_dossier" not in plan, plan
            cursor.execute("RESET enable_seqscan")


ALL_INDEXES = ("involved_running", "involved_paused", "involved_asked", "involved_settled", "involved_returns")


def _plan(cursor, sql):
    cursor.execute(f"EXPLAIN {sql}")
    return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("who", ["officer", "head", "leader"])
def test_a_counter_says_how_many_its_list_holds(cast, edition, who, monkeypatch):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    copies(dossier, 2, state=State.PROCESSING, holder=cast.officer.post)
    copies(dossier, 3, state=State.SUPPLEMENT)
    copies(dossier, 1, state=State.PROCESSING, substate=Substate.SUSPENDED)
    client, request = signed_in(getattr(cast, who)), RequestFactory().get("/work/")
    request.actor = getattr(cast, who)
    said = lists.counts(request)
    assert said == {view: "" if view == "done" else str(lists.listed(request, view).count()) for view in lists.VIEWS}
    assert {count["count"] for count in client.get("/work/").context["views"]} == set(said.values())
    monkeypatch.setattr(lists, "COUNTED_AT_MOST", 2)
    lists._counting.cache_clear()
    assert lists.counts(request)["paused"] == "2+"
    lists._counting.cache_clear()


@pytest.mark.parametrize("view", ["unit", "done"])
def test_choices_of_a_list_are_those_that_narrow_it_to_something(cast, edition, view):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    copies(dossier, 2, state=State.PROCESSING)
    copies(dossier, 2, state=State.DONE, finished_at=at("2026-11-12 09:00"))
    client = signed_in(cast.officer)
    filters = {each["name"]: each["choices"] for each in client.get(f"/work/?view={view}").context["filters"]}
    assert filters["step"]
    for value, _text in filters["step"]:
        assert client.get(f"/work/?view={view}&step={value}").context["rows"]
    assert not client.get(f"/work/?view={view}&step=other").context["rows"]
