"""Compare the tallies of dossiers with a count of the dossiers themselves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.models import Tally
from dossiers.models.tallies import NUMBERS
from dossiers.statistics.tallies import count_anew, differing_cells, mend_workers, wrong_workers

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="count anew from the dossiers")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        wrong = wrong_workers()
        if wrong:
            self.stdout.write(f"{wrong} dossiers name another worker than their steps say.")
        if wrong and mend:
            mend_workers()
        found = differing_cells(SHOWN)
        for grain, day, agency, receiving, edition, channel, worker, *numbers in found:
            said = ", ".join(f"{name} {number}" for name, number in zip(NUMBERS, numbers, strict=True) if number)
            cell = (
                f"{Tally.Grain(grain).name.lower()} {day} agency {agency} from {receiving} edition {edition} {channel} "
                f"post {worker}"
            )
            self.stdout.write(f"{cell}: {said}")
        if not found and (mend or not wrong):
            self.stdout.write("Every tally is what the dossiers say.")
        elif found and mend:
            count_anew()
            self.stdout.write("Counted anew.")
        else:
            raise CommandError("Tallies differ from the dossiers; --mend counts them anew.")
