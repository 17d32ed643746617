"""What each role of the database may do with which table, as the maps of this project say it."""

from django.db import connection

from journal.roles import grant_rights
from oss_portal.data_map import hidden_columns
from oss_portal.deleted_rows import deletable_tables


def grant_database_rights() -> list[str]:
    """Grant each role what it may do, as the owner of the tables and all at once; returns the roles that are there."""
    with connection.cursor() as cursor:
        return grant_rights(cursor, hidden_columns(), deletable_tables())
