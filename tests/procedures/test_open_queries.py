"""The controller's pages: open queries worked off one by one and alike, editions and their history."""

import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Account, StaffPost
from agencies.models import Agency
from procedures.editions import publishing, source_updates
from procedures.importing.run import import_file
from procedures.models import Competence, Confirmation, Edition, OpenQuery, Procedure
from procedures.review import queries
from tests.factories.catalogue import AT, row
from tests.procedures.pages import approve_last, enter_as

QUERIES = 25
# A number without a unit, whose note says what it means.
SAID = "Trực tiếp1Miễn phíTrong 1 ngày làm việc"


@pytest.fixture
def controller(catalogue, client):
    return enter_as(client, StaffPost.Role.CONTROLLER)


@pytest.fixture
def offered(catalogue, tmp_path):
    def offer(*rows):
        path = tmp_path / "extract.jsonl"
        path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
        return import_file(path, "test", AT)

    return offer


@pytest.fixture
def second(controller):
    """Somebody else who may approve."""
    return enter_as(Client(), StaffPost.Role.SUPERVISOR)


def query_of(code, kind):
    return queries.undecided_queries().get(procedure__code=code, kind=kind)


def test_a_limit_is_confirmed_with_the_value_that_two_people_stand_for(controller, second, offered):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phí"))
    open_query = query_of("1.900001", "time_without_unit")
    page = controller.get(f"/manage/queries/{open_query.pk}/")
    assert page.context["form"]["amount"].initial is None  # a bare number is never proposed
    answer = controller.post(f"/manage/queries/{open_query.pk}/", {"amount": "2", "unit": "working_day"})
    assert answer.status_code == 302
    assert Procedure.objects.get(code="1.900001").current.number == 1
    assert "Chờ xác nhận" in Client().get("/procedures/1.900001/").content.decode()
    assert "2 ngày làm việc" in controller.get(f"/manage/queries/{open_query.pk}/").content.decode()  # waits, in words
    made = approve_last(second)
    edition = Procedure.objects.get(code="1.900001").current
    assert (edition.number, edition.origin) == (2, Edition.Origin.CONTROLLER)
    assert (edition.drafted_by, edition.approved_by) == (
        made.proposed_by,
        Account.objects.get(username="supervisor-test"),
    )
    assert edition.acts.get().facts == {"proposed_by": made.proposed_label}
    term = edition.terms.get()
    assert (term.amount, term.unit, term.state) == (2, "working_day", "confirmed")
    open_query.refresh_from_db()
    assert open_query.decided_by.startswith("supervisor-test")
    assert open_query.decision["value"]["amount"] == 2
    assert "2 ngày làm việc" in controller.get("/procedures/1.900001/").content.decode()


