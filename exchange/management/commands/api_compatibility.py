"""Compare the API's description with the released one; `--release` writes that anew."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator

from exchange.compatibility import breaking_changes

RELEASED = Path(settings.BASE_DIR) / "docs" / "api" / "released.json"


def present_description() -> dict[str, Any]:
    """The description as callers get it."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))  # type: ignore[no-any-return]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--release", action="store_true", help="the present description is the released one")

    def handle(self, *args: Any, release: bool, **options: Any) -> None:
        present = present_description()
        if found := breaking_changes(json.loads(RELEASED.read_text(encoding="utf-8")), present):
            raise CommandError("This would break callers of the released API:\n" + "\n".join(found))
        if release:
            RELEASED.write_text(json.dumps(present, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        self.stdout.write(f"No caller of {RELEASED.name} breaks.")
