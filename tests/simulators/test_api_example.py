"""The script of the API's documentation, run by an outside process against a served portal, bank and receiver."""

import hashlib
import subprocess
import sys

import pytest
from django.utils import timezone

from accounts.actors import Actor
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from exchange.systems import connect_system
from exchange.webhooks import delivery
from oss_portal.engines.folder import CHECKOUT
from tests.factories.dossiers import DRAFT, signed
from tests.factories.scans import PDF

SCOPES = ["dossiers:file", "dossiers:read", "dossiers:act", "webhooks"]


def _settle(cast, dossier):
    """The short route of a copy: nobody stands between the officer and the leader."""
    now = timezone.now()
    acts = [("take", cast.officer, {}), ("attach_result", cast.officer, DRAFT), ("verify", cast.officer, {})]
    acts += [("approve", cast.leader, {}), ("issue", cast.clerk, signed(cast, dossier, now))]
    for act, by, facts in acts:
        execute_transition(dossier, act, by, at=now, **facts)


@pytest.mark.django_db(transaction=True)
def test_the_example_files_pays_is_told_and_downloads(cast, bank, live_server, tmp_path):
    now = timezone.now()
    system, secret = connect_system("example", scopes=SCOPES, post=None, days=1, by=Actor(system="test"), at=now)
    document = tmp_path / "application.pdf"
    document.write_bytes(PDF)
    given = [f"{live_server.url}/api/v1", system.client_id, secret, str(document), bank.url]
    script = subprocess.Popen(
        [sys.executable, "docs/api/example.py", *given], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert script.stdout is not None
        word, code = script.stdout.readline().split()
        assert word == "filed"
        dossier = Dossier.objects.get(code=code)
        execute_transition(dossier, "accept", cast.counter, at=timezone.now())
        delivery.deliver_waiting(at=timezone.now())
        told = [script.stdout.readline().strip() for _n in range(4)]
        assert "paid 8000" in told
        dossier.refresh_from_db()
        assert dossier.fee_settled_at is not None
        _settle(cast, dossier)
        delivery.deliver_waiting(at=timezone.now())
        rest = script.stdout.read().splitlines()
        assert script.wait(120) == 0
        assert rest[-1] == f"result 12/GP-UBND {hashlib.sha256(PDF).hexdigest()}"
        assert "told of payment_made" in rest
    finally:
        script.kill()
        script.wait(60)
