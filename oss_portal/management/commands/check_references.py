"""Compare record references (files, papers, charges, audit log) with the records that they name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.references import missing_records


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for finding in missing_records():
            why = "names no record" if finding.known else "has a prefix that no app registers"
            column = f"{finding.column.model}.{finding.column.field}"
            self.stdout.write(f"{finding.number:>9} {column}: {finding.prefix}:… {why}, e.g. {finding.example}")
            wrong += finding.number
        if wrong:
            raise CommandError(f"{wrong} references name nothing.")
        self.stdout.write("Every record reference names a record.")
