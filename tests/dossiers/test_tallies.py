"""Daily counts are what the dossiers say, in every cell, whatever happened to them and however far they are folded."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from dossiers.models import Counted, Dossier, State, Tally, TallyChange
from dossiers.statistics.tallies import differing_cells, fold_changes, tallies
from dossiers.tasks import fold_tallies
from procedures.models import Edition
from tests.factories.dossiers import received
from tests.factories.moments import at
from vietnam.working_time import VIETNAM

MONDAY = at("2026-11-23 09:10")
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
STATES = (State.PROCESSING, State.SUPPLEMENT, State.DONE, State.RETURNED, State.STOPPED)


def counted_by_hand() -> dict[tuple, int]:
    """As reports define it, in plain Python."""
    found: dict[tuple, int] = {}
    for dossier in Dossier.objects.select_related("edition"):
        happened = []
        if dossier.received_at:
            happened.append((Counted.RECEIVED, dossier.received_at))
        if dossier.state in (State.DONE, State.RETURNED):
            happened.append((judged(dossier), dossier.finished_at))
        for what, moment in happened:
            key = (what, day_of(moment), dossier.settling_agency_id, dossier.edition.field_id, dossier.channel)
            found[key] = found.get(key, 0) + 1
    return found


def judged(dossier: Dossier) -> Counted:
    if dossier.due_at is None:
        return Counted.UNLIMITED
    if dossier.finished_at > dossier.due_at:
        return Counted.LATE
    return Counted.EARLY if day_of(dossier.finished_at) < day_of(dossier.due_at) else Counted.ON_TIME


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_after_any_history(cast, edition, seed):
    """Receipts, results, corrections of dates, reopenings, other agencies: written by whatever statement."""
    random = Random(seed)
    made = [received(cast, edition, MONDAY, key=f"k{n}") for n in range(4)]
    agencies = list(Agency.objects.filter(valid_to=None)[:3])
    editions = list(Edition.objects.filter(status="published").exclude(field=edition.field)[:2]) + [edition]

    def moment() -> datetime:  # near midnight of Vietnam and of UTC too
        return at("2026-11-01 00:00") + timedelta(hours=random.randrange(24 * 40), minutes=random.choice((0, 1, 59)))

    for _step in range(40):
        chosen = random.sample(made, random.randrange(1, 4))
        changes = {
            "state": random.choice(STATES),
            "received_at": moment(),
            "finished_at": moment(),
            "due_at": random.choice((None, moment())),
            "settling_agency": random.choice(agencies),
            "edition": random.choice(editions),
            "channel": random.choice(("online", "counter")),
        }
        names = random.sample(sorted(changes), 3)
        given = {name: changes[name] for name in names}
        if given.get("state") in (State.DONE, State.RETURNED):
            given["finished_at"] = changes["finished_at"]
        Dossier.objects.filter(pk__in=[each.pk for each in chosen]).update(**given)
        if random.random() < 0.3:
            fold_changes(limit=random.choice((1, 3, 1000)))
    by = ("what", "day", "agency", "edition__field", "channel")
    assert tallies(FIRST, LAST, Counted.values, by=by) == counted_by_hand()
    assert differing_cells() == []
    fold_tallies()
    assert not TallyChange.objects.exists()
    assert tallies(FIRST, LAST, Counted.values, by=by) == counted_by_hand()
    november = tallies(date(2026, 11, 5), date(2026, 11, 20), (Counted.LATE,), by=("agency",))
    late = {key: n for key, n in counted_by_hand().items() if key[0] == Counted.LATE and 5 <= key[1].day <= 20}
    expected: dict[tuple, int] = {}
    for (_what, day, agency, _field, _channel), number in late.items():
        if day.month == 11:
            expected[agency,] = expected.get((agency,), 0) + number
    assert november == expected


def test_the_check_says_which_cells_differ_and_counts_anew(cast, edition, capsys):
    received(cast, edition, MONDAY)
    call_command("verify_figures")
    fold_tallies()
    Tally.objects.update(number=7)
    with pytest.raises(CommandError, match="differ"):
        call_command("verify_figures")
    assert "received 2026-11-23" in capsys.readouterr().out
    call_command("verify_figures", "--mend")
    call_command("verify_figures")
    assert tallies(FIRST, LAST, (Counted.RECEIVED,), by=("agency",)) == {(cast.agency.pk,): 1}
