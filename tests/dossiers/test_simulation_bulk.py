"""Many dossiers at once by COPY: consistent by the checks that the slow way holds, and distributed like it."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import Max, Min

from agencies.calendars import calendar_of
from demo import people
from demo.simulation import Cast, run_simulation
from demo.simulation.bulk import CannotWrite, read_examples, write_bulk
from demo.simulation.checks import inconsistencies
from dossiers.deadlines.clock import count_due
from dossiers.models import Dossier, DossierEvent, State
from journal import roles
from tests.databases import acting_as
from tests.factories.moments import at

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2026-11-20 10:00")
BULK = 600


@pytest.fixture
def cast_of_the_province() -> Cast:
    people.load_demo_people()
    return Cast.of_the_province()


def tell(cast: Cast, dossiers: int, *, seed: int) -> None:
    assert max(run_simulation(dossiers=dossiers, months=8, seed=seed, until=NOW, cast=cast)) > 0


def write(cast: Cast, dossiers: int, most: int = 400, *, stop: bool = False) -> int:
    calendar = calendar_of(cast.counters[0].post.agency)
    examples = read_examples(NOW, most)
    with acting_as(roles.OWNER):  # as `manage.py simulate --bulk` does: references are not looked up row by row
        writing = write_bulk(examples, dossiers=dossiers, months=24, seed=5, until=NOW, calendar=calendar)
        if stop:
            begun = next(writing)
            writing.close()
            return begun
        return max(writing)


def indexes_and_promises() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace"
        )
        return set(cursor.fetchall())


def test_written_dossiers_are_like_those_told_the_slow_way(cast_of_the_province):
    cast = cast_of_the_province
    tell(cast, 40, seed=2)
    assert inconsistencies() == {}
    last, before = Dossier.objects.aggregate(last=Max("id"))["last"], indexes_and_promises()
    write(cast, 30, most=5, stop=True)
    assert (Dossier.objects.aggregate(last=Max("id"))["last"], indexes_and_promises()) == (last, before)
    assert write(cast, BULK) == BULK
    assert indexes_and_promises() == before
    assert inconsistencies() == {}

    written = Dossier.objects.filter(pk__gt=last)
    assert written.count() == BULK
    assert not DossierEvent.objects.filter(at__gt=NOW).exists()
    span = written.aggregate(first=Min("created_at"), last=Max("created_at"))
    assert (span["last"] - span["first"]).days > 600
    told = Dossier.objects.filter(pk__lte=last)
    assert set(written.values_list("state", flat=True)) <= set(told.values_list("state", flat=True))
    shares = [Counter(rows.values_list("state", flat=True))[State.RETURNED] / rows.count() for rows in (told, written)]
    assert abs(shares[0] - shares[1]) < 0.25

    counted = written.exclude(due_at=None).select_related("settling_agency__calendar").prefetch_related("pauses")
    wrong = [dossier.code for dossier in counted if count_due(dossier, explain=False).at != dossier.due_at]
    assert len(counted) > BULK / 2
    assert wrong == []

    assert write(cast, 30, most=5) == 30
    tell(cast, 3, seed=8)  # numbers, keys and codes go on where they ended
    assert inconsistencies() == {}


def test_with_nothing_to_follow_it_says_so(cast_of_the_province):
    with pytest.raises(CannotWrite, match="old enough"):
        write(cast_of_the_province, 10)
    assert not Dossier.objects.exists()
