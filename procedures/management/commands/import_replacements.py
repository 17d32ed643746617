"""manage.py import_replacements FILE: papers that data replaces, from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actors import Actor
from procedures.models import Replacement
from procedures.review.replacements import BASIS, UnreadableTable, import_table


class Command(BaseCommand):
    help = "Read a table (CSV) of procedure × paper × database × clause; a second person approves what it proposes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--basis", default=BASIS, help="number of the document that rules it")
        parser.add_argument("--by", default="import_replacements", help="who imports, as the journal shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = import_table(
                options["file"], Actor(system=options["by"], channel="command"), timezone.now(), options["basis"]
            )
        except UnreadableTable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Rows read: {result.read}, known before: {result.known}, proposed: {result.proposed}")
        self.stdout.write(
            f"Rows twice in the file: {result.doubled}, without code, paper or database: {result.unusable}"
        )
        for status in Replacement.Status:
            self.stdout.write(f"{status.label}: {result.by_status.get(status, 0)}")
