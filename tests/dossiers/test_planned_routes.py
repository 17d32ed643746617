"""An internal route is stored once, however many dossiers have it, and never changed."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, PlannedRoute, store_routes
from dossiers.models.statements import locked_dossier
from tests.factories.dossiers import received
from tests.factories.moments import at

WHEN = at("2026-11-10 09:00")


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, WHEN)


def test_dossiers_of_one_route_refer_to_one_row_that_comes_with_the_first_step(cast, edition, dossier):
    stored = PlannedRoute.objects.count()
    with CaptureQueriesContext(connection) as statements:
        second = received(cast, edition, WHEN, key="second")
    assert second.planned_route_id == dossier.planned_route_id
    assert PlannedRoute.objects.count() == stored
    said = [each["sql"] for each in statements if "dossiers_plannedroute" in each["sql"] and "INSERT" in each["sql"]]
    assert len(said) == 1
    assert "dossiers_steprun" in said[0], "with the step, in no statement of its own"


def test_an_action_reads_the_route_with_its_dossier(dossier):
    with CaptureQueriesContext(connection) as statements, transaction.atomic():
        assert locked_dossier(Dossier(pk=dossier.pk)).route == dossier.route
    assert sum("dossiers_plannedroute" in each["sql"] for each in statements) == 1


@pytest.mark.parametrize("change", [{"steps": []}, None])
def test_what_dossiers_refer_to_is_not_changed_and_not_deleted(dossier, change):
    mine = PlannedRoute.objects.filter(pk=dossier.planned_route_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        mine.update(**change) if change else mine.delete()


def test_a_route_is_known_by_its_content(dossier):
    again = PlannedRoute.of_steps([dict(reversed(step.items())) for step in dossier.route])
    other = PlannedRoute.of_steps([*dossier.route[1:], dossier.route[0]])
    assert again.digest == dossier.planned_route_id != other.digest
    store_routes([again, other, again])
    assert PlannedRoute.objects.filter(pk__in=[again.pk, other.pk]).count() == 2


def test_dossiers_of_before_find_the_row_that_is_planned_today(dossier):
    """What the migration makes of a route as the database wrote it is what an action makes of the same."""
    moved = import_module("dossiers.migrations.0046_routes_stored_once")
    with connection.cursor() as cursor:
        cursor.execute("SELECT steps::text FROM dossiers_plannedroute WHERE digest = %s", [dossier.planned_route_id])
        [(text,)] = cursor.fetchall()
    assert moved.digest_of(text) == dossier.planned_route_id
