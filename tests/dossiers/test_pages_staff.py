"""The pages of counter and officers over HTTP."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.owner_references import owner_reference
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from procedures.models import Edition
from tests.factories.cast import cast_of_kinh_bac
from tests.factories.desk import intake_page
from tests.factories.dossiers import received, taken_in
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MORNING = at("2026-11-23 09:00")


def act(client: Client, dossier: Dossier, action: str, **facts):
    return client.post(reverse("dossier-act", args=[dossier.code, action]), facts)


def test_who_comes_second_is_told_what_the_first_did(cast, edition):
    dossier = received(cast, edition, MORNING)
    drawn = dossier.revision
    assert act(signed_in(cast.officer), dossier, "take", revision=drawn).status_code == 302
    answer = act(signed_in(cast.head), dossier, "assign", revision=drawn, officer=cast.officer2.post.pk)
    assert answer.status_code == 409
    assert cast.officer.account.full_name in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.holder == cast.officer.post


def test_missing_facts_are_asked_for_at_their_field_and_the_rest_is_kept(cast, edition):
    dossier = received(cast, edition, MORNING)
    execute_transition(dossier, "take", cast.officer, at=MORNING)
    answer = act(signed_in(cast.officer), dossier, "ask_supplement", revision=dossier.revision, items="Căn cước")
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert "Căn cước" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING


@pytest.mark.parametrize("action", ["approve", "extend", "return_result", "no_such_act"])
def test_an_act_of_another_role_is_refused(cast, edition, action):
    dossier = received(cast, edition, MORNING)
    execute_transition(dossier, "take", cast.officer, at=MORNING)
    answer = act(signed_in(cast.officer2), dossier, action, revision=dossier.revision)
    assert answer.status_code in (403, 409)
    dossier.refresh_from_db()
    assert dossier.revision == Dossier.objects.get(pk=dossier.pk).revision


def test_areas_are_closed_to_others(cast, edition):
    dossier = received(cast, edition, MORNING)
    citizen, counter, officer = (signed_in(actor) for actor in (cast.citizen, cast.counter, cast.officer))
    for address in ("/desk/", "/desk/inbox/", "/desk/returns/", "/desk/intake/1.013228/", "/work/", "/work/search/"):
        assert citizen.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert citizen.get(reverse("dossier", args=[dossier.code])).status_code == 403
    assert counter.get("/work/").status_code == 403
    assert officer.get("/desk/").status_code == 403


def test_an_officer_of_another_agency_finds_no_dossier(cast, edition):
    from accounts.models import StaffPost
    from agencies.models import Agency
    from tests.factories.people import staff_actor

    dossier = received(cast, edition, MORNING)
    elsewhere = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    stranger = signed_in(staff_actor("noikhac", elsewhere, StaffPost.Role.OFFICER))
    assert stranger.get(reverse("dossier", args=[dossier.code])).status_code == 404
    assert act(stranger, dossier, "take", revision=dossier.revision).status_code == 404
    assert stranger.post("/work/search/", {"q": dossier.code}, follow=True).context["rows"] == []


@pytest.mark.parametrize("address", ["/dossiers/H05.160-261123-9999/", "/dossiers/x/", "/desk/done/x/"])
def test_unknown_codes(cast, address):
    assert signed_in(cast.counter).get(address).status_code == 404


@pytest.mark.parametrize("query", ["after=x", "after=99999999999999999999", "after=2026-99-99|1", "after=|", "q=%00"])
@pytest.mark.parametrize("page", ["/desk/inbox/", "/desk/returns/", "/desk/search/"])
def test_crooked_addresses_are_no_error(cast, page, query):
    assert signed_in(cast.counter).get(f"{page}?{query}").status_code == 200


def intake(edition, person, key="one"):
    return intake_page(edition.procedure.code, person, key)


def ticks(edition):
    papers = [paper for paper in edition.documents.all() if paper.required]
    return {f"has_originals_{paper.key}": "on" for paper in papers} | {f"originals_{p.key}": "1" for p in papers}


def test_pressing_twice_takes_in_once(cast, edition):
    counter = signed_in(cast.counter)
    form = {
        **ticks(edition),
        "ground": "self",
        "return_method": "counter",
        "territory": cast.agency.territory.code,
        "act": "receive",
    }
    first, second = (counter.post(intake(edition, cast.person), form) for _press in range(2))
    assert first.url == second.url
    dossier = Dossier.objects.get()
    assert dossier.state == State.PROCESSING
    assert list(dossier.documents.values_list("originals", flat=True)) == [1]


def test_intake_without_a_required_paper_keeps_what_was_entered(cast, edition):
    form = {"ground": "self", "return_method": "counter", "territory": cast.agency.territory.code, "act": "receive"}
    answer = signed_in(cast.counter).post(intake(edition, cast.person), {**form, "content": "Giấy bị rách nát"})
    assert answer.status_code == 422
    assert "Giấy bị rách nát" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_intake_counts_as_one_chooses(cast, edition):
    address = intake(edition, cast.person)
    answer = signed_in(cast.counter).post(address, {"part": "reckoning"}, headers={"hx-request": "true"})
    assert answer.context["expected"]["at"] is not None
    assert answer.context["settler"] == cast.agency
    assert "<html" not in answer.content.decode()


def test_somebody_else_hands_in_for_an_enterprise(cast, edition):
    counter = signed_in(cast.counter)
    address = intake_page(edition.procedure.code, cast.enterprise, "e")
    form = {**ticks(edition), "return_method": "counter", "territory": cast.agency.territory.code, "act": "receive"}
    assert counter.post(address, {**form, "ground": "self"}).status_code == 422
    given = {"ground": "representative", "filer_number": cast.person.personal_number, "filer_name": "Nguyễn Thị Ánh"}
    assert counter.post(address, {**form, **given}).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.owner_enterprise, dossier.filer) == (cast.enterprise, cast.person)


def test_the_card_fills_the_form_of_a_new_person(cast):
    text = "027190000077|123456789|Phạm Thị Dung|05031990|Nữ|Số 5 Lý Thái Tổ|01012022"
    answer = signed_in(cast.counter).post("/desk/", {"who": text}, follow=True)
    assert answer.context["form"].initial == {
        "number": "027190000077",
        "full_name": "Phạm Thị Dung",
        "birth_date": "05/03/1990",
        "address": "Số 5 Lý Thái Tổ",
    }


@pytest.mark.parametrize(
    "wrong", [{"phone": "12"}, {"birth_date": "1/1/2999"}, {"email": "x" * 260 + "@x.vn"}, {"number": "000190000011"}]
)
def test_a_new_persons_slip_is_told_at_its_field(cast, wrong):
    good = {"number": "027190000077", "full_name": "Phạm Thị Dung"}
    answer = signed_in(cast.counter).post("/desk/new/person/", good | wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)


@pytest.mark.parametrize("text", ["12", "abc", "|||||||", "0271900000771234"])
def test_a_wrong_number_is_told(cast, text):
    answer = signed_in(cast.counter).post("/desk/", {"who": text}, follow=True)
    assert answer.status_code == 200
    assert answer.context["problem"]


PAGES = [
    ("counter", "/desk/"),
    ("counter", "/desk/?owner={owner}"),
    ("counter", "/desk/inbox/"),
    ("counter", "/desk/returns/"),
    ("counter", "/desk/search/?find={find}"),
    ("counter", "/desk/intake/1.013228/?owner={owner}&key=k"),
    ("counter", "/desk/done/{code}/"),
    ("officer", "/work/"),
    ("officer", "/work/?view=unit"),
    ("officer", "/work/?view=done"),
    ("officer", "/work/search/?find={find}"),
    ("head", "/dossiers/{code}/"),
    ("head", "/dossiers/{code}/act/assign/"),
]


@pytest.fixture(scope="module")
def asked_of_few_and_many(django_db_setup, django_db_blocker) -> dict[tuple[str, str], tuple[int, int]]:
    """The number of queries of each page, with three dossiers and with twenty-one; the dossiers are made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = cast_of_kinh_bac()
        edition = Edition.objects.get(procedure__code="1.013228", status="published")
        clients = {who: signed_in(getattr(cast, who)) for who in {who for who, _page in PAGES}}
        owner = owner_reference(cast.person)
        find = {}
        for who, client in clients.items():
            found = client.post("/desk/search/" if who == "counter" else "/work/search/", {"q": "Nguyễn"})
            find[who] = found["Location"].partition("find=")[2] if found.status_code == 302 else ""
        first = received(cast, edition, MORNING, key="0")
        _done(received(cast, edition, MORNING, key="d0"))
        _online(taken_in(cast, edition, MORNING, key="o0"), 0)

        def asked(who: str, page: str) -> int:
            with CaptureQueriesContext(connection) as seen:
                address = page.format(code=first.code, owner=owner, find=find[who])
                assert clients[who].get(address).status_code == 200
            return len(seen)

        for who, page in PAGES:  # what is asked once in a process is asked before anything is counted
            asked(who, page)
        few = {each: asked(*each) for each in PAGES}
        for n in range(1, 7):
            received(cast, edition, MORNING, key=str(n))
            _done(received(cast, edition, MORNING, key=f"d{n}"))
            _online(taken_in(cast, edition, MORNING, key=f"o{n}"), n)
        many = {each: asked(*each) for each in PAGES}
        transaction.set_rollback(True)
    return {each: (few[each], many[each]) for each in PAGES}


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_pages_ask_as_much_of_many_as_of_few(asked_of_few_and_many, who, page):
    few, many = asked_of_few_and_many[who, page]
    assert many <= few <= 31


def _done(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(state=State.DONE, finished_at=MORNING)


def _online(dossier: Dossier, n: int) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        state=State.FILED, channel="online", code=f"H05.160-261120-{n:04d}", filed_at=MORNING, answer_due_at=MORNING
    )
