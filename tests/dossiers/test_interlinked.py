"""A step that opens a dossier of another procedure at another agency, once, and may wait for it."""

import pytest

from dossiers import interlinked
from dossiers.lifecycle import NotAllowed, Refused, perform
from dossiers.models import Dossier, State
from procedures.models import Procedure
from tests.dossiers.conftest import at, received

OTHER = "1.014027"  # social pension allowance: settled by the commune, limit and fee confirmed


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, at("2026-11-02 09:00"), limit_days="10")


def _opens(dossier, **more):
    verify = next(step for step in dossier.route if step["key"] == "verify")
    verify["opens"] = {"procedure": OTHER, "agency_key": "", "wait": True} | more
    dossier.save(update_fields=["route"])


def _linked(dossier):
    return Dossier.objects.get(filing_key__startswith=f"linked:{dossier.pk}:")


def test_it_is_received_for_the_same_people_with_its_own_code_and_clock(cast, dossier):
    _opens(dossier)
    perform(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    linked = _linked(dossier)
    assert (linked.state, linked.owner_person, linked.filer) == (State.PROCESSING, cast.person, cast.person)
    assert linked.edition.procedure.code == OTHER
    assert linked.code != dossier.code
    assert linked.due_at is not None
    assert [event.automatic for event in linked.events.all()] == [True, True]
    assert dossier.events.last().facts["opened"] == linked.code
    assert interlinked.opened_by(dossier) == [linked]


def test_the_step_waits_for_it_and_opens_it_once(cast, dossier):
    _opens(dossier)
    perform(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    with pytest.raises(Refused) as refusal:
        perform(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))
    assert refusal.value.code == "linked_open"
    linked = _linked(dossier)
    assert linked.code in str(refusal.value.sentence)
    Dossier.objects.filter(pk=linked.pk).update(state=State.STOPPED)
    perform(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))
    perform(dossier, "send_back", cast.head, at=at("2026-11-03 11:00"), reason="Xem lại")
    assert Dossier.objects.filter(filing_key__startswith="linked:").count() == 1


@pytest.mark.parametrize("more", [{"procedure": "9.999999"}, {"agency_key": "no_such_body"}])
def test_what_cannot_be_opened_stops_nobody_and_is_said(cast, dossier, more):
    _opens(dossier, **more)
    perform(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    assert dossier.events.last().facts["not_opened"]
    assert not Dossier.objects.filter(filing_key__startswith="linked:").exists()
    perform(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))


def test_no_person_opens_one(cast, dossier):
    draft = Dossier.objects.create(
        edition=Procedure.objects.get(code=OTHER).in_force,
        channel="counter",
        filer=cast.person,
        owner_person=cast.person,
        receiving_agency=cast.centre,
        settling_agency=cast.agency,
    )
    for actor in (cast.counter, cast.citizen, cast.supervisor):
        with pytest.raises(NotAllowed):
            perform(draft, "open_linked", actor, at=at("2026-11-02 10:00"))
