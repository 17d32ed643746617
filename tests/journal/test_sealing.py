"""The history is sealed in blocks, and whoever changes it afterwards is found, as the database's owner too."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from journal import sealing
from journal.audit_log import record_entry
from journal.kept import sealed_models
from journal.models import DayRoot, Entry, Seal
from journal.proofs import faults_of_proof, proof_of, standing_of
from journal.verifying import Kind, verify_history
from tests.databases import acting_as, copy_template, drop

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_history(settings, tmp_path, db):
    """A key of the test's own, and a journal without what loading the province wrote into it."""
    settings.HISTORY_KEY_FILE = str(tmp_path / "keys" / "history.key")
    by_owner("DELETE FROM journal_entry")


def write(count, verb="seen"):
    for number in range(count):
        record_entry(verb, f"thing:{number}", by="post:1 Nguyễn Văn A", number=number)
    return list(Entry.objects.order_by("-pk")[:count])[::-1]


def by_owner(statement, *values):
    """As nobody but the database's owner can: past triggers."""
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER ALL")


@pytest.mark.django_db
def test_blocks_are_chained_and_sealing_twice_changes_nothing(monkeypatch):
    monkeypatch.setattr(sealing, "ROWS", 4)
    write(10)
    assert sealing.seal_streams(at=AT, only="journal") == 10
    seals = list(Seal.objects.filter(stream="journal").order_by("number"))
    assert [(seal.number, seal.rows) for seal in seals] == [(1, 4), (2, 4), (3, 2)]
    assert [seal.previous for seal in seals] == [sealing.NOTHING, seals[0].hash, seals[1].hash]
    assert sealing.seal_streams(at=AT, only="journal") == 0
    write(1)
    assert sealing.seal_streams(at=AT, only="journal") == 1
    report = verify_history()
    assert not report.faults
    assert (report.rows, report.waiting) == (11, 0)


@pytest.mark.django_db
def test_every_stream_of_the_portal_seals_what_it_says():
    assert set(sealed_models()) >= {"journal", "dossier-events", "papers", "charges", "payments", "receipts"}
    for model, promise in sealed_models().values():
        names = {field.attname for field in model._meta.concrete_fields}
        for fields in promise.forms.values():
            assert set(fields) <= names, model
            assert promise.blinded <= set(fields)
        # Nothing may be written that no seal covers, but what is meant to change.
        may_change = set(getattr(model.kept, "may_change", ()))
        assert names - set(promise.forms[promise.newest]) - may_change <= {"id"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kind", "place"),
    [
        ("UPDATE journal_entry SET actor = actor || '.' WHERE id = %s", Kind.CHANGED, 5),
        ("UPDATE journal_entry SET changes = '{\"number\": 6}' WHERE id = %s", Kind.CHANGED, 5),
        ("UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE id = %s", Kind.CHANGED, 5),
        ("DELETE FROM journal_entry WHERE id = %s", Kind.REMOVED, 5),
        ("DELETE FROM journal_entry WHERE id >= %s", Kind.REMOVED, 5),
        ("UPDATE journal_entry SET id = -1 WHERE id = %s", Kind.REMOVED, 5),
    ],
)
def test_the_first_row_that_is_not_as_it_was_is_named(statement, kind, place):
    rows = write(12)
    sealing.seal_streams(at=AT, only="journal")
    by_owner(statement, rows[place].pk)
    fault = verify_history().faults[0]
    assert (fault.kind, fault.row) == (kind, rows[place].pk)
    assert str(rows[place].pk) in fault.sentence


@pytest.mark.django_db
def test_a_row_put_in_and_rows_exchanged_are_named():
    rows = write(6)
    by_owner("DELETE FROM journal_entry WHERE id = %s", rows[2].pk)  # before it is sealed: a gap, as rollbacks leave
    sealing.seal_streams(at=AT, only="journal")
    assert not verify_history().faults
    with transaction.atomic():
        by_owner(
            "INSERT INTO journal_entry (id, at, actor, origin, request_id, verb, subject, changes) "
            "VALUES (%s, now(), 'x', '', '', 'x', 'x', '{}')",
            rows[2].pk,
        )
        assert [(fault.kind, fault.row) for fault in verify_history().faults] == [(Kind.ADDED, rows[2].pk)]
        transaction.set_rollback(True)
    with transaction.atomic():
        by_owner(
            "UPDATE journal_entry AS one SET at = other.at, subject = other.subject, changes = other.changes "
            "FROM journal_entry AS other WHERE (one.id, other.id) IN ((%s, %s), (%s, %s))",
            rows[1].pk,
            rows[4].pk,
            rows[4].pk,
            rows[1].pk,
        )
        assert [(fault.kind, fault.row) for fault in verify_history().faults] == [(Kind.REORDERED, rows[1].pk)]
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["rows = rows - 1", "root = repeat('0', 64)", "ids[1] = 0", "sealed_at = now()"])
def test_seals_that_were_altered_are_found(column):
    write(5)
    sealing.seal_streams(at=AT, only="journal")
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER ALL")
        cursor.execute(f"UPDATE journal_seal SET {column}")
    assert verify_history().faults[0].kind == Kind.SEAL


