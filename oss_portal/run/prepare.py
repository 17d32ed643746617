"""Brings database and static files up to date: one process, so that Django is loaded once.

Its output is a log; lines that begin with an arrow are shown to the person who started the portal.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from oss_portal.run.progress import STEP


def prepare(accounts_file: Path) -> None:
    """Errors: CommandError, DatabaseError, OSError with the reason."""
    if waiting := waiting_migrations():
        say(f"Bringing the database up to date ({waiting} steps)")
        call_command("migrate", interactive=False, verbosity=0)
    say("Loading the demonstration province")
    call_command("demo")
    collect_static()
    with accounts_file.open("w", encoding="utf-8") as accounts:
        call_command("demo", accounts=True, stdout=accounts)


def waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collects and compresses static files, only when one of them changed since the last time."""
    stamp = Path(settings.DATA_DIR) / "run" / "static.stamp"
    now = static_fingerprint()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).exists():
        return
    say("Collecting style sheets, scripts and fonts")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def static_fingerprint() -> str:
    """Changes with every static file of the checkout and with the packages that bring more of them."""
    checkout = Path(settings.BASE_DIR)
    files = [checkout / "requirements.lock", *sorted((checkout / "static").rglob("*"))]
    facts = [
        (str(file.relative_to(checkout)), file.stat().st_size, file.stat().st_mtime_ns) for file in files
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def say(text: str) -> None:
    print(f"{STEP}{text}", flush=True)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")
    django.setup()
    try:
        prepare(Path(sys.argv[1]))
    except (CommandError, DatabaseError, OSError) as problem:
        print(str(problem).strip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
