"""Figures from the tallies are those counted from the dossiers, in every cell of every cut, whatever happened."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from agencies.models import Agency
from dossiers.models import Dossier, State, Tally, TallyChange
from dossiers.statistics.tallies import differing_cells, fold_changes
from dossiers.tasks import fold_tallies
from procedures.models import Channel, Edition
from reports import figures
from reports.cuts import CUTS, MONTH
from reports.indicators import MEASURES
from reports.indicators.kinds import Asked
from reports.population import EVERYTHING, Population, of_level, settled_by
from tests.factories.dossiers import received
from tests.factories.moments import at
from vietnam.working_time import VIETNAM

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("moments_anew"),
    pytest.mark.usefixtures("papers_drawn_once"),
]
STATES = (State.PROCESSING, State.SUPPLEMENT, State.DONE, State.RETURNED, State.STOPPED, State.NOT_RECEIVED)
KEPT = [name for name, measure in MEASURES.items() if measure.tallied]
# One month, a part of one, parts around one and around none, a whole quarter, a day.
PERIODS = (
    ("2026-11-01", "2026-12-01"),
    ("2026-11-03", "2026-11-18"),
    ("2026-09-17", "2026-12-02"),
    ("2026-10-20", "2026-11-11"),
    ("2026-10-01", "2027-01-01"),
    ("2026-10-31", "2026-11-01"),
)


def moments(random: Random) -> datetime:
    """In four months, near midnight of Vietnam and of Greenwich too."""
    return at("2026-09-15 00:00") + timedelta(hours=random.randrange(24 * 100), minutes=random.choice((0, 1, 59)))


def live(random: Random, made: list[Dossier], edition: Edition) -> None:
    """Receipts, results, corrections of dates and agencies, reopenings, refusals and fees, by whatever statement."""
    agencies = list(Agency.objects.filter(valid_to=None).order_by("pk")[:3])
    agencies += Agency.objects.filter(territory__kind="commune", valid_to=None).order_by("pk")[:2]
    editions = [*Edition.objects.filter(status="published").exclude(field=edition.field).order_by("pk")[:2], edition]
    for _step in range(40):
        changes = {
            "state": random.choice(STATES),
            "received_at": moments(random),
            "finished_at": moments(random),
            "closed_at": random.choice((None, moments(random))),
            "due_at": random.choice((None, moments(random))),
            "original_due_at": random.choice((None, moments(random))),
            "fee_settled_at": random.choice((None, moments(random))),
            "fee_amount": random.choice((None, 0, 20_000, 50_000)),
            "fee_method": random.choice(("cash", "vietqr")),
            "outcome": random.choice(("granted", "refused")),
            "has_digital_result": random.choice((True, False)),
            "return_method": random.choice(("counter", "post")),
            "settling_agency": random.choice((None, *agencies)),
            "receiving_agency": random.choice(agencies),
            "edition": random.choice(editions),
            "channel": random.choice(Channel.values),
        }
        given = {name: changes[name] for name in random.sample(sorted(changes), 6)}
        if given.get("state") in (State.DONE, State.RETURNED):
            given["finished_at"] = changes["finished_at"]
        chosen = random.sample(made, random.randrange(1, 4))
        Dossier.objects.filter(pk__in=[each.pk for each in chosen]).update(**given)
        if random.random() < 0.2:
            fold_changes(limit=random.choice((1, 3, 1000)))


@pytest.mark.parametrize("seed", range(3))
def test_every_cell_of_every_cut_after_any_history(cast, edition, seed):
    random = Random(seed)
    made = [received(cast, edition, at("2026-11-23 09:10"), key=f"k{n}") for n in range(5)]
    live(random, made, edition)
    if seed % 2:
        fold_tallies()
        assert not TallyChange.objects.exists()
    assert differing_cells() == []
    agency, field = made[0].settling_agency_id, edition.field_id
    populations = [EVERYTHING] * 3 + [
        settled_by(agency),
        of_level(EVERYTHING, "province"),
        of_level(EVERYTHING, "commune"),
    ]
    populations.append(Population(Q(receiving_agency=agency) | Q(edition__field__in=[field])))
    seen = 0
    for since, until in PERIODS:
        asked = Asked(at(f"{since} 00:00"), at(f"{until} 00:00"), at("2026-12-30 09:00"), {})
        for cut in (*CUTS.values(), MONTH, None):
            population = random.choice(populations)
            found = figures.figures(population, asked, KEPT, cut=cut)
            true = figures.counted_dossiers(population.dossiers, asked, KEPT, cut=cut)
            nothing = dict.fromkeys(KEPT, 0)
            assert found == {key: nothing | row for key, row in true.items() if any(row.values())}, (since, cut)
            seen += len(found)
    assert seen > 20


def test_parts_of_days_are_counted_from_dossiers(cast, edition):
    received(cast, edition, at("2026-11-23 09:10"))
    for hour, number in (("09:00", 1), ("09:11", 0)):
        asked = Asked(at(f"2026-11-23 {hour}"), at("2026-11-24 00:00"), at("2026-11-24 09:00"), {})
        assert figures.totals(EVERYTHING, asked, ["received"]) == {"received": number}


def test_years_are_read_by_month(cast, edition, django_assert_num_queries):
    """What agencies did in whole months is one cell for each of them, whatever the number of dossiers."""
    dossiers = [received(cast, edition, at("2026-11-23 09:10"), key=f"y{n}") for n in range(3)]
    for dossier, month in zip(dossiers, (3, 5, 5), strict=True):
        Dossier.objects.filter(pk=dossier.pk).update(received_at=datetime(2026, month, 1 + month, tzinfo=VIETNAM))
    fold_tallies()
    Tally.objects.exclude(grain=Tally.Grain.AGENCY_MONTH).filter(day__lt="2026-11-01").delete()
    asked = Asked(at("2026-01-01 00:00"), at("2027-01-01 00:00"), at("2026-12-30 09:00"), {})
    with django_assert_num_queries(1):
        assert figures.figures(EVERYTHING, asked, ["received"], cut=CUTS["agency"]) == {cast.agency.pk: {"received": 3}}
    with django_assert_num_queries(1):
        assert figures.figures(EVERYTHING, asked, ["received"], cut=MONTH) == {
            (2026, 3): {"received": 1},
            (2026, 5): {"received": 2},
        }


def test_the_check_says_which_cells_differ_and_counts_anew(cast, edition, capsys):
    received(cast, edition, at("2026-11-23 09:10"))
    call_command("verify_figures")
    fold_tallies()
    Tally.objects.update(received=7)
    with pytest.raises(CommandError, match="differ"):
        call_command("verify_figures")
    assert "day 2026-11-23" in capsys.readouterr().out
    call_command("verify_figures", "--mend")
    call_command("verify_figures")
