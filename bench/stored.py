"""A stored province of a chosen size, for measures of lists and reports; and how quickly it is written.

    from bench import stored
    stored.prepare(2_000_000)     # afterwards Django is set up and the data is there; a second run finds it

`make bench NAME=stored` writes OSS_BENCH_DOSSIERS (100,000) dossiers into a folder of their own, in turns with dossiers
told the slow way; the last line is the result as JSON. 2,000,000 dossiers want about 40 GB of disk.
"""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

from bench import stage
from bench.stage import say
from oss_portal.engines.folder import DataFolder

GOAL = 5_000  # dossiers a second
SLOW = 240  # dossiers told the slow way, whose pattern the others follow
MONTHS = 30
SEED = 11


def prepare(dossiers: int, *, months: int = MONTHS) -> DataFolder:
    """A data folder whose database holds that many dossiers at least, written once and found again later."""
    folder = stage.prepare(f"bench-stored-{dossiers}")
    from dossiers.models import Dossier

    if Dossier.objects.count() < dossiers:
        _tell(SLOW)
        _write(dossiers, months=months)
    return folder


def _tell(dossiers: int) -> int:
    """The slow way; returns how many."""
    from django.utils import timezone

    from demo.simulation import run_simulation

    say(f"Telling {dossiers} dossiers the slow way")
    return max(run_simulation(dossiers=dossiers, months=8, seed=SEED, until=timezone.now()), default=0)


def _write(dossiers: int, *, months: int) -> int:
    """By COPY; returns how many."""
    from django.utils import timezone

    from agencies.calendars import calendar_of
    from core.owner import as_owner
    from demo.simulation import Cast
    from demo.simulation.bulk import read_examples, write_bulk

    say(f"Writing {dossiers} dossiers")
    calendar = calendar_of(Cast.of_the_province().counters[0].post.agency)
    until = timezone.now() - timedelta(minutes=1)
    with as_owner():  # it makes indexes anew
        examples = read_examples(until)
        done = write_bulk(examples, dossiers=dossiers, months=months, seed=SEED, until=until, calendar=calendar)
        return max(done, default=0)


def main() -> None:
    count = int(os.environ.get("OSS_BENCH_DOSSIERS", "100000"))
    stage.prepare(f"bench-stored-{count}")
    from demo.simulation.checks import inconsistencies

    began = time.monotonic()
    slow = _tell(SLOW) / (time.monotonic() - began)
    began = time.monotonic()
    quick = _write(count, months=MONTHS) / (time.monotonic() - began)
    wrong = inconsistencies()
    print(
        json.dumps(
            {
                "name": "stored",
                "ours": round(quick),
                "other": round(slow, 1),
                "ratio": round(quick / slow),
                "goal": GOAL,
                "holds": quick >= GOAL and not wrong,
                "detail": {
                    "unit": "dossiers a second, indexes included; other is the slow way",
                    "dossiers": count,
                    "inconsistencies": wrong,
                    "load": os.getloadavg(),
                },
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
