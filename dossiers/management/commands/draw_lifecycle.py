"""Print the documentation page of the life cycle, made from its table."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.lifecycle.diagram import page


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
