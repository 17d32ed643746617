"""Make believable dossiers of the past months through the same write path as the real ones."""

from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.calendars import calendar_of
from core.owner import as_owner
from demo.simulation import Cast, run_simulation
from demo.simulation.bulk import CannotWrite, read_examples, write_bulk
from vietnam.working_time import OutsideCalendar

PATTERN_MONTHS = 8  # what is followed was simulated over these: long enough for stories to end


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossiers", type=int, default=200)
        parser.add_argument("--months", type=int, default=3)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--bulk", type=int, default=0, help="then write so many more by COPY, after the pattern of all there are"
        )

    def handle(self, *args: Any, dossiers: int, months: int, seed: int, bulk: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Simulated dossiers do not belong into a production database.")
        done, cast, until = 0, Cast.of_the_province(), timezone.now()
        try:
            for done in run_simulation(
                dossiers=dossiers,
                months=min(months, PATTERN_MONTHS) if bulk else months,
                seed=seed,
                until=until,
                cast=cast,
            ):
                if done % 100 == 0:
                    self.stdout.write(f"{done} of {dossiers} dossiers")
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} dossiers simulated over {months} months (seed {seed})")
        for (action, code), times in cast.told.refused.most_common():
            self.stdout.write(f"  refused {times} times: {action} ({code})")
        if cast.told.failed:
            self.stdout.write(f"  {cast.told.failed} dossiers could not be told; the log above says why")
        if bulk:
            with as_owner():  # it writes without triggers and makes indexes anew
                self._write_bulk(cast, bulk, months=months, seed=seed, until=until)

    def _write_bulk(self, cast: Cast, dossiers: int, *, months: int, seed: int, until: datetime) -> None:
        calendar = calendar_of(cast.counters[0].post.agency)
        examples = read_examples(until)
        began, done, said = monotonic(), 0, 0
        try:
            for done in write_bulk(
                examples, dossiers=dossiers, months=months, seed=seed, until=until, calendar=calendar
            ):
                if done - said >= 50_000:
                    said = done
                    self.stdout.write(f"{done} of {dossiers} dossiers, {done / (monotonic() - began):.0f} a second")
        except OutsideCalendar as error:
            raise CommandError(f"{error}; simulate fewer months.") from error
        except CannotWrite as error:
            raise CommandError(str(error)) from error
        seconds = monotonic() - began
        self.stdout.write(
            f"{done} dossiers written after the pattern of {len(examples)} in {seconds:.0f} s, indexes included: "
            f"{done / seconds:.0f} a second"
        )
