"""Print where personal data stand as a table for docs/security/data-map.md."""

from typing import Any

from django.core.management.base import BaseCommand

from core.sealed_rotation import sealed_fields
from oss_portal.data_map import CONTROLS, LEVELS, NUMBERS, PLACES

HEAD = """# Where personal data stand

Made by `manage.py list_personal_data > docs/security/data-map.md`. The role `portal_read` reads none of these columns.
Files stand in the storage (`S3_*` or `DATA_DIR/media`) under their hash, with the period of
their dossier. Nothing personal stands in logs, addresses or the broker.
"""

LEVELS_HEAD = """
## Protection levels

Secrets let somebody in; numbers are what holds a personal number; the rest of the map is personal.

| respect | secret | number | personal | shown by |
|---|---|---|---|---|
"""

PLACES_HEAD = """
## Every place

| data | level | where | purpose | ground | period |
|---|---|---|---|---|---|
"""

NUMBERS_HEAD = """
## Where a personal number stands

How it is sealed, and what protects the others: [personal-numbers.md](personal-numbers.md).

| column | how | why |
|---|---|---|
"""
WHY_SEALED = "found by its digest"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(HEAD + LEVELS_HEAD, ending="")
        for control in CONTROLS:
            said = " | ".join(getattr(control, level) for level in LEVELS)
            self.stdout.write(f"| {control.respect} | {said} | `{control.shown_by}` |")
        self.stdout.write(PLACES_HEAD, ending="")
        for place in PLACES:
            where = f"`{place.model}`: {', '.join(place.fields)}"
            self.stdout.write(
                f"| {place.what} | {place.level} | {where} | {place.purpose} | {place.ground} | {place.period} |"
            )
        self.stdout.write(NUMBERS_HEAD, ending="")
        for field in sealed_fields():
            self.stdout.write(f"| `{field.model._meta.label}.{field.name}` | sealed | {WHY_SEALED} |")
        for number in NUMBERS:
            self.stdout.write(f"| `{number.model}.{number.field}` | {number.how} | {number.why} |")
