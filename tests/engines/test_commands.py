"""`manage.py` right after `make setup`, on a database that nobody has prepared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from oss_portal.engines.folder import CHECKOUT

EMPTY = "never_prepared"


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database without a table, on the tests' own server."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {EMPTY}")
        base, _, query = server.partition("?")
        yield f"{base.rpartition('/')[0]}/{EMPTY}?{query}"
        connection.execute(f"DROP DATABASE {EMPTY} WITH (FORCE)")


def test_a_command_says_in_one_sentence_what_to_run_first(empty_database: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "simulate", "--months=1"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": empty_database},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("The database is not prepared for this version of the portal (")
    assert "run `.venv/bin/python manage.py migrate` first, or `make run`" in sentence
