"""The simulator: seeded, through the one write path, believable."""

from datetime import timedelta

import pytest

from accounts import demonstration as people
from dossiers.models import Dossier, Pause, State
from dossiers.simulation import simulate
from tests.dossiers.conftest import _load, at

NOW = at("2026-07-06 10:00")


@pytest.fixture
def province(db):
    _load()
    people.load()


def _tale(dossiers: int, seed: int = 7) -> list[tuple]:
    for _n in simulate(dossiers=dossiers, months=3, seed=seed, until=NOW):
        pass
    return list(
        Dossier.objects.order_by("id").values_list("code", "state", "edition__procedure__code", "due_at", "revision")
    )


def test_simulated_dossiers_are_believable(province):
    tale = _tale(60)
    assert len(tale) >= 55
    assert len({code for code, *_rest in tale}) == len(tale)
    states = {state for _code, state, *_rest in tale}
    assert {State.PROCESSING, State.RETURNED} <= states
    assert not Dossier.objects.filter(created_at__gt=NOW).exists()
    assert not Dossier.objects.filter(events__at__gt=NOW).exists()
    assert not Pause.objects.filter(ended_at=None).exclude(dossier__state__in=(State.SUPPLEMENT, State.FINANCIAL))
    oldest = Dossier.objects.order_by("created_at").first()
    assert NOW - oldest.created_at > timedelta(days=60)
