"""National registers over real HTTP with faults: asked with a purpose, answered again by rule, never in the way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Look, Registry, RegistryLookup
from accounts.registries import lookups
from core.refusals import Refused
from dossiers.models import Dossier
from journal.models import Connection, OutgoingCall
from procedures.models import RequiredDocument
from simulators.registries.book import Fault
from tests.factories.dossiers import received
from tests.factories.moments import at

NUMBER = "027190000077"
Outcome = RegistryLookup.Outcome


def ask(cast, moment=None, **more):
    facts = {"registry": Registry.POPULATION, "number": NUMBER, "purpose": "Tiếp nhận", **more}
    return lookups.look_up(
        facts.pop("registry"), facts.pop("number"), by=cast.counter, at=moment or timezone.now(), **facts
    )


def test_an_answer_is_kept_with_its_purpose_and_used_again_by_rule(cast, register):
    now = timezone.now()
    first = ask(cast, now)
    assert (first.outcome, first.facts["full_name"], first.facts["birth_date"]) == (
        "found",
        "Vũ Thị Hạnh",
        "1990-02-14",
    )
    assert ("Ngày sinh", "14/02/1990") in lookups.shown_facts(first)
    again = ask(cast, now + timedelta(hours=23), purpose="Giải quyết")
    assert (again.facts, again.asked_at, len(register.asked)) == (first.facts, now, 1)
    ask(cast, now + timedelta(hours=25))
    assert [each["mucDich"] for each in register.asked] == ["Tiếp nhận", "Tiếp nhận"]
    assert register.asked[0]["taiKhoanCanBo"] == "quay", "the register knows which officer asks"
    assert RegistryLookup.objects.count() == 3, "every look-up is on record, those answered from before too"
    assert NUMBER not in str(list(OutgoingCall.objects.values()))


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.NO_JSON, Fault.REFUSED])
def test_no_answer_is_said_and_asked_anew_next_time(cast, register, fault):
    register.fault = fault
    assert ask(cast).outcome == Outcome.UNANSWERED
    register.fault = Fault.NONE
    assert ask(cast).outcome == Outcome.FOUND


def test_a_dead_register_rests_and_holds_nobody_up(cast, register):
    register.fault = Fault.BROKEN
    for _n in range(7):
        assert ask(cast).outcome == Outcome.UNANSWERED
    assert len(register.asked) == 0
    assert OutgoingCall.objects.count() == 5, "while it rests nothing is sent"
    assert Connection.objects.get(name="registry:population").resting_until is not None


@pytest.mark.parametrize("wrong", [{"purpose": " "}, {"number": ""}])
def test_without_purpose_or_number_nothing_is_asked(cast, register, wrong):
    with pytest.raises(Refused):
        ask(cast, **wrong)
    assert not register.asked


def test_a_register_that_is_not_connected_is_none(cast, settings):
    settings.POPULATION_URL = ""
    with pytest.raises(Refused):
        ask(cast)


@pytest.mark.parametrize(
    ("database", "registry"),
    [
        ("Cơ sở dữ liệu quốc gia về dân cư", "population"),
        ("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp", "enterprise"),
        ("Cơ sở dữ liệu quốc gia về đất đai", "land"),
        ("Cơ sở dữ liệu hộ tịch điện tử", ""),
        ("", ""),
    ],
)
def test_the_catalogues_names_lead_to_registers(database, registry):
    assert lookups.register_named(database) == registry


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client


def test_the_desk_is_filled_in_and_goes_on_without_an_answer(cast, register):
    client = signed_in(cast.counter)
    shown = client.post(reverse("desk"), {"who": NUMBER}, follow=True).content.decode()
    assert "Vũ Thị Hạnh" in shown
    assert "14/02/1990" in shown
    register.fault = Fault.BROKEN
    shown = client.post(reverse("desk"), {"who": "027190000088"}, follow=True).content.decode()
    assert "chưa trả lời. Hãy nhập theo giấy tờ" in shown


def test_data_stand_for_a_paper_or_the_paper_is_taken_and_marked(cast, edition, register):
    paper = edition.documents.first()
    RequiredDocument.objects.filter(pk=paper.pk).update(replaced_by="Cơ sở dữ liệu quốc gia về dân cư")
    dossier: Dossier = received(cast, edition, at("2026-11-23 09:00"))
    page = reverse("dossier-registers", args=[dossier.code])
    client = signed_in(cast.officer)
    assert page in client.get(reverse("dossier", args=[dossier.code])).content.decode()
    register.fault = Fault.BROKEN
    assert client.post(page, {"paper": paper.key, "do": "paper"}).status_code == 422, "not before it was asked"
    client.post(page, {"paper": paper.key, "do": "look-up"})
    client.post(page, {"paper": paper.key, "do": "paper"})
    assert lookups.lookups_for(dossier.reference)[paper.key].outcome == Outcome.PAPER
    register.fault = Fault.NONE
    shown = client.post(page, {"paper": paper.key, "do": "look-up"}, follow=True).content.decode()
    assert "12 Nguyễn Gia Thiều, phường Kinh Bắc" in shown
    assert register.asked[-1]["maHoSo"] == dossier.code
    assert Look.objects.filter(person=cast.person, record=dossier.reference).exists()
    assert signed_in(cast.citizen).get(page).status_code == 403
    assert client.post(page, {"paper": "khong-co", "do": "look-up"}).status_code == 422
