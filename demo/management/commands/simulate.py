"""Make believable dossiers of the past months through the same write path as the real ones."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.simulation import Cast, run_simulation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossiers", type=int, default=200)
        parser.add_argument("--months", type=int, default=3)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, dossiers: int, months: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Simulated dossiers do not belong into a production database.")
        done, cast = 0, Cast.of_the_province()
        try:
            for done in run_simulation(dossiers=dossiers, months=months, seed=seed, until=timezone.now(), cast=cast):
                if done % 100 == 0:
                    self.stdout.write(f"{done} of {dossiers} dossiers")
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} dossiers simulated over {months} months (seed {seed})")
        for (action, code), times in cast.told.refused.most_common():
            self.stdout.write(f"  refused {times} times: {action} ({code})")
        if cast.told.failed:
            self.stdout.write(f"  {cast.told.failed} dossiers could not be told; the log above says why")
