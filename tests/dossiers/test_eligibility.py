"""Who may file what, and at which door: refused at every door by the one rule."""

import html

import pytest
from django.urls import reverse

from accounts.models import Enterprise, Person
from agencies.models import Agency
from core.refusals import Refused
from dossiers.filing import drafts, eligibility
from dossiers.filing.agencies import intake_centre
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from procedures.models import Edition
from procedures.public.presentation import elsewhere
from tests.factories.desk import intake_page
from tests.factories.dossiers import taken_in
from tests.factories.moments import at
from tests.factories.people import signed_in

AT = at("2026-11-23 09:10")


@pytest.mark.parametrize(
    ("kinds", "owner", "allowed"),
    [
        ([], Person, True),
        (["citizen"], Person, True),
        (["citizen"], Enterprise, False),
        (["enterprise"], Person, False),
        (["enterprise"], Enterprise, True),
        (["household_business"], Person, True),
        (["household_business"], Enterprise, True),
        (["foreign_organisation"], Person, False),
        (["citizen", "organisation"], Person, True),
        (["citizen", "organisation"], Enterprise, True),
    ],
)
def test_who_may_own(kinds, owner, allowed):
    assert eligibility.may_own(Edition(applicants=kinds), owner()) is allowed


@pytest.mark.parametrize(
    ("kinds", "country", "allowed"),
    [
        (["citizen"], "", True),
        (["citizen"], "VN", True),
        (["citizen"], "SE", False),
        (["citizen", "official", "organisation"], "SE", False),
        (["citizen", "foreigner"], "SE", True),
        (["citizen", "overseas_vietnamese"], "SE", True),
        ([], "SE", True),
    ],
)
def test_whose_only_paper_is_another_country_s_is_no_citizen(kinds, country, allowed):
    owner = Person(document_country=country)
    assert eligibility.may_own(Edition(applicants=kinds), owner) is allowed
    assert eligibility.may_own(Edition(applicants=kinds), owner, judged=True), "a counter sees the paper and judges"


def test_the_counter_sees_for_whom_it_is_before_papers_are_ticked(cast):
    published = Edition.objects.filter(status="published", procedure__kind="receivable")
    edition = next(e for e in published if e.applicants == ["enterprise"] and not elsewhere(e))
    counter = signed_in(cast.counter)
    page = counter.get(intake_page(edition.procedure.code, cast.person, "k")).content.decode()
    assert eligibility.not_for_owner(edition) in html.unescape(page)
    edition = next(e for e in published if "citizen" in e.applicants and elsewhere(e))
    assert elsewhere(edition) in html.unescape(
        counter.get(intake_page(edition.procedure.code, cast.person, "k")).content.decode()
    )
    edition = next(e for e in published if "citizen" in e.applicants and not elsewhere(e))
    assert (
        "oss-note--warning" not in counter.get(intake_page(edition.procedure.code, cast.person, "k")).content.decode()
    )


def test_a_person_cannot_file_what_is_for_enterprises(cast, edition):
    with pytest.raises(Refused, match="dành cho"):
        eligibility.require_owner(Edition(applicants=["enterprise"]), cast.person)
    eligibility.require_owner(Edition(applicants=["enterprise"]), cast.enterprise)
    assert "công dân Việt Nam, tổ chức" in eligibility.not_for_owner(Edition(applicants=["citizen", "organisation"]))


def test_the_first_page_says_for_whom_it_is(cast, client):
    online = Edition.objects.filter(status="published", procedure__kind="receivable").exclude(online_level="none")
    edition = next(
        e for e in online if e.applicants and set(e.applicants) <= eligibility.OF_BODIES and not elsewhere(e)
    )
    client.force_login(cast.person.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("file-start", args=[edition.procedure.code])).content.decode()
    assert eligibility.not_for_owner(edition) in html.unescape(page)
    for_all = next(e for e in online if "citizen" in e.applicants and not elsewhere(e))
    assert "dành cho:" not in client.get(reverse("file-start", args=[for_all.procedure.code])).content.decode()


def test_not_online_yet_begins_no_draft(cast, client):
    edition = Edition.objects.filter(online_level="none", status="published", procedure__kind="receivable").first()
    client.force_login(cast.person.account, backend="accounts.backends.AccountBackend")
    address = reverse("file-start", args=[edition.procedure.code])
    for answer in (client.get(address, follow=True), client.post(address, {"key": "k1"}, follow=True)):
        assert "chưa nộp trực tuyến được" in answer.content.decode()
        assert answer.redirect_chain[-1][0] == reverse("procedure", args=[edition.procedure.code])
    assert not Dossier.objects.filter(edition=edition).exists()


def test_the_page_of_a_ministry_s_procedure_leads_to_its_system_and_filing_here_leads_back(cast, client):
    edition = next(e for e in Edition.objects.filter(status="published") if elsewhere(e))
    system = edition.facts["authoritative_system"]
    code = edition.procedure.code
    client.force_login(cast.person.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("procedure", args=[code])).content.decode()
    assert f'href="{system["address"]}"' in page
    assert reverse("file-start", args=[code]) not in page
    assert client.get(reverse("file-start", args=[code])).url == reverse("procedure", args=[code])


def test_what_a_ministry_settles_itself_is_led_over(cast, edition, monkeypatch):
    monkeypatch.setattr(eligibility, "elsewhere", lambda _edition: "Hệ thống của Bộ")
    with pytest.raises(Refused, match="Hệ thống của Bộ"):
        drafts.start_draft(edition, cast.person, key="k", at=AT)
    dossier = taken_in(cast, edition, AT)
    with pytest.raises(Refused, match="Hệ thống của Bộ"):
        execute_transition(dossier, "receive", cast.counter, at=AT)


@pytest.mark.parametrize("kind", ["commune_pc", "vertical", "commune_centre"])
def test_every_agency_of_a_commune_is_served_by_the_communes_centre(cast, kind):
    found = Agency.objects.filter(kind=kind, territory=cast.agency.territory, valid_to=None)
    assert found
    for agency in found:
        assert intake_centre(agency) == cast.centre


@pytest.mark.parametrize("kind", ["provincial_pc", "department", "provincial_centre"])
def test_every_agency_of_the_province_is_served_by_the_provinces_centre(cast, kind):
    found = Agency.objects.filter(kind=kind, valid_to=None)
    assert found
    for agency in found:
        assert intake_centre(agency).kind == Agency.Kind.PROVINCIAL_CENTRE
