"""Compare the daily counts of dossiers with a count of the dossiers themselves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.models import Counted
from dossiers.statistics.tallies import count_anew, differing_cells

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="count anew from the dossiers")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        found = differing_cells(SHOWN)
        for what, day, agency, edition, channel, number in found:
            cell = f"{Counted(what).name.lower()} {day} agency {agency} edition {edition} {channel}"
            self.stdout.write(f"{cell}: {number}")
        if not found:
            self.stdout.write("Every daily count is what the dossiers say.")
        elif mend:
            count_anew()
            self.stdout.write("Counted anew.")
        else:
            raise CommandError("Daily counts differ from the dossiers; --mend counts them anew.")
