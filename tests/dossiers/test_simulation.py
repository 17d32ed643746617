"""The simulator: seeded, through the one write path, believable."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from demo import people
from demo.simulation import Cast, run_simulation, story
from demo.simulation.arrivals import arrivals
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, DossierEvent, Pause, State
from tests.factories.moments import at
from vietnam import working_time

NOW = at("2026-07-06 10:00")


@pytest.fixture
def province(db):
    people.load_demo_people()


def _tale(dossiers: int, seed: int = 7) -> list[tuple]:
    for _n in run_simulation(dossiers=dossiers, months=3, seed=seed, until=NOW):
        pass
    told = Dossier.objects.order_by("id").values_list("code", "state", "edition__procedure__code", "due_at", "revision")
    return list(told)


def test_simulated_dossiers_are_believable(province):
    tale = _tale(25)
    assert len(tale) >= 25  # and those that a package opens
    assert len({code for code, *_rest in tale}) == len(tale)
    assert len({state for _code, state, *_rest in tale}) >= 3
    assert Dossier.objects.filter(state=State.RETURNED).exists()
    assert not Dossier.objects.filter(created_at__gt=NOW).exists()
    assert not DossierEvent.objects.filter(at__gt=NOW).exists()
    assert not Pause.objects.filter(ended_at=None).exclude(dossier__state__in=(State.SUPPLEMENT, State.FINANCIAL))
    assert NOW - Dossier.objects.earliest("created_at").created_at > timedelta(days=60)


def test_the_same_seed_tells_the_same_tale(province):
    tales = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            tales.append(_tale(5, seed))
            transaction.set_rollback(True)
    assert tales[0] == tales[1] != tales[2]


def test_what_the_rules_refuse_is_part_of_the_story(province, monkeypatch):
    tries = Counter()

    def sometimes_refused(dossier, action, by, **facts):
        tries[action] += 1
        if tries[action] % 3 == 0:
            raise Refused("not_today", "Hôm nay thì không.")
        return execute_transition(dossier, action, by, **facts)

    monkeypatch.setattr(story, "execute_transition", sometimes_refused)
    cast = Cast.of_the_province()
    assert max(run_simulation(dossiers=12, months=3, seed=3, until=NOW, cast=cast)) >= 10
    assert {code for _action, code in cast.told.refused} == {"not_today"}
    assert cast.told.refused.total() == sum(times // 3 for times in tries.values()) > 3
    for dossier in Dossier.objects.prefetch_related("events"):
        assert dossier.revision == len(dossier.events.all()), "a refused move leaves nothing"


def test_a_story_that_fails_leaves_nothing_and_costs_no_other(province, monkeypatch):
    told = iter(range(100))

    def tell(self, at, *, online):
        usual(self, at, online=online)
        if next(told) % 2:
            raise ZeroDivisionError

    usual = story.Story.tell
    monkeypatch.setattr(story.Story, "tell", tell)
    cast = Cast.of_the_province()
    done = max(run_simulation(dossiers=6, months=3, seed=3, until=NOW, cast=cast))
    assert cast.told.failed == done // 2 == 3
    assert Dossier.objects.count() >= done - 3


def test_the_command_says_what_it_made(province, capsys):
    call_command("simulate", "--dossiers", "3", "--months", "1", "--seed", "4")
    assert "dossiers simulated over 1 months (seed 4)" in capsys.readouterr().out
    assert Dossier.objects.exists()


def test_counters_take_in_on_working_days_and_wait_queues_up_after_a_holiday():
    """Tết 2026 is 16 to 20 February; the Monday after it is the busiest day of its month."""
    from random import Random

    calendar = working_time.seeded_calendar(2025, 2027)
    first, until = at("2026-02-01 00:00").date(), at("2026-02-27 09:30")
    found = arrivals(calendar, count=4000, first=first, until=until, online_share=0.0, random=Random(3))
    assert len(found) == 4000  # none of them later than the moment at which it is told
    assert max(moment for moment, _online in found) <= until
    days = [moment.date() for moment, _online in found]
    assert all(working_time.is_working_day(calendar, day) for day in set(days))
    assert max(set(days), key=days.count) == at("2026-02-23 00:00").date()
    assert found == sorted(found)
