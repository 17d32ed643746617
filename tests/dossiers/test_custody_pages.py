"""The pages of custody over HTTP: who may open them, what they say, and what they cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.custody import handovers
from dossiers.lifecycle import execute_transition
from dossiers.models import Folder, HandOver, Place
from papers.models import Paper
from tests.factories.dossiers import handed_over, received, result_brought_back, taken_in, to_result
from tests.factories.moments import at
from tests.factories.people import signed_in, staff_actor

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MORNING = at("2026-11-23 09:00")
Role = StaffPost.Role


def made(client: Client, cast, key="k") -> HandOver:
    answer = client.post(reverse("hand-over-begin"), {"kind": "agency", "to": cast.agency.pk, "key": key})
    return HandOver.objects.get(uid=answer.url.split("/")[-2])


def act(client: Client, record: HandOver, action: str, **given):
    htmx = given.pop("htmx", False)
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("hand-over-act", args=[record.uid, action]), given, headers=headers)


def test_from_desk_to_department_by_scanner(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(3)]
    counter, clerk = signed_in(cast.counter), signed_in(cast.clerk)
    assert cast.agency.name in counter.get(reverse("hand-overs")).content.decode()
    record = made(counter, cast)
    assert made(counter, cast) == record
    for dossier in dossiers:
        answer = act(counter, record, "scan", code=dossier.code, htmx=True)
        assert answer.status_code == 200
        assert dossier.code in answer.content.decode()
        assert "<html" not in answer.content.decode()
    assert act(counter, record, "give").status_code == 302
    assert "Kiểm và nhận" in clerk.get(reverse("hand-overs")).content.decode()
    for dossier in dossiers:
        assert act(clerk, record, "tick", code=dossier.code, htmx=True).status_code == 200
    assert act(clerk, record, "take", missing="0").status_code == 302
    record.refresh_from_db()
    page = clerk.get(reverse("hand-over", args=[record.uid])).content.decode()
    assert reverse("paper", args=[record.paper_code]) in page
    assert {f.place for f in Folder.objects.all()} == {Place.DEPARTMENT}
    # Both sides read the record's paper; nobody else does.
    address = reverse("paper", args=[record.paper_code])
    assert counter.get(address).status_code == clerk.get(address).status_code == 200
    assert signed_in(cast.citizen).get(address).status_code == 404


def test_a_wrong_scan_says_so_and_changes_nothing(cast, edition):
    received(cast, edition, MORNING)
    counter = signed_in(cast.counter)
    record = made(counter, cast)
    for htmx in (True, False):
        answer = act(counter, record, "scan", code="H05.160-261123-9999", htmx=htmx)
        assert answer.status_code == 422
        assert "Hãy quét lại" in answer.content.decode()
    assert act(counter, record, "give").status_code == 422
    assert not record.items.exists()


def test_who_comes_second_is_told(cast, edition):
    dossier = received(cast, edition, MORNING)
    record = handed_over(cast, [dossier])
    first, second = signed_in(cast.clerk), signed_in(cast.officer)
    act(first, record, "tick-all")
    assert act(first, record, "take", missing="0").status_code == 302
    answer = act(second, record, "take", missing="0")
    assert answer.status_code == 409
    assert cast.clerk.account.full_name in answer.content.decode()
    assert Paper.objects.filter(form="handover").count() == 1


def test_records_are_closed_to_others(cast, edition):
    record = handed_over(cast, [received(cast, edition, MORNING)])
    elsewhere = Agency.objects.filter(kind="department", valid_to=None).first()
    stranger = signed_in(staff_actor("noikhac", elsewhere, Role.CLERK))
    assert stranger.get(reverse("hand-over", args=[record.uid])).status_code == 404
    assert act(stranger, record, "take", missing="1").status_code == 404
    assert act(signed_in(cast.counter), record, "take", missing="1").status_code == 403
    assert act(signed_in(cast.clerk), record, "give").status_code == 403
    assert act(signed_in(cast.clerk), record, "no-such-act").status_code == 403
    for name in ("hand-overs", "hand-over-records", "folder-find", "folder-shelf", "folders-missing"):
        assert signed_in(cast.citizen).get(reverse(name)).status_code == 403
    assert signed_in(cast.supervisor).get(reverse("folders-missing")).status_code == 200


def test_somebody_elsewhere_learns_the_place_but_not_the_person(cast, edition):
    dossier = received(cast, edition, MORNING)
    elsewhere = Agency.objects.filter(kind="department", valid_to=None).first()
    page = signed_in(staff_actor("noikhac", elsewhere, Role.CLERK)).get(reverse("folder-find"), {"code": dossier.code})
    assert cast.centre.name in page.content.decode()
    assert dossier.owner_name not in page.content.decode()


def test_found_where_it_should_not_be(cast, edition):
    dossier = received(cast, edition, MORNING)
    folder, clerk = dossier.folders.get(), signed_in(cast.clerk)
    address = reverse("folder-put", args=[folder.pk])
    assert clerk.post(address).status_code == 422
    assert clerk.post(address, {"note": "Người nộp tự mang đến"}).status_code == 302
    folder.refresh_from_db()
    assert (folder.place, folder.agency, folder.wanted_at) == (Place.DEPARTMENT, cast.agency, None)
    assert "Người nộp tự mang đến" in clerk.get(reverse("folder-find"), {"code": dossier.code}).content.decode()


def test_paper_brought_later_gets_its_folder(cast, edition):
    dossier = taken_in(cast, edition, MORNING)
    dossier.documents.update(originals=0, copies=0)
    execute_transition(dossier, "receive", cast.counter, at=MORNING)
    counter = signed_in(cast.counter)
    assert "Lập túi hồ sơ" in counter.get(reverse("folder-find"), {"code": dossier.code}).content.decode()
    assert counter.post(reverse("folder-open", args=[dossier.code])).status_code == 302
    assert dossier.folders.get().wanted_at == cast.agency
    assert counter.post(reverse("folder-open", args=["H05.160-261123-9999"])).status_code == 404


def test_the_post_says_that_it_delivered(cast, edition):
    dossier = received(cast, edition, MORNING)
    dossier.return_method = "post"
    dossier.save()
    to_result(cast, dossier, MORNING)
    result_brought_back(cast, dossier, MORNING)
    execute_transition(dossier, "return_result", cast.counter, at=MORNING, tracking_number="RN1VN")
    folder, counter = dossier.folders.get(kind="result"), signed_in(cast.counter)
    assert "RN1VN" in counter.get(reverse("folder-find"), {"code": dossier.code}).content.decode()
    counter.post(reverse("folder-put", args=[folder.pk]), {"delivered": "1"})
    folder.refresh_from_db()
    assert (folder.place, folder.tracking_number) == (Place.APPLICANT, "RN1VN")


def test_shelves_by_scanner_alone(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(2)]
    counter, address = signed_in(cast.counter), reverse("folder-shelf")
    headers = {"HX-Request": "true"}
    assert counter.get(address, {"shelf": "a1"}).context["shelf"] == "KE-A1"
    first = counter.post(address, {"shelf": "KE-A1", "code": dossiers[0].code}, headers=headers)
    assert dossiers[0].code in first.content.decode()
    other = counter.post(address, {"shelf": "KE-A1", "code": "KE-B2"}, headers=headers)
    assert other.context["shelf"] == "KE-B2"
    assert counter.post(address, {"shelf": "KE-B2", "code": dossiers[1].code}).status_code == 302
    assert [f.shelf for f in Folder.objects.order_by("dossier_id")] == ["KE-A1", "KE-B2"]
    assert counter.post(address, {"shelf": "KE-B2", "code": "x"}).status_code == 422
    assert counter.post(address, {"code": dossiers[1].code}).status_code == 422
    assert signed_in(cast.clerk).post(address, {"shelf": "KE-A1", "code": dossiers[0].code}).status_code == 422


def test_the_sheet_says_where_the_paper_is(cast, edition):
    dossier = received(cast, edition, MORNING)
    page = signed_in(cast.counter).get(reverse("dossier", args=[dossier.code])).content.decode()
    assert "Hồ sơ giấy" in page
    assert cast.counter.post.desk.name in page


def test_the_lost_list_is_each_agencys_own(cast, edition):
    dossier = received(cast, edition, MORNING)
    Folder.objects.update(wanted_by=at("2026-01-05 17:00"))
    for actor, seen in ((cast.counter, True), (cast.leader, True), (cast.supervisor, True)):
        page = signed_in(actor).get(reverse("folders-missing")).content.decode()
        assert (dossier.code in page) is seen
    elsewhere = Agency.objects.filter(kind="department", valid_to=None).first()
    stranger = signed_in(staff_actor("noikhac", elsewhere, Role.LEADER)).get(reverse("folders-missing"))
    assert dossier.code not in stranger.content.decode()


@pytest.mark.parametrize(
    "query", ["after=x", "after=2026-99-99|1", "after=|", "code=%00", "code=" + "9" * 500, "shelf=%00"]
)
@pytest.mark.parametrize("name", ["hand-over-records", "folder-find", "folder-shelf", "folders-missing"])
def test_crooked_addresses_are_no_error(cast, name, query):
    assert signed_in(cast.counter).get(f"{reverse(name)}?{query}").status_code < 500


@pytest.mark.parametrize("to", ["", "x", "0", "9" * 30])
def test_a_record_for_nobody_is_not_made(cast, to):
    answer = signed_in(cast.counter).post(reverse("hand-over-begin"), {"to": to})
    assert answer.url == reverse("hand-overs")
    assert not HandOver.objects.exists()


def test_costs_do_not_grow_with_the_parcel(cast, edition):
    counter, clerk = signed_in(cast.counter), signed_in(cast.clerk)

    def cost(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def confirmations(number):
        dossiers = [received(cast, edition, MORNING, key=f"{number}-{n}") for n in range(number)]
        record = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=MORNING, key=str(number))
        for dossier in dossiers:
            handovers.add_folder(record, dossier)
        page = reverse("hand-over", args=[record.uid])
        costs = [cost(counter, reverse("hand-overs")), cost(counter, page)]
        with CaptureQueriesContext(connection) as queries:
            handovers.give_handover(record, by=cast.counter, at=MORNING)
        costs += [len(queries), cost(clerk, page), cost(clerk, reverse("hand-overs"))]
        handovers.find_all(record, by=cast.clerk, at=MORNING)
        with CaptureQueriesContext(connection) as queries:
            handovers.take_handover(record, by=cast.clerk, at=MORNING)
        pages = [cost(clerk, reverse(name)) for name in ("hand-over-records", "folders-missing")]
        return [*costs, len(queries), *pages]

    confirmations(1)  # what is compiled once
    assert confirmations(2) == confirmations(6)
