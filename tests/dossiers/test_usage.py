"""What dossiers tell of the use of their procedures."""

from datetime import timedelta

import pytest

from dossiers.models import Dossier, State
from dossiers.statistics import usage
from tests.factories.dossiers import received
from tests.factories.moments import at

NOW = at("2026-11-23 09:10")
pytestmark = pytest.mark.django_db


def test_dossiers_are_counted_by_procedure(cast, edition, django_assert_num_queries):
    dossiers = [received(cast, edition, NOW, key=str(number)) for number in range(3)]
    late = dossiers[0]
    due = late.due_at
    Dossier.objects.filter(pk=late.pk).update(state=State.DONE, finished_at=due + timedelta(days=1), due_at=due)
    Dossier.objects.filter(pk=dossiers[1].pk).update(state=State.DONE, finished_at=due - timedelta(days=2), due_at=due)
    Dossier.objects.filter(pk=dossiers[2].pk).update(fee_settled_at=NOW, fee_amount=1000, fee_method="cash")
    since, until = NOW - timedelta(days=300), NOW + timedelta(days=300)
    code = edition.procedure.code
    with django_assert_num_queries(4):
        found = usage.usage_by_procedure(since, until)[code]
    assert (found.filed, found.finished, found.late, found.early) == (3, 2, 1, 1)
    assert (found.paid, found.paid_online, found.supplemented) == (1, 0, 0)
    assert usage.usage_by_procedure(since - timedelta(days=900), since) == {}
