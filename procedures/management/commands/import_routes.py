"""manage.py import_routes FILE: internal routes from the table of a decision, as drafts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actors import automatic_actor
from procedures.routes.importing.run import import_table
from procedures.routes.importing.tables import UnreadableTable


class Command(BaseCommand):
    help = "Read internal routes from a table (.csv, .xlsx or .json) into drafts and say what is unclear in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="import_routes", help="who imports, as the history shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            made = import_table(path.read_bytes(), path.name, by=automatic_actor(options["by"]), at=timezone.now())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except UnreadableTable as error:
            raise CommandError(str(error)) from error
        for route in made.report["routes"]:
            self.stdout.write(
                f"{route['code']} · {route['name']}: {route['outcome']}, {route['steps']} bước, cộng {route['sum']}"
            )
            for sentence in (*route["doubts"], *route["problems"]):
                self.stdout.write(f"  - {sentence}")
