"""manage.py import_catalogue FILE: the national catalogue from an extract."""

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from procedures.importing.extract import UnreadableExtract
from procedures.importing.run import import_file


class Command(BaseCommand):
    help = "Import an extract of the national catalogue (.jsonl, .jsonl.xz or .json) and write a report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="import_catalogue", help="who imports, as the journal shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = import_file(options["file"], options["by"], timezone.now())
        except UnreadableExtract as error:
            raise CommandError(str(error)) from error
        for part, counts in run.counts.items():
            self.stdout.write(f"{part}: " + ", ".join(f"{name} {number}" for name, number in counts.items()))
        self.stdout.write(f"Report: {_where(run.report)}")


def _where(name: str) -> str:
    try:
        return default_storage.path(name)
    except NotImplementedError:  # storage elsewhere than on a disk
        return name
