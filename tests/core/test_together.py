"""Several statements in one message to the database."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.together import Statement, execute_together
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from tests.factories.dossiers import DRAFT, received
from tests.factories.moments import at

MORNING = at("2026-11-23 09:10")


@pytest.mark.django_db
def test_each_sees_what_those_before_it_did():
    made, read, changed = execute_together(
        Statement("CREATE TEMPORARY TABLE noted (n integer) ON COMMIT DROP"),
        Statement("INSERT INTO noted VALUES (%s), (%s) RETURNING n", [1, 2]),
        Statement("UPDATE noted SET n = n + %s", [5]),
    )
    assert (made.rows, read.rows, changed.touched) == ([], [(1,), (2,)], 2)
    (after,) = execute_together(Statement("SELECT n FROM noted ORDER BY n"))
    assert after.rows == [(6,), (7,)]


@pytest.mark.django_db
def test_what_is_refused_ends_the_message():
    with pytest.raises(DatabaseError), transaction.atomic():
        execute_together(Statement("SELECT 1"), Statement("SELECT 1 / %s", [0]), Statement("SELECT 2"))
    assert execute_together(Statement("SELECT 3"))[0].rows == [(3,)]


@pytest.mark.django_db
def test_an_action_takes_few_messages(cast, edition):
    """What may be asked together is: each message is a way there and back, for every action of every officer."""
    dossier = received(cast, edition, MORNING)
    execute_transition(dossier, "assign", cast.head, at=MORNING, officer=cast.officer.post)
    execute_transition(dossier, "attach_result", cast.officer, at=MORNING, **DRAFT)
    execute_transition(dossier, "verify", cast.officer, at=MORNING)
    with CaptureQueriesContext(connection) as asked:
        execute_transition(dossier, "send_back", cast.head, at=MORNING, reason="Xem lại")
    messages = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(messages) <= 4, messages
    assert Dossier.objects.get(pk=dossier.pk).step.key == "verify"
