"""manage.py compare_catalogue FILE: what bundled facts say otherwise than an extract, with both texts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.importing.comparison import KINDS, Compared, compare_with_bundled
from procedures.importing.extract import UnreadableExtract, read_extract
from procedures.importing.judgements import read_judgements
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
                self.stdout.write(f"  {each.label} [{each.mark}]\n    - {each.before}\n    + {each.after}")
        self._write_summary(compared)

    def _write_summary(self, compared: Compared) -> None:
        """What is open by kind, what was judged by ground, and judgements that no longer hold."""
        for kind, count in compared.open_by_kind.items():
            self.stdout.write(f"open: {count} of {KINDS[kind]}")
        names = read_judgements().grounds
        for ground, count in sorted(compared.judged.items(), key=lambda pair: -pair[1]):
            self.stdout.write(f"judged: {count} as {ground}: {names[ground]}")
        if compared.stale:
            self.stdout.write(
                f"{compared.stale} judgements meet no difference: a side was changed since. Judge anew or take them out"
            )
        number = sum(compared.open_by_kind.values())
        self.stdout.write(
            f"{number} open differences in {len(compared.found)} of {compared.number} bundled procedures compared; "
            f"{compared.judged_number} judged"
        )
