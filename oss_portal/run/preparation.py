"""Brings database and static files up to date, in a process of its own, so that the portal's keeps no connection.

Its output is a log; lines that begin with an arrow are shown to the person who started the portal. What was
made from unchanged sources is not made again, so that a second start is quick.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from core.owner import as_owner
from oss_portal.database_rights import grant_database_rights
from oss_portal.run.progress import STEP

CARRIED = (".py", ".yaml", ".json", ".csv")


def prepare(accounts_file: Path) -> None:
    """Errors: CommandError, DatabaseError, OSError with the reason."""
    bring_database_up_to_date(accounts_file)
    collect_static()


def bring_database_up_to_date(accounts_file: Path) -> None:
    """Migrations, and the province with its people, when they or any code changed since the last time."""
    checkout = Path(settings.BASE_DIR)
    sources = (
        file
        for app in (*settings.APPS, "vietnam", "oss_portal")
        for file in (checkout / app).rglob("*")
        if file.suffix in CARRIED
    )
    lock = checkout / "requirements.lock"  # packages bring migrations too
    stamp = Stamp("database", [lock, *sources], database_identity(), settings.PUBLIC_URL)
    if stamp.holds() and accounts_file.exists():
        return
    with as_owner():
        if waiting := waiting_migrations():
            say(f"Bringing the database up to date ({waiting} steps)")
            call_command("migrate", interactive=False, verbosity=0)
        else:
            grant_database_rights()  # of before there were roles, or by other promises
    say("Loading the demonstration province")
    call_command("demo")
    with accounts_file.open("w", encoding="utf-8") as accounts:
        call_command("demo", accounts=True, stdout=accounts)
    stamp.leave()


# Files of packages that no page loads: pages for browsing an API, second copies of htmx, another explorer. They are
# nine tenths of all bytes, and each first start would compress them.
NOT_COLLECTED = [
    "account",
    "mfa",
    "rest_framework",
    "django_htmx",
    "redoc",
    "swagger-ui-es-bundle*",
    "oauth2-redirect*",
]


def waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collects and compresses static files, when one of them changed since the last time."""
    checkout = Path(settings.BASE_DIR)
    stamp = Stamp("static", [checkout / "requirements.lock", *(checkout / "static").rglob("*")])
    if stamp.holds() and Path(settings.STATIC_ROOT).exists():
        return
    say("Collecting style sheets, scripts and fonts")
    call_command("collectstatic", interactive=False, clear=True, ignore_patterns=NOT_COLLECTED, verbosity=0)
    stamp.leave()


def database_identity() -> str:
    """Tells this database from another one, even of the same name on the same server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, (pg_control_system()).system_identifier FROM pg_database WHERE datname = current_database()"
        )
        return repr(cursor.fetchone())


class Stamp:
    """A file that remembers from which sources something was made (their names, sizes and times)."""

    def __init__(self, name: str, sources: Iterable[Path], *facts: str) -> None:
        self.file = Path(settings.DATA_DIR) / "run" / f"{name}.stamp"
        found = [(str(source), source.stat().st_size, source.stat().st_mtime_ns) for source in sorted(sources)]
        self.fingerprint = hashlib.sha256(repr((found, facts)).encode()).hexdigest()

    def holds(self) -> bool:
        return self.file.exists() and self.file.read_text() == self.fingerprint

    def leave(self) -> None:
        self.file.write_text(self.fingerprint)


def say(text: str) -> None:
    print(f"{STEP}{text}", flush=True)


def main(accounts_file: Path) -> int:
    try:
        prepare(accounts_file)
    except (CommandError, DatabaseError, OSError) as problem:
        print(str(problem).strip(), file=sys.stderr)
        return 1
    return 0
