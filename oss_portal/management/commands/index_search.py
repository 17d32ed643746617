"""Write anew what people, bodies, accounts, scans and dossiers are found by."""

from typing import Any

from django.core.management.base import BaseCommand

from oss_portal.search_index import index_everything


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in index_everything():
            self.stdout.write(f"{count:>9} {name}")
