"""Two people at one parcel: the first wins, the second is told, and no folder is in two hands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import StaffPost
from core.refusals import Refused, Stale
from dossiers.custody import handovers
from dossiers.models import Folder, HandOver, HandOverItem
from papers.models import Paper
from tests.factories.dossiers import handed_over, received
from tests.factories.moments import at
from tests.factories.people import staff_actor

NOON = at("2026-11-23 11:00")
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tries):
    def one(attempt):
        try:
            attempt()
            return "won"
        except Stale:
            return "told"
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as people:
        return sorted(people.map(one, tries))


def test_two_takers_two_records_and_a_double_click(cast, edition):
    dossiers = [received(cast, edition, at("2026-11-23 09:00"), key=str(n)) for n in range(4)]
    record = handed_over(cast, dossiers[:3])
    handovers.find_all(record, by=cast.clerk, at=NOON)
    takers = [cast.clerk, cast.officer, cast.officer2, cast.head]
    outcomes = at_once(*[lambda who=who: handovers.take_handover(record, by=who, at=NOON) for who in takers])
    assert outcomes == ["told", "told", "told", "won"]
    assert Paper.objects.filter(form="handover").count() == 1
    assert Folder.objects.filter(holder=HandOver.objects.get(pk=record.pk).taken_by).count() == 3

    # The fourth folder is put into two records by two people at the same time.
    colleague = staff_actor("quay2", cast.centre, StaffPost.Role.COUNTER, cast.counter.post.desk)
    two = [
        handovers.begin_handover("agency", to_agency=cast.agency, by=who, at=NOON, key="b")
        for who in (cast.counter, colleague)
    ]
    assert at_once(*[lambda r=r: handovers.add_folder(r, dossiers[3]) for r in two]) == ["in_another", "won"]
    for one in two:
        handovers.drop_handover(one)
    two = [
        handovers.begin_handover("agency", to_agency=cast.agency, by=who, at=NOON, key="c")
        for who in (cast.counter, colleague)
    ]
    at_once(*[lambda r=r: handovers.add_offered(r) for r in two])
    assert HandOverItem.objects.filter(hand_over__in=two).count() == 1

    # One page, pressed many times.
    def press():
        handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="pressed")

    assert at_once(*[press] * 4) == ["won"] * 4
    assert HandOver.objects.filter(key__endswith=":pressed").count() == 1
