"""manage.py correct_act_numbers FILE: numbers of legal acts that an older import cut short."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from procedures.importing import corrections, extract


class Command(BaseCommand):
    help = (
        "Put right, after the extract that was imported, the numbers of legal acts that were published cut short "
        "(7/2025/NQ-CP for 66.7/2025/NQ-CP). import_catalogue does the same; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = extract.read_extract(options["file"])
        except extract.UnreadableExtract as error:
            raise CommandError(str(error)) from error
        misread = corrections.misread_acts(line.row for line in lines if line.row is not None)
        number = corrections.correct_act_numbers(misread, timezone.now())
        self.stdout.write(f"Corrected editions: {number}.")
