"""Django's `migrate`, as the owner of the database; afterwards each role is granted what it may do."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from core.owner import as_owner
from journal.roles import grant_rights
from oss_portal.data_map import hidden_columns
from oss_portal.deleted_rows import deletable_tables


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                with connection.cursor() as cursor:
                    grant_rights(cursor, hidden_columns(), deletable_tables())