@pytest.mark.django_db
def test_whoever_rewrites_rows_and_seals_is_found_by_the_signed_day_and_the_copy_outside(settings, tmp_path, capsys):
    rows = write(5)
    sealing.seal_streams(at=AT, only="journal")
    assert sealing.close_day(at=AT) is None, "the day is not over"
    assert sealing.close_days(at=AT + timedelta(days=1)) == 1
    assert sealing.close_days(at=AT + timedelta(days=1)) == 0
    capsys.readouterr()
    call_command("day_roots")
    kept = tmp_path / "roots.jsonl"
    kept.write_text(capsys.readouterr().out)
    call_command("verify_history", roots=kept)
    # The owner forges everything in the database ...
    by_owner("UPDATE journal_entry SET actor = 'ai đó' WHERE id = %s", rows[0].pk)
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER ALL")
        cursor.execute("ALTER TABLE journal_dayroot DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM journal_seal")
    sealing.seal_streams(at=AT, only="journal")
    fault = verify_history().faults[0]
    assert (fault.kind, fault.sentence[:10]) == (Kind.DAY, "2026-11-23")
    # ... and with the signing key too: only the copy outside tells.
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_dayroot")
    sealing.close_days(at=AT + timedelta(days=1))
    assert not verify_history().faults
    with pytest.raises(CommandError, match="not as it was written"):
        call_command("verify_history", roots=kept)
    assert "the copy kept outside has another root" in capsys.readouterr().err
    with pytest.raises(CommandError, match="no list of the days' roots"):
        call_command("verify_history", roots=tmp_path / "nothing")


@pytest.mark.django_db
def test_a_signature_by_another_key_is_no_signature(settings, tmp_path):
    write(2)
    sealing.close_days(at=AT)
    settings.HISTORY_KEY_FILE = str(tmp_path / "other.key")
    root = sealing.close_day(at=AT, even_today=True) or DayRoot.objects.get()
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_dayroot DISABLE TRIGGER ALL")
        cursor.execute("UPDATE journal_dayroot SET signature = reverse(signature) WHERE id = %s", [root.pk])
    assert "signature" in verify_history().faults[0].sentence


@pytest.mark.django_db
def test_a_proof_is_whole_and_breaks_with_any_change(monkeypatch):
    monkeypatch.setattr(sealing, "ROWS", 3)
    rows = write(8)
    assert standing_of(rows[4]).seal is None
    sealing.seal_streams(at=AT, only="journal")
    assert standing_of(rows[4]).seal is not None
    assert proof_of(rows[4]) is None
    sealing.close_days(at=AT + timedelta(days=1))
    for row in rows:
        proof = json.loads(json.dumps(proof_of(row)))
        assert faults_of_proof(proof) == []
    key = json.loads(proof["day"]["statement"])["public_key"]
    assert faults_of_proof(proof, public_key=key) == []
    assert faults_of_proof(proof, public_key="0" * 64) == ["The day's root was signed by another key."]
    for forged in (
        {**proof, "row": {**proof["row"], "fields": {**proof["row"]["fields"], "actor": "ai đó"}}},
        {**proof, "row": {**proof["row"], "key": 1}},
        {**proof, "block": {**proof["block"], "number": 9}},
        {**proof, "block": {**proof["block"], "path": []}},
        {**proof, "day": {**proof["day"], "statement": proof["day"]["statement"].replace("2026", "2025")}},
        {**proof, "day": {**proof["day"], "signature": "00"}},
        {},
        {"row": None, "block": {}, "day": {}},
    ):
        assert faults_of_proof(forged)
    by_owner("UPDATE journal_entry SET verb = 'x' WHERE id = %s", rows[0].pk)
    assert not standing_of(Entry.objects.get(pk=rows[0].pk)).is_intact
    assert proof_of(Entry.objects.get(pk=rows[0].pk)) is None


@pytest.mark.django_db
def test_a_writer_of_another_database_is_not_waited_for(monkeypatch):
    """Copies of one template, as of a server that serves two provinces, have their tables under the same numbers."""
    monkeypatch.setattr(sealing, "_PATIENCE", -1)
    write(2)
    with a_copy() as other, other.transaction(), other.cursor() as cursor:
        cursor.execute("LOCK TABLE journal_entry IN ROW EXCLUSIVE MODE")
        assert sealing.seal_streams(at=AT, only="journal") == 2


@contextmanager
def a_copy():
    """A connection to another database that was copied from the template."""
    name = f"{connection.settings_dict['NAME']}_beside"
    copy_template(name)
    reached = connection.get_connection_params()
    whose = {key: reached[key] for key in ("host", "port", "user") if key in reached}
    try:
        with psycopg.connect(dbname=name, **whose) as it:
            yield it
    finally:
        drop(name)


@pytest.mark.django_db(transaction=True)
def test_a_writer_under_way_is_waited_for_and_never_left_out(monkeypatch):
    """A smaller key that is committed after a greater one must not be sealed around."""
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record_entry("slow", "thing:slow", by="x")
            begun.set()
            go_on.wait(60)
        connections.close_all()

    monkeypatch.setattr(sealing, "_PATIENCE", 0.1)
    writer = threading.Thread(target=slow)
    writer.start()
    assert begun.wait(60)
    write(3)
    assert sealing.seal_streams(at=AT, only="journal") == 0, "not final: somebody holds a smaller key"
    go_on.set()
    writer.join()
    assert sealing.seal_streams(at=AT, only="journal") == 4
    assert not verify_history().faults
