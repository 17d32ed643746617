"""The whole simulation: a cast, its arrivals, and each dossier's story up to the present."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from accounts.models import StaffPost
from agencies.calendars import calendar_of
from demo.simulation.arrivals import arrivals
from demo.simulation.cast import Cast
from demo.simulation.story import Story
from vietnam.working_time import VIETNAM

Role = StaffPost.Role
log = logging.getLogger(__name__)


def run_simulation(
    *,
    dossiers: int,
    months: int,
    seed: int,
    until: datetime,
    cast: Cast | None = None,
    online_share: float = 0.6,
) -> Iterator[int]:
    """Make `dossiers` dossiers that arrived in the `months` before `until`; yields how many are done so far.

    Each dossier is one transaction: stopped at any moment, what is there is whole. What the rules refuse ends that
    story where it stands and is counted in the cast's tally; a story that fails in another way leaves nothing.
    """
    random = Random(seed)  # noqa: S311 - believable data, not a secret
    cast = cast or Cast.of_the_province()
    if not (cast.people and cast.counters and cast.offers):
        raise ValueError(
            "The demonstration's people, staff and catalogue must be loaded first: run `manage.py demo`, or `make run`."
        )
    first: date = (until - timedelta(days=round(months * 30.44))).astimezone(VIETNAM).date()
    calendar = calendar_of(cast.counters[0].post.agency)
    moments = arrivals(calendar, count=dossiers, first=first, until=until, online_share=online_share, random=random)
    weights = [weight for _edition, _agency, weight in cast.offers]
    for n, (moment, online) in enumerate(moments, 1):
        edition, agency, _weight = random.choices(cast.offers, weights)[0]
        story = Story(cast, edition, agency, random, until=until, key=f"sim{seed}-{until:%Y%m%d%H%M%S}-{n}")
        try:
            with transaction.atomic():
                story.tell(moment, online=online)
        except Exception:  # a fault that a thousandth dossier meets must not cost the other ones
            log.exception("a simulated dossier could not be told", extra={"seed": seed, "number": n})
            cast.told.failed += 1
        yield n
