"""Lists cost the same number of statements for one dossier and for many, in every state that they show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.models import State
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "address", "state"),
    [
        ("officer", "/work/?view=done", State.DONE),
        ("officer", "/work/?view=paused", State.SUPPLEMENT),
        ("officer", "/work/?view=unit", State.PROCESSING),
        ("counter", "/desk/returns/", State.DONE),
    ],
)
def test_a_list_reads_all_that_its_rows_show(cast, edition, who, address, state):
    dossier = received(cast, edition, at("2026-11-10 09:00"))
    facts = {"state": state, "finished_at": at("2026-11-12 09:00") if state == State.DONE else None}
    client, counted = signed_in(getattr(cast, who)), []
    for more in (1, 6):
        copies(dossier, more, **facts)
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            page = client.get(address)
        assert len(page.context["rows"]) >= more
        counted.append(len(statements))
    assert counted[0] == counted[1]
