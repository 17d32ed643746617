"""What ends, ends after its days; nothing that history, money or an open dossier needs ever does."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accounts.models import Account, OneTimeCode
from digitization import unused, uploads
from digitization.models import StoredFile
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from exchange.filing import staged_files, staging_owner
from journal.models import IdempotencyKey, OutboxMessage, OutgoingCall
from oss_portal.pruning import PRUNINGS, prune
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import PDF

NOW = at("2026-11-23 09:00")
PRUNED = {OutboxMessage, IdempotencyKey, Session, OneTimeCode, OutgoingCall}
ages = st.integers(0, 40)  # days
OWNERS = ("dossier", "answer", "system", "account", "intake", "message", "receipt")
STAGES = ("waits", "goes on", "ended")


def before(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def dossiers(cast, edition) -> dict[str, Dossier]:  # noqa: F811
    """One that waits for an answer, one whose answer came while it goes on, and one that has ended."""
    found = {}
    for n, name in enumerate(STAGES):
        dossier = received(cast, edition, at("2026-11-02 09:00"), key=name, limit_days="5")
        execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
        execute_transition(
            dossier, "ask_supplement", cast.officer, at=at("2026-11-03 10:00"), items=["Ảnh"], reason="Thiếu ảnh"
        )
        if n:
            execute_transition(
                dossier, "answer_supplement", cast.citizen, answer="Tôi gửi kèm.", at=at("2026-11-04 10:00")
            )
        if n == 2:
            execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-05 10:00"), reason="Không còn cần")
        found[name] = dossier
    assert [d.state for d in found.values()] == [State.SUPPLEMENT, State.PROCESSING, State.WITHDRAWN]
    return found


@given(
    messages=st.lists(st.tuples(ages, st.booleans(), st.booleans()), max_size=6),
    keys=st.lists(st.tuples(ages, st.sampled_from(["", *STAGES])), max_size=6),
    sessions=st.lists(st.integers(-10, 10), max_size=4),
    codes=st.lists(st.integers(-3, 3), max_size=4),
    calls=st.lists(ages, max_size=4),
    files=st.lists(
        st.tuples(ages, st.sampled_from(OWNERS), st.sampled_from(["waits", "goes on", "ended"])), max_size=8
    ),
)
@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_what_has_ended_goes(dossiers, messages, keys, sessions, codes, calls, files):
    with transaction.atomic():
        expected = _write(dossiers, messages, keys, sessions, codes, files, calls)
        others = _rows_of_other_tables()
        assert dict(prune(NOW, dry_run=True)) == {**expected, "contents of files taken back": 0}
        assert dict(prune(NOW)) == {**expected, "contents of files taken back": 0}
        assert _rows_of_other_tables() == others
        assert not any(dict(prune(NOW)).values()), "done again nothing more happens"
        transaction.set_rollback(True)


def _rows_of_other_tables() -> tuple[int, ...]:
    """How many rows each table has of which nothing may go."""
    tables = [model._meta.db_table for model in apps.get_models() if model not in PRUNED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
        return cursor.fetchone()


def _write(dossiers, messages, keys, sessions, codes, files, calls=()) -> dict[str, int]:
    """Rows as described, and of which kind how many have ended by the rules as people would say them."""
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            topic="t",
            key=uuid.uuid4().hex,
            created_at=before(age),
            available_at=before(age),
            done_at=before(age) if done else None,
            parked_at=before(age) if parked else None,
        )
        for age, done, parked in messages
    )
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(
            scope="s",
            key=uuid.uuid4().hex,
            created_at=before(age),
            result={"dossier": dossiers[name].pk} if name else None,
        )
        for age, name in keys
    )
    Session.objects.bulk_create(
        Session(session_key=uuid.uuid4().hex, session_data="", expire_date=before(age)) for age in sessions
    )
    account = Account.objects.first()
    OneTimeCode.objects.filter(account=account).delete()
    OneTimeCode.objects.bulk_create(
        OneTimeCode(account=account, purpose="prove", digest="", expires_at=before(age), used_at=NOW) for age in codes
    )
    OutgoingCall.objects.bulk_create(OutgoingCall(connection="n", operation="o", at=before(age)) for age in calls)
    StoredFile.objects.bulk_create(_file(owner, dossiers[name], before(age)) for age, owner, name in files)
    return {
        "delivered outbox messages": sum(done and not parked and age > 30 for age, done, parked in messages),
        "idempotency keys": sum(age > 30 and name in ("", "ended") for age, name in keys),
        "ended sessions": sum(age > 1 for age in sessions),
        "void one-time codes": sum(age > 1 for age in codes),
        "records of outgoing calls": sum(age > 30 for age in calls),
        "webhooks that arrived": 0,
        "rows that were not moved in": 0,
        "deleted drafts": 0,
        "unused files": sum(
            (owner in ("intake", "message") and age >= 1)
            or (owner in ("system", "account") and age >= 7)
            or (owner == "answer" and name == "ended" and age >= 7)
            for age, owner, name in files
        ),
    }


def _file(owner: str, dossier: Dossier, moment: datetime) -> StoredFile:
    reference = {"dossier": dossier.uid, "answer": dossier.supplement_requests.get().pk}.get(owner, "7:x")
    return StoredFile(
        name="a.pdf",
        media_type="application/pdf",
        size=3,
        sha256=uuid.uuid4().hex,
        storage_name="none",
        owner=f"{owner}:{reference}",
        uploaded_by="x",
        uploaded_at=moment,
    )


def test_nothing_ends_where_its_setting_is_zero(dossiers, settings):
    for pruning in PRUNINGS:
        setattr(settings, pruning.days, 0)
    settings.UNUSED_FILES_DAYS = settings.UNFINISHED_INTAKE_HOURS = 0
    _write(
        dossiers,
        [(400, True, False)],
        [(400, "ended")],
        [400],
        [400],
        [(400, owner, "ended") for owner in OWNERS],
        [400],
    )
    assert not any(dict(prune(NOW)).values())


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_used_at_that_moment_stays(cast, edition, tmp_path, settings):  # noqa: F811
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    actor = cast.citizen
    file = uploads.store_file(SimpleUploadedFile("a.pdf", PDF), name="a.pdf", owner=staging_owner(actor), by=actor)
    late = file.uploaded_at + timedelta(days=8)

    def take_back() -> int:
        try:
            return unused.take_back_unused_files(late)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert staged_files([str(file.pk)], actor)
            taken = pool.submit(take_back)
            StoredFile.objects.filter(pk=file.pk).update(owner="dossier:1")
        assert taken.result() == 0
    file.refresh_from_db()
    assert file.removed_at is None


def test_the_command_prints_what_ended(dossiers, capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    _write(dossiers, [(31, True, False)] * 3, [], [2], [], [(8, "system", "waits")])
    call_command("prune", "--dry-run")
    dry = capsys.readouterr().out
    call_command("prune")
    assert capsys.readouterr().out == dry
    assert [line.split(maxsplit=1) for line in dry.splitlines()] == [
        ["3", "delivered outbox messages"],
        ["0", "idempotency keys"],
        ["1", "ended sessions"],
        ["0", "void one-time codes"],
        ["0", "records of outgoing calls"],
        ["0", "webhooks that arrived"],
        ["0", "rows that were not moved in"],
        ["0", "deleted drafts"],
        ["1", "unused files"],
        ["0", "contents of files taken back"],
    ]