def test_nobody_approves_their_own_proposal(controller, second, offered):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phí"))
    open_query = query_of("1.900001", "time_without_unit")
    controller.post(f"/manage/queries/{open_query.pk}/", {"amount": "2", "unit": "working_day"})
    made = Confirmation.objects.get()
    page = controller.post(f"/manage/confirmations/{made.pk}/", {"act": "approve"}, follow=True)
    assert "không tự duyệt" in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.filter(pk=made.pk).update(status="approved", judged_by=made.proposed_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.filter(pk=made.pk).update(status="approved")
    with pytest.raises(queries.SecondPersonMissing):
        queries.decide_queries([queries.Decision(open_query, {"amount": 2, "unit": "working_day"})], "one", AT)
    leader = Client()
    enter_as(leader, StaffPost.Role.LEADER)
    StaffPost.objects.filter(role="leader").update(agency=Agency.objects.get(key="justice"))
    assert (
        "lãnh đạo có thẩm quyền"
        in leader.post(f"/manage/confirmations/{made.pk}/", {"act": "approve"}, follow=True).content.decode()
    )
    assert Procedure.objects.get(code="1.900001").current.number == 1
    approve_last(second)
    assert Procedure.objects.get(code="1.900001").current.number == 2


def test_a_proposal_is_sent_back_with_a_reason_whole_or_in_part(controller, second, offered):
    offered(*[row(code=f"1.90030{n}", field="Hộ tịch", channels_raw=SAID) for n in range(3)])
    found = queries.undecided_queries().filter(kind="time_without_unit")
    controller.post("/manage/queries/accept/", {"query": [open_query.pk for open_query in found]})
    made = Confirmation.objects.get()
    address = f"/manage/confirmations/{made.pk}/"
    assert second.post(address, {"act": "return", "reason": ""}).status_code == 422
    item = made.items.first()
    second.post(address, {"act": "return_some", "reason": "Sai nguồn", "item": item.pk})
    assert queries.undecided_queries().get(kind="time_without_unit") == item.open_query
    page = second.get(address)
    assert len(page.context["rows"]) == 3  # every decision is listed
    approve_last(second)
    assert Procedure.objects.get(code=item.open_query.procedure.code).current.number == 1
    assert Edition.objects.filter(number=2, procedure__code__startswith="1.90030").count() == 2
    assert "đã được người khác xử lý" in second.post(address, {"act": "approve"}, follow=True).content.decode()


def test_what_waits_follows_to_the_next_edition_or_is_overtaken(controller, second, offered):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phíTrực tuyến2Miễn phí"))
    first, other = queries.undecided_queries().filter(kind="time_without_unit")
    for open_query in (first, other):
        controller.post(f"/manage/queries/{open_query.pk}/", {"amount": "5", "unit": "working_day"})
    approve_last(second)  # the later one; the earlier waits on for the new edition
    procedure = Procedure.objects.get(code="1.900001")
    assert procedure.current.number == 2
    waiting = Confirmation.objects.get(status="waiting")
    assert waiting.items.get().open_query.edition == procedure.current
    assert not queries.undecided_queries().filter(kind="time_without_unit").exists()
    facts = {**procedure.current.facts, "terms": []}
    publishing.publish_edition("1.900001", facts, Edition.Origin.CONTROLLER, "test", AT)
    assert waiting.items.get().outcome == "overtaken"
    page = second.post(f"/manage/confirmations/{waiting.pk}/", {"act": "approve"}, follow=True)
    assert Procedure.objects.get(code="1.900001").current.number == 3
    assert page.status_code == 200


def test_a_fee_is_confirmed_and_all_open_queries_of_the_cell_with_it(controller, second, offered):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp3 Ngày100 VNĐ(100.000 đồng, từ năm sau 50.000 đồng)"))
    open_query = query_of("1.900001", "fee_below_1000")
    assert query_of("1.900001", "fee_several").path == open_query.path
    controller.post(f"/manage/queries/{open_query.pk}/", {"amount": "100.000", "name": "Lệ phí", "per": "dossier"})
    waiting = set(queries.undecided_queries().filter(procedure__code="1.900001").values_list("kind", flat=True))
    assert not waiting & {"fee_below_1000", "fee_several"}
    approve_last(second)
    edition = Procedure.objects.get(code="1.900001").current
    assert edition.fee_lines.get().amount == 100_000
    kinds = set(queries.undecided_queries().filter(procedure=edition.procedure).values_list("kind", flat=True))
    assert kinds == {"online_level_to_be_confirmed"}


@pytest.mark.parametrize(
    "answers",
    [
        {"amount": "", "unit": "working_day"},
        {"amount": "-1", "unit": "working_day"},
        {"amount": "1.5", "unit": "month"},
        {"amount": "hai", "unit": "working_day"},
        {"amount": "1", "unit": "fortnight"},
    ],
)
def test_a_wrong_answer_is_told_and_changes_nothing(controller, offered, answers):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phí"))
    open_query = query_of("1.900001", "time_without_unit")
    page = controller.post(f"/manage/queries/{open_query.pk}/", answers)
    assert page.status_code == 200
    assert "Có chỗ cần sửa" in page.content.decode()
    assert Procedure.objects.get(code="1.900001").current.number == 1


def test_like_cases_are_proposed_and_approved_at_once(controller, second, offered, django_assert_max_num_queries):
    rows = [row(code=f"1.9001{n:02}", field="Hộ tịch", channels_raw=SAID) for n in range(40)]
    offered(*rows, row(code="1.900200", field="Hộ tịch", channels_raw="Trực tiếp7Miễn phí"))
    with django_assert_max_num_queries(QUERIES):
        page = controller.get("/manage/queries/", {"kind": "time_without_unit"})
    group = next(group for group in page.context["groups"] if group["number"] == 40)
    controller.post("/manage/queries/accept/", {"alike": group["example"], "kind": "time_without_unit"})
    assert queries.undecided_queries().filter(kind="time_without_unit").count() == 1
    made = Confirmation.objects.get()
    for address in ("/manage/confirmations/", f"/manage/confirmations/{made.pk}/"):
        with django_assert_max_num_queries(QUERIES):
            assert second.get(address).status_code == 200
    assert not Edition.objects.filter(origin="controller", procedure__code__startswith="1.9001").exists()
    approve_last(second)
    assert Edition.objects.filter(origin="controller", procedure__code__startswith="1.9001").count() == 40
    assert queries.undecided_queries().filter(kind="time_without_unit").count() == 1


def test_ticked_open_queries_are_proposed_and_others_left(controller, offered):
    offered(*[row(code=f"1.90030{n}", field="Hộ tịch", channels_raw=SAID) for n in range(3)])
    chosen = [query_of(f"1.90030{n}", "time_without_unit").pk for n in (0, 2)]
    controller.post("/manage/queries/accept/", {"query": chosen})
    assert queries.undecided_queries().get(kind="time_without_unit").procedure.code == "1.900301"


def test_the_second_of_two_decisions_is_told(controller, second, offered):
    offered(row(field="Hộ tịch", channels_raw=f"{SAID}Trực tuyến1Miễn phíTrong 1 ngày làm việc"))
    first, late = queries.undecided_queries().filter(kind="time_without_unit")
    controller.post("/manage/queries/accept/", {"query": first.pk})
    again = controller.post(f"/manage/queries/{first.pk}/", {"amount": "1", "unit": "working_day"}, follow=True)
    assert "Hãy xem lại" in again.content.decode()
    approve_last(second)
    page = controller.post(f"/manage/queries/{late.pk}/", {"amount": "1", "unit": "working_day"}, follow=True)
    assert "Hãy xem lại" in page.content.decode()
    assert Procedure.objects.get(code="1.900001").current.number == 2


def test_an_unknown_agency_is_decided_for_the_procedure(controller, second, offered):
    offered(row(levels=["Cấp tỉnh"]))
    open_query = query_of("1.900001", "no_competence")
    controller.post(f"/manage/queries/{open_query.pk}/", {"value_": "construction"})
    assert not Competence.objects.filter(procedure__code="1.900001").exists()
    approve_last(second)
    assert Competence.objects.get(procedure__code="1.900001").agency_key == "construction"
    assert not queries.undecided_queries().filter(kind="no_competence", procedure__code="1.900001").exists()
    call_command("load_catalogue", verbosity=0)
    assert Competence.objects.filter(procedure__code="1.900001").exists()


def test_an_internal_procedure_leaves_the_public_list(controller, second, offered):
    offered(row(code="6.900001", kind="", field="Hộ tịch"))
    assert controller.get("/procedures/6.900001/").status_code == 200
    open_query = query_of("6.900001", "perhaps_internal")
    controller.post(f"/manage/queries/{open_query.pk}/", {"decision": "accept"})
    approve_last(second)
    assert Procedure.objects.get(code="6.900001").kind == Procedure.Kind.INTERNAL
    assert controller.get("/procedures/6.900001/").status_code == 404


def test_a_difference_can_be_left_and_does_not_come_back(controller, offered):
    offered(row(code="1.001193", name="Kiểu khác", field="Hộ tịch"))
    before = Procedure.objects.get(code="1.001193").current_id
    waiting = queries.undecided_queries().filter(procedure__code="1.001193", kind=source_updates.DIFFERS)
    assert "offered/import/title" in waiting.values_list("path", flat=True)
    controller.post("/manage/updates/1.001193/", {f"part-{open_query.pk}": "refuse" for open_query in waiting})
    assert Procedure.objects.get(code="1.001193").current_id == before
    offered(row(code="1.001193", name="Kiểu khác", field="Hộ tịch"))
    assert not queries.undecided_queries().filter(kind=source_updates.DIFFERS).exists()


def test_pages_open_with_bounded_queries(controller, offered, django_assert_max_num_queries):
    run = offered(row(), row(code="bad"))
    open_query = OpenQuery.objects.first()
    for address in (
        "/manage/queries/",
        "/manage/queries/?kind=%00&field=x",
        "/manage/queries/?kind=limit_to_be_confirmed&field=civil_status",
        f"/manage/queries/{open_query.pk}/",
        "/manage/confirmations/?list=done",
        "/manage/catalogue/",
        "/manage/catalogue/?q=khai+sinh",
        "/manage/catalogue/1.001193/",
        "/manage/catalogue/1.001193/1/",
        "/manage/catalogue/imports/",
        f"/manage/catalogue/imports/{run.pk}/",
        "/manage/catalogue/competence/",
    ):
        with django_assert_max_num_queries(QUERIES):
            assert controller.get(address).status_code == 200, address
    for address in ("/manage/catalogue/1.999999/", "/manage/catalogue/1.001193/99/", "/manage/queries/999999999/"):
        assert controller.get(address).status_code == 404


@pytest.mark.parametrize("role", [StaffPost.Role.OFFICER, StaffPost.Role.ADMINISTRATOR])
def test_other_roles_are_refused(catalogue, client, role):
    enter_as(client, role)
    assert client.get("/manage/queries/").status_code == 403
    assert client.post("/manage/queries/accept/").status_code == 403
    assert client.get("/manage/catalogue/").status_code == 403


def test_every_edition_page_of_the_carried_catalogue_opens(controller):
    codes = Procedure.objects.values_list("code", flat=True)[:30]
    assert len(codes) == 30
    for code in codes:
        assert controller.get(f"/manage/catalogue/{code}/1/").status_code == 200
