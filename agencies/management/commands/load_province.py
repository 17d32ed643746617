from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies import province


class Command(BaseCommand):
    help = "Load the province's territories, agencies, desks and working calendar; adds only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", nargs="?", default=settings.PROVINCE, help="data file in agencies/data")

    def handle(self, *args: object, key: str, **options: object) -> None:
        try:
            loaded = province.load_province(key, today=timezone.localdate())
        except province.UnknownProvince:
            names = ", ".join(sorted(path.stem for path in province.DATA.glob("*.yaml")))
            raise CommandError(f"There is no province “{key}”; known: {names}.")
        years = f"{loaded.years[0]}–{loaded.years[-1]}" if loaded.years else "none"
        self.stdout.write(
            f"{key}: {loaded.communes} communes; added {loaded.territories} territories, "
            f"{loaded.agencies} agencies, {loaded.desks} desks; calendar years added: {years}"
        )
