"""Compare who has to do with which dossier, as kept for lists, with dossiers, steps and opinions."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.access.involvements import differences, mend_involvements

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write what differs anew")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        found = differences()
        for each in found[:SHOWN]:
            said = [word for word, holds in (("superfluous", each.superfluous), ("missing", each.missing)) if holds]
            self.stdout.write(f"dossier {each.dossier}: {' and '.join(said)} rows")
        if not found:
            self.stdout.write("Every involvement is what its dossier says.")
        elif mend:
            mend_involvements(found)
            self.stdout.write(f"Involvements of {len(found)} dossiers written anew.")
        else:
            raise CommandError(f"Involvements of {len(found)} dossiers differ; --mend writes them anew.")
