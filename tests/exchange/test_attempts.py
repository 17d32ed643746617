"""Work with a neighbour: the next row is read from an index, however many wait."""

import pytest
from django.db import connection
from django.db.models import F

from exchange.connectors.national import NAME
from exchange.connectors.national.arrivals import waiting_arrivals
from exchange.models import OPEN_ORDERS, PostOrder, SpecialisedDossier, Synchronisation
from tests.factories.moments import at

WAITING = {
    "told": lambda: Synchronisation.objects.filter(system=NAME, parked_at=None, told_revision__lt=F("wanted_revision")),
    "arrivals": waiting_arrivals,
    "post": lambda: PostOrder.objects.filter(state__in=OPEN_ORDERS),
    "specialised": lambda: SpecialisedDossier.objects.filter(system=1),
}


@pytest.mark.parametrize("kind", WAITING)
def test_the_next_row_is_read_and_not_sought_among_all_that_wait(db, kind):
    """Many become due at one moment: sorting them for each one that is taken costs their square."""
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
    due = WAITING[kind]().filter(available_at__lte=at("2026-11-23 09:10"))
    plan = due.order_by("available_at", "id")[:1].explain()
    assert "Sort" not in plan
