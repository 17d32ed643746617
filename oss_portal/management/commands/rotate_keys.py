"""Seal people's numbers in the database with the first key of NUMBER_KEYS; begun again it goes on where it stopped."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.sealed_numbers import current_key_name
from core.sealed_rotation import keys_in_use, rotate_numbers
from oss_portal.search_index import index_everything


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--index",
            action="store_true",
            help="NUMBER_INDEX_KEY has changed: digests and search words too; only while the portal is stopped",
        )

    def handle(self, *args: Any, index: bool, **options: Any) -> None:
        for rotated in rotate_numbers(index=index):
            self.stdout.write(f"{rotated.changed:>9} {rotated.column} (left: {rotated.left})")
        if index:
            for name, count in index_everything():
                self.stdout.write(f"{count:>9} {name} indexed")
        current = current_key_name()
        for name, number in sorted(keys_in_use().items()):
            self.stdout.write(f"key {name}: {number} numbers" + (" (the current key)" if name == current else ""))
