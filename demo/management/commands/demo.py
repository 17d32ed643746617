"""The demonstration: the province, the catalogue, staff and people, and their dossiers."""

from unicodedata import east_asian_width

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import dossiers, people, signing


class Command(BaseCommand):
    help = "Load the demonstration province, or with --accounts print one sign-in for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="print one sign-in for each role")
        parser.add_argument("--code", action="store_true", help="print the present code of the second factor")

    def handle(self, *args: object, accounts: bool, code: bool = False, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demonstration has known passwords, so it is refused in production; use load_province and "
                "load_catalogue instead."
            )
        if code:
            self.stdout.write(people.second_factor_code())
            return
        if accounts:
            self.stdout.write(table(), ending="")
            return
        call_command("load_province", stdout=self.stdout)
        call_command("load_catalogue", stdout=self.stdout)
        people.load_demo_people()
        signing.load_demo_keys()
        dossiers.load_demo_dossiers()


def table() -> str:
    """One line for each role: role and place, address, sign-in name, password."""
    rows = [
        (f"{entry.role} · {entry.place}", settings.PUBLIC_URL + entry.page, entry.username, entry.password)
        for entry in people.sign_ins()
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    lines = []
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[3]]))
    return "\n".join(lines) + "\n"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
