"""The web's role writes history, papers, receipts and amounts once, and can take nothing of it back."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import CASCADE
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.lifecycle import execute_transition
from dossiers.models import DossierEvent
from journal import sealing
from journal.kept import kept_models
from journal.roles import OWNER, READ, WEB
from oss_portal.database_rights import grant_database_rights
from oss_portal.deleted_rows import DELETED, deletable_tables
from oss_portal.engines.folder import CHECKOUT
from oss_portal.engines.postgres import programs
from payments import charges, receipts, settlement
from payments.models import Charge, Payment, Receipt
from tests.databases import acting_as
from tests.factories.charges import ask_to_pay
from tests.factories.dossiers import received
from tests.factories.moments import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]
MORNING = at("2026-11-23 09:10")


@contextmanager
def acting(role):
    with acting_as(role), transaction.atomic(), connection.cursor() as cursor:
        yield cursor


def test_tests_are_the_webs_role_on_every_connection(db):
    def whoever():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
            return cursor.fetchone()

    def other_thread():
        try:
            return whoever()
        finally:
            connection.close()

    assert whoever() == (WEB, False)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(other_thread).result() == (WEB, False)
    with acting_as(OWNER):
        assert whoever() == (OWNER, False)
    assert whoever() == (WEB, False)


def test_rights_can_be_granted_again(db):
    with acting(OWNER):
        assert set(grant_database_rights()) == {WEB, READ}


def test_a_portal_that_runs_is_never_without_its_rights_while_they_are_granted_again(db):
    with acting(OWNER), CaptureQueriesContext(connection) as said:
        grant_database_rights()
    verbs = [query["sql"].split()[0] for query in said]
    assert "REVOKE" in verbs
    assert (verbs[0], verbs[-1]) == ("SAVEPOINT", "RELEASE")  # all of it becomes true at once


def test_a_dossier_goes_its_whole_way_as_the_webs_role(cast, edition, settings, tmp_path):
    settings.HISTORY_KEY_FILE = str(tmp_path / "history.key")
    with acting(WEB):
        dossier = received(cast, edition, MORNING)
        execute_transition(dossier, "take", cast.officer, at=MORNING)
        charge = charges.raise_charge(
            owner="thing:1",
            title="Phí",
            payer_name="A",
            agency_code="H05",
            agency_name="B",
            lines=[{"name": "Phí", "amount": 1000}],
            by="A",
        )
        ask_to_pay(charge, at=timezone.now())
        receipt = settlement.take_cash(charge, by="thu quỹ", at=timezone.now())
        assert receipts.draw_receipt(receipt).code
        assert sealing.seal_streams(at=timezone.now()) > 0


def test_what_is_kept_is_neither_changed_nor_deleted_nor_emptied(db):
    for model, promise in kept_models():
        table = model._meta.db_table
        fixed = next(
            field.column
            for field in model._meta.concrete_fields
            if not field.primary_key and field.name not in promise.may_change
        )
        delete = () if promise.may_go else (f"DELETE FROM {table}",)
        for statement in (
            *delete,
            f"TRUNCATE {table} CASCADE",
            f'UPDATE {table} SET "{fixed}" = "{fixed}"',
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TABLE {table} CASCADE",
        ):
            with pytest.raises(ProgrammingError, match="permission denied|must be owner"), acting(WEB) as cursor:
                cursor.execute(statement)


def test_the_web_deletes_only_from_tables_that_are_named_with_a_reason(db):
    with acting(WEB) as cursor:
        ours = "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND "
        cursor.execute(f"SELECT relname {ours} has_table_privilege(oid, 'DELETE')")
        may_delete = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"SELECT count(*) {ours} has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES')")
        assert cursor.fetchone() == (0,)
    kept = dict(kept_models())
    let_go = {model._meta.db_table for model, promise in kept.items() if promise.may_go}
    assert may_delete == deletable_tables() | let_go
    assert all(DELETED.values())
    assert not {apps.get_model(name) for name in DELETED} & set(kept)


def test_what_goes_with_a_deleted_row_may_be_deleted_too():
    """Django deletes from every table that hangs on a row by CASCADE, whether it holds anything or not."""
    may_go = {model for model, promise in kept_models() if promise.may_go}
    deletable = {apps.get_model(name) for name in DELETED} | may_go
    for model in deletable:
        hanging = {
            relation.related_model
            for relation in model._meta.get_fields(include_hidden=True)
            if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is CASCADE
        }
        assert hanging <= deletable, model


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dossiers_dossier SET code = 'x' WHERE id = %s",
        "UPDATE dossiers_dossier SET code = NULL WHERE id = %s",
        "UPDATE dossiers_dossier SET received_at = received_at - interval '1 day' WHERE id = %s",
        "UPDATE dossiers_dossier SET filed_at = now() WHERE id = %s",
        "UPDATE dossiers_dossier SET created_at = now() WHERE id = %s",
        "UPDATE dossiers_dossier SET uid = gen_random_uuid() WHERE id = %s",
        # As if it had been moved in by mistake
        "UPDATE dossiers_dossier SET state = 0, code = NULL, filed_at = NULL, received_at = NULL, discarded_at = now()"
        " WHERE id = %s",
        "DELETE FROM dossiers_dossier WHERE id = %s",
        "DELETE FROM dossiers_pause WHERE dossier_id = %s",
        "DELETE FROM dossiers_duedatechange WHERE dossier_id = %s",
        "DELETE FROM dossiers_dossierdocument WHERE dossier_id = %s",
        "SELECT set_config('pgtrigger.ignore', '{pgtrigger_immutable_e34ca,pgtrigger_immutable_38134}', true);"
        " UPDATE procedures_edition SET title = 'x' WHERE id = (SELECT edition_id FROM dossiers_dossier WHERE id = %s)",
    ],
)
def test_what_a_dossier_was_given_once_stays(cast, edition, statement):
    dossier = received(cast, edition, MORNING)
    dossier.pauses.create(reason="supplement", began_at=MORNING)
    for role in (WEB, OWNER):
        with (
            pytest.raises((IntegrityError, ProgrammingError), match=r"stays?\b|Cannot update"),
            acting(role) as cursor,
        ):
            cursor.execute(statement, [dossier.pk])


def test_who_took_part_stays(cast, edition):
    """Or whoever appraised a dossier could decide on it after one statement."""
    dossier = received(cast, edition, MORNING)
    dossier.participations.create(account=cast.officer.account, part="appraised", at=MORNING)
    for statement in ("DELETE FROM dossiers_participation", "UPDATE dossiers_participation SET part = 'decided'"):
        with pytest.raises(ProgrammingError, match="permission denied"), acting(WEB) as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_payment SET amount = 1",
        "UPDATE payments_charge SET amount = 1",
        "UPDATE payments_receipt SET number = '1'",
        "SET LOCAL pgtrigger.ignore = '{journal.Entry:append_only}'; UPDATE journal_entry SET actor = 'x'",
        "DELETE FROM journal_numberseries",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_webs_role_cannot(db, statement):
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"), acting(WEB) as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_numberseries (scope, last) VALUES ('x', 1)",
        "UPDATE dossiers_dossier SET code = ''",
        "SELECT password FROM accounts_account",
        "SELECT session_data FROM django_session",
        "SELECT token_sha256 FROM exchange_connectedsystem",
        "SELECT pin_hash FROM dossiers_trackingpin",
    ],
)
def test_the_reading_role_only_reads_and_no_secrets(db, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), acting(READ) as cursor:
        cursor.execute(statement)
    with acting(READ) as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier")
        cursor.execute("SELECT id, level FROM accounts_account LIMIT 1")


def test_histories_papers_and_money_are_among_what_is_kept():
    kept = {model for model, _promise in kept_models()}
    assert {DossierEvent, Charge, Payment, Receipt} <= kept


def test_the_roles_file_runs_twice(db):
    """Tried on a database of its own, because it changes who owns what."""
    parts = urlsplit(settings.DATABASE_URL)
    host = unquote(parts.query.partition("host=")[2]) or parts.hostname
    psql = [
        str(programs() / "psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        host,
        "-U",
        parts.username or "postgres",
    ]
    passwords = [part for name in ("owner", "web", "read") for part in ("-v", f"{name}_password=x")]
    name = f"roles_{connection.settings_dict['NAME']}"[:60]
    file = str(CHECKOUT / "deploy" / "roles.sql")

    def run(*arguments):
        done = subprocess.run([*psql, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    run("-d", "postgres", "-c", f"CREATE DATABASE {name}")
    try:
        run("-d", name, "-c", "CREATE TABLE old (id bigint GENERATED BY DEFAULT AS IDENTITY)")
        for _time in range(2):
            run("-d", name, *passwords, "-f", file)
        run("-d", name, "-c", "SET ROLE portal_owner; ALTER TABLE old ADD COLUMN x int")
    finally:
        run("-d", "postgres", "-c", f"DROP DATABASE {name}")
