"""Django's `migrate`, as the owner of the database; afterwards each role is granted what it may do."""

from typing import Any

from django.core.management.commands import migrate

from core.owner import as_owner
from oss_portal.database_rights import grant_database_rights


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                grant_database_rights()
