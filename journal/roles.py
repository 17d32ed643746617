"""Who may do what with which table, for the roles of deploy/roles.sql; granted after every migration.

The web's role deletes only from tables that are named to it. What a model keeps (`journal.kept.Kept`) it may write once
and read, and of its columns change only those named: a hole in a page, or SQL that slips in somewhere, cannot rewrite
the history, a paper or an amount.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from journal.kept import kept_models

OWNER, WEB, READ = "portal_owner", "portal_web", "portal_read"
# Written by migrations only.
_OWNERS_TABLES = ("django_migrations", "django_content_type", "auth_permission")
# django-pgtrigger asks this function before each trigger, and as it comes anybody may set its variable and pass by
# every trigger. Migrations that make triggers write it anew. Whoever owns a table can still disable one.
_TRIGGERS_ALWAYS = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


@transaction.atomic
def grant_rights(cursor: Any, hidden: Mapping[str, frozenset[str]], deletable: Collection[str]) -> list[str]:
    """Grant what each role that is there may do, as the owner of the tables; returns the roles.

    In one transaction: a portal that runs meanwhile is never without its rights. `hidden`: columns by table that the
    reading role does not see; `deletable`: tables from which the web deletes.
    """
    cursor.execute(_TRIGGERS_ALWAYS)
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", [WEB, READ])
    roles = [name for (name,) in cursor.fetchall()]
    for role in roles:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
    if WEB in roles:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {WEB}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB}")
        if connection.pg_version >= 170000:  # before, the web cannot have its tables counted anew after a load
            cursor.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {WEB}")
        present = _tables(cursor)
        for table in sorted(present & set(deletable)):
            cursor.execute(f"GRANT DELETE ON {table} TO {WEB}")
        for statement in _kept_statements(present):
            cursor.execute(statement)
    if READ in roles:
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READ}")
        for statement in _hidden_statements(_tables(cursor), hidden):
            cursor.execute(statement)
    return roles


def _kept_statements(present: set[str]) -> list[str]:
    found = [f"REVOKE INSERT, UPDATE ON {name} FROM {WEB}" for name in _OWNERS_TABLES if name in present]
    for model, promise in kept_models():
        table = model._meta.db_table
        if table in present:
            found.append(f"REVOKE ALL ON {table} FROM {WEB}")
            found.append(f"GRANT SELECT, INSERT{', DELETE' if promise.may_go else ''} ON {table} TO {WEB}")
            if promise.may_change:
                found.append(f"GRANT UPDATE ({_columns(model, promise.may_change)}) ON {table} TO {WEB}")
    return found


def _hidden_statements(present: set[str], hidden: Mapping[str, frozenset[str]]) -> list[str]:
    models = {model._meta.db_table: model for model in apps.get_models()}
    found = []
    for table in sorted(present & set(hidden)):
        names = [f.name for f in models[table]._meta.concrete_fields if f.column not in hidden[table]]
        found.append(f"REVOKE SELECT ON {table} FROM {READ}")  # noqa: S608 (names of ours only)
        found.append(f"GRANT SELECT ({_columns(models[table], tuple(names))}) ON {table} TO {READ}")
    return found


def _columns(model: type[Model], names: tuple[str, ...]) -> str:
    return ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)


def _tables(cursor: Any) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in cursor.fetchall()}
