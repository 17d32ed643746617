"""manage.py load_catalogue: the catalogue that the product carries."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from procedures.editions import bundled
from procedures.editions.document import InvalidFacts


class Command(BaseCommand):
    help = "Load the bundled catalogue, life events, competences, routes and forms. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = bundled.load_bundled(timezone.now())
        except InvalidFacts as error:
            raise CommandError(f"The bundled catalogue is not valid: {error}") from error
        counts = ", ".join(f"{change} {number}" for change, number in sorted(loaded.counts.items()))
        self.stdout.write(
            f"Catalogue: {sum(loaded.counts.values())} procedures ({counts}); competences changed "
            f"{loaded.competences}, routes {loaded.routes}, forms {loaded.forms}, life events {loaded.life_events}."
        )
