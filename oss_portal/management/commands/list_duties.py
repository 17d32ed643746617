"""Print the separation of duties as a table for docs/security/duties.md."""

from typing import Any

from django.core.management.base import BaseCommand

from oss_portal.duties import DUTIES

HEAD = """# Separation of duties

Made by `manage.py list_duties > docs/security/duties.md`. Nobody takes both parts of one matter, in whichever post; the
page says so in words, and the constraint refuses it whatever way a row is written.

| who did this | does not do this | held by the database, which compares people |
|---|---|---|
"""


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(HEAD, ending="")
        for duty in DUTIES:
            held = f"`{duty.constraint}` on `{duty.model}`"
            self.stdout.write(f"| {duty.first} | {duty.second} | {held} |")
