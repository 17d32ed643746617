"""Test databases are copies of a template that is made once and never used stale or half made."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection

from accounts.models import Account
from agencies.models import Territory
from oss_portal.engines.pytest_plugin import NUMBER, take_number
from procedures.models import Edition
from tests import databases
from tests.factories.people import AccountFactory


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout of two files, whose templates are told from those of this one by their names."""
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    monkeypatch.setattr(databases, "PREFIX", f"oss_tried_{NUMBER}_")
    monkeypatch.setattr(databases, "UNFINISHED", f"oss_tried_{NUMBER}_unfinished")
    (tmp_path / "rows.py").write_text("one")
    (tmp_path / "requirements.lock").write_text("two")
    return tmp_path


@pytest.fixture
def server(django_db_setup, django_db_blocker, checkout):
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield cursor
        for name in [*databases._templates(cursor), databases.UNFINISHED]:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")


def load_a_row() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE thing AS SELECT 1 AS number")
    return {"rows.py"}


def load_half() -> set[str]:
    load_a_row()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO nothing VALUES (1)")
    return {"rows.py"}


def test_a_template_serves_until_a_file_changes(server, checkout):
    first = databases.make_template(server, load_a_row)
    assert databases.fresh_template(server) == first
    (checkout / "rows.py").write_text("changed")
    assert databases.fresh_template(server) is None
    second = databases.make_template(server, load_a_row)
    assert databases.fresh_template(server) == second != first
    (checkout / "rows.py").write_text("one")
    assert databases.fresh_template(server) == first, "the way back to another branch is short"


@pytest.mark.parametrize("name", ["requirements.lock", "things/migrations/0002_more.py"])
def test_what_is_not_run_counts_too(server, checkout, name):
    databases.make_template(server, load_a_row)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("new")
    assert databases.fresh_template(server) is None


def test_what_changes_while_a_template_is_made_leaves_none_to_the_next_run(server, checkout):
    """A migration that was written meanwhile was missing, and the template counted as made from it."""

    def load_and_write() -> set[str]:
        files = load_a_row()
        (checkout / "rows.py").write_text("written meanwhile")
        return files

    databases.make_template(server, load_and_write)
    assert databases.fresh_template(server) is None


def test_old_templates_go(server, checkout):
    for number in range(databases.KEPT + 2):
        (checkout / "rows.py").write_text(str(number))
        newest = databases.make_template(server, load_a_row)
    assert len(databases._templates(server)) == databases.KEPT
    assert databases.fresh_template(server) == newest


def test_an_interrupted_template_is_never_used(server):
    with pytest.raises(ProgrammingError):
        databases.make_template(server, load_half)
    assert databases.fresh_template(server) is None
    assert databases.make_template(server, load_a_row) == databases.fresh_template(server)


def test_runs_that_begin_together_make_one_template(server, monkeypatch):
    made, make = [], databases.make_template
    monkeypatch.setattr(databases, "make_template", lambda cursor: made.append(1) or make(cursor, load_a_row))
    names = [f"test_copy_{NUMBER}_{number}" for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(databases.copy_template, names))
    assert made == [1]
    for name in names:
        with databases._connected_to(name), databases.acting_as(None), connection.cursor() as cursor:
            cursor.execute("SELECT number FROM thing")
            assert cursor.fetchall() == [(1,)]
        databases.drop(name)


def test_what_was_committed_goes_and_the_catalogue_stays(transactional_db):
    account = AccountFactory(username="khoi.nguyen")
    assert account.pk >= databases.FIRST_KEY
    assert Territory.objects.filter(name="Phường Kinh Bắc").exists()
    databases.renew()
    assert not Account.objects.filter(username="khoi.nguyen").exists()
    assert Edition.objects.filter(procedure__code="1.013228", status="published").exists()


def test_a_connection_that_was_taken_away_is_replaced(transactional_db):
    connection.ensure_connection()
    lost = connection.connection
    with databases._alone() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [lost.info.backend_pid])
    databases.let_go_of_lost_connections()
    assert Territory.objects.exists()
    assert connection.connection is not lost


def test_living_processes_have_numbers_of_their_own():
    number, lock = take_number()
    following, other = take_number()
    assert len({NUMBER, number, following}) == 3
    lock.close()
    again, lock = take_number()
    assert again == number
    lock.close()
    other.close()
