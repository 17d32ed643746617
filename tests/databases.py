"""Test databases: copies of one template that is migrated and holds the province and the bundled catalogue.

The template stays in the server between runs. It names the files it was made from and is made anew when one of
them changed, so that a run of a single file begins at once. Every test finds the province and the catalogue in place;
whatever a test commits goes with its database, which is copied anew for the next one.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils.timezone import get_current_timezone

from agencies.province import DATA, load_province
from journal import kept, roles
from journal.roles import OWNER, READ, WEB
from oss_portal import data_map, deleted_rows
from procedures.editions.bundled import load_bundled
from procedures.editions.document import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
LOADED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=get_current_timezone())
# Keys as a province in use has them: with more than three digits, which people would write with a separator.
FIRST_KEY = 12_000
PREFIX = "oss_template_"
UNFINISHED = f"{PREFIX}unfinished"
KEPT = 3  # a checkout goes to and fro between branches
LOCK = 0x6F7373  # of pg_advisory_lock: let go by the server when its holder dies


def prepare_template() -> None:
    """Makes the template unless there is one of the present files; returns when it is there, whoever made it."""
    with _alone() as cursor:
        fresh_template(cursor) or make_template(cursor)


def copy_template(name: str) -> None:
    """Puts a fresh copy of the template in the place of database `name`, whoever is still connected to that."""
    with _alone() as cursor:
        template = fresh_template(cursor) or make_template(cursor)
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY FILE_COPY")


def renew() -> None:
    """The test database as it was before anything was committed."""
    for each in connections.all(initialized_only=True):
        each.close()
    copy_template(connection.settings_dict["NAME"])


def let_go_of_lost_connections() -> None:
    """Close what leads to a database that was taken away after an earlier test; the next query opens another."""
    for each in connections.all(initialized_only=True):
        if each.connection is not None and not each.in_atomic_block and not each.is_usable():
            each.close()


def drop(name: str) -> None:
    with _alone() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _alone() -> Iterator[Any]:
    """A cursor outside the test database. Runs side by side wait here for the one that makes the template."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        make_roles(cursor)
        yield cursor


def make_roles(cursor: Any) -> None:
    """The roles of deploy/roles.sql; given servers may lack them."""
    cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regrole(name) IS NULL", [[OWNER, WEB, READ]])
    for (role,) in cursor.fetchall():
        cursor.execute(f"CREATE ROLE {role} LOGIN")


@contextmanager
def acting_as(role: str | None) -> Iterator[None]:
    """Within it this process is another role of the database, on this connection and those it opens; None: superuser.

    Tests are the web's role, as the portal is, so that a missing right fails one. What only somebody with the keys of
    the server can do, a test does in here.
    """
    options = connection.settings_dict["OPTIONS"]
    usual = options.get("assume_role")
    _assume(role)
    try:
        yield
    finally:
        _assume(usual)


def _assume(role: str | None) -> None:
    connection.settings_dict["OPTIONS"]["assume_role"] = role
    if connection.connection is not None and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}" if role else "RESET ROLE")


def load() -> set[str]:
    """Fills an empty database with what every test database holds; returns the files that had a part in it."""
    call_command("migrate", verbosity=0, interactive=False)  # by its owner, who grants the web's role its rights
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT setval('public.{name}', {FIRST_KEY})")
    with _files_that_run() as ran:
        load_province(settings.PROVINCE, today=LOADED_AT.date())
        load_bundled(LOADED_AT)
    return ran


def make_template(cursor: Any, load: Callable[[], set[str]] = load) -> str:
    """Makes the template and returns its name; what an interrupted run left of one is thrown away."""
    cursor.execute(f"DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {UNFINISHED} OWNER {OWNER}")
    began = time.time()
    with _connected_to(UNFINISHED), acting_as(OWNER):
        files = load()
        with connection.cursor() as inside:
            inside.execute("ANALYZE")
    digest = digest_of(files)
    if any(path.stat().st_mtime >= began for path in _sources(files) if path.is_file()):
        digest = f"changed while it was made, after {digest}"  # which of both is in it nobody knows: for this run only
    name = PREFIX + hashlib.sha256(digest.encode()).hexdigest()[:16]
    made = json.dumps({"digest": digest, "files": sorted(files)})
    cursor.execute(f"COMMENT ON DATABASE {UNFINISHED} IS '{made}'")
    for superfluous in [name, *_templates(cursor)[KEPT - 1 :]]:
        cursor.execute(f"DROP DATABASE IF EXISTS {superfluous}")
    cursor.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {name}")
    return name


def fresh_template(cursor: Any) -> str | None:
    """The template whose files are all as they were when it was made."""
    for name in _templates(cursor):
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        made = json.loads(cursor.fetchone()[0] or "{}")
        if made and made["digest"] == digest_of(made["files"]):
            return name
    return None


def digest_of(files: Iterable[str]) -> str:
    """Of the named files of the checkout, and of those that a template depends on without running them."""
    whole = hashlib.sha256(settings.PROVINCE.encode())
    for name in sorted(filter(None, map(_in_checkout, _sources(files)))):
        whole.update(name.encode())
        whole.update(hashlib.sha256((ROOT / name).read_bytes()).digest() if (ROOT / name).is_file() else b"gone")
    return whole.hexdigest()


def _sources(files: Iterable[str]) -> set[Path]:
    paths = {ROOT / file for file in files} | {ROOT / "requirements.lock", Path(__file__)}
    paths |= {Path(module.__file__) for module in (kept, roles, data_map, deleted_rows)}
    paths |= set(ROOT.glob("*/migrations/*.py"))
    paths |= {Path(sys.modules[model.__module__].__file__ or "") for model in apps.get_models()}
    return paths | {path for folder in (DATA, CATALOGUE) for path in folder.rglob("*") if path.is_file()}


def _in_checkout(path: Path) -> str | None:
    """The name of a source file; None for libraries, whose versions the lock file says."""
    inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else None
    return str(inside) if inside and not inside.parts[0].startswith(".") else None


def _templates(cursor: Any) -> list[str]:
    """Newest first."""
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s ORDER BY oid DESC",
        [PREFIX, UNFINISHED],
    )
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    connection.close()
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@contextmanager
def _files_that_run() -> Iterator[set[str]]:
    """The checkout's files of which something is called meanwhile."""
    ran: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: Any) -> None:
        ran.add(frame.f_code.co_filename)

    usual = sys.gettrace()
    sys.settrace(note)
    try:
        yield ran
    finally:
        sys.settrace(usual)
        names = {_in_checkout(Path(name)) for name in ran}
        ran.clear()
        ran.update(filter(None, names))
