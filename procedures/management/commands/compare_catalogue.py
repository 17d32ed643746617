"""manage.py compare_catalogue FILE: what bundled facts say otherwise than an extract, with both texts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.importing.comparison import compare_with_bundled
from procedures.importing.extract import UnreadableExtract, read_extract
from procedures.importing.run import field_names


class Command(BaseCommand):
    help = "Compare the bundled procedures with an extract of the national catalogue, cell by cell. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = read_extract(options["file"])
        except UnreadableExtract as error:
            raise CommandError(str(error)) from error
        compared = compare_with_bundled((line.row for line in lines if line.row is not None), field_names())
        if not compared.number:
            self.stdout.write(
                f"Nothing to compare: {options['file'].name} names no procedure of the bundled catalogue."
            )
            return
        for comparison in compared.found:
            self.stdout.write(f"{comparison.code} {comparison.title}")
            for each in comparison.differences:
                self.stdout.write(f"  {each.label}\n    - {each.before}\n    + {each.after}")
        number = sum(len(comparison.differences) for comparison in compared.found)
        differing, all_of_them = len(compared.found), compared.number
        self.stdout.write(f"{number} differences in {differing} of {all_of_them} bundled procedures compared")
