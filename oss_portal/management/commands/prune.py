"""End what has done its work: delivered messages, old keys, sessions, codes, and files sent but never used."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from oss_portal.pruning import prune


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for name, count in prune(timezone.now(), dry_run=dry_run):
            self.stdout.write(f"{count:>9} {name}")
