"""A procedure from nothing: founded as a draft, filled in, taken through its whole life; twins and gaps are refused."""

import pytest
from django.test import Client

from accounts.models import StaffPost
from core.refusals import Refused
from procedures.competence.lookup import keys_by_level
from procedures.editions import publishing
from procedures.editions.lifecycle import drafts
from procedures.editions.lifecycle.execution import execute_transition
from procedures.models import Edition, Procedure
from tests.factories.catalogue import AT
from tests.factories.people import staff_actor
from tests.procedures.pages import enter_as, part_as_shown

NEW = "/manage/catalogue/new/"
SAID = {
    "code": "5.000123.H05",
    "kind": "receivable",
    "title": "Xác nhận hộ làm nghề gốm truyền thống",
    "title_en": "Certificate of a traditional pottery household",
    "new_field": "Nghề truyền thống",
    "levels": ["commune"],
    "settled_commune": "commune_pc",
    "applicants": ["citizen", "household_business"],
    "online_level": "partial",
    "legal_basis": "10/2026/NQ-HĐND",
}


@pytest.fixture
def controller(catalogue, client):
    return enter_as(client, StaffPost.Role.CONTROLLER)


@pytest.fixture
def leader(catalogue):
    return staff_actor("lanh dao", "office", StaffPost.Role.LEADER)


def founded(controller, **changed):
    answer = controller.post(NEW, {**SAID, **changed})
    assert answer.status_code == 302, answer.context["form"].errors
    return Edition.objects.get(procedure__code={**SAID, **changed}["code"], status="draft")


def fill(controller, draft, part, said):
    answer = controller.post(f"/manage/editions/{draft.pk}/part/{part}/", part_as_shown(controller, draft, part) | said)
    assert answer.status_code == 302, answer.context["problems"]


def filled(controller, draft):
    fill(controller, draft, "terms", {"terms-0-channels": ["online", "counter"], "terms-0-amount": "3",
                                      "terms-0-unit": "working_day"})  # fmt: skip
    fill(controller, draft, "fees", {"fees-0-name": "Lệ phí", "fees-0-channels": ["counter"], "fees-0-amount": "8.000"})
    fill(controller, draft, "documents", {"documents-0-name": "Đơn đề nghị", "documents-0-originals": "1"})
    fill(controller, draft, "results", {"results-0-name": "Giấy xác nhận"})
    draft.refresh_from_db()
    return draft


def in_force(draft, by, leader):
    execute_transition(draft, "review", by, at=AT)
    execute_transition(draft, "approve", leader, at=AT)
    said = {"decision_number": "1/QĐ-UBND", "decision_date": AT.date(), "effective_from": AT.date()}
    execute_transition(draft, "announce", by, at=AT, **said)
    execute_transition(draft, "publish", by, at=AT)


def test_a_new_procedure_goes_from_nothing_to_the_public_list(controller, leader):
    drafter = staff_actor("danh muc", "office", StaffPost.Role.CONTROLLER)
    draft = founded(controller)
    assert (draft.based_on, draft.procedure.current) == (None, None)
    page = controller.get(f"/manage/editions/{draft.pk}/")
    assert {gap["url"].split("/")[-2] for gap in page.context["gaps"]} == {"terms", "fees", "documents", "results"}
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "review", drafter, at=AT)
    assert refused.value.code == "gaps"
    public = Client()
    assert public.get("/procedures/5.000123.H05/").status_code == 404
    filled(controller, draft)
    page = controller.get(f"/manage/editions/{draft.pk}/")
    assert not page.context["gaps"]
    assert "Ủy ban nhân dân xã, phường" in controller.get(f"/manage/editions/{draft.pk}/preview/").content.decode()
    in_force(draft, drafter, leader)
    shown = public.get("/procedures/5.000123.H05/").content.decode()
    assert "3 ngày làm việc" in shown
    assert "Ủy ban nhân dân xã, phường" in shown
    assert "5.000123.H05" in public.get("/procedures/?q=gốm+truyền+thống").content.decode()
    assert keys_by_level(draft) == {"commune": "commune_pc"}
    assert [act.act for act in draft.acts.order_by("id")][:2] == ["draft", "edit"]


def test_an_internal_procedure_is_never_public(controller, leader):
    drafter = staff_actor("danh muc", "office", StaffPost.Role.CONTROLLER)
    draft = filled(controller, founded(controller, kind="internal", applicants=["state_agency"]))
    in_force(draft, drafter, leader)
    procedure = Procedure.objects.get(code=SAID["code"])
    assert (procedure.kind, procedure.current) == (Procedure.Kind.INTERNAL, draft)
    public = Client()
    assert public.get("/procedures/5.000123.H05/").status_code == 404
    for address in ("/procedures/?q=gốm+truyền+thống", "/procedures/suggest?q=gốm+truyền"):
        assert "5.000123.H05" not in public.get(address).content.decode()
    assert "5.000123.H05" in controller.get("/manage/catalogue/?kind=internal").content.decode()


@pytest.mark.parametrize("code", ["1.001193", "1.001193.H05", "1.001193.00.H05"])
def test_a_code_that_exists_is_refused_with_the_way_to_it(controller, code):
    answer = controller.post(NEW, {**SAID, "code": code, "levels": []})
    assert answer.status_code == 422
    assert "đã có trong danh mục" in answer.context["form"].errors["code"][0]
    assert "/manage/catalogue/1.001193/" in answer.content.decode()
    assert not Procedure.objects.filter(code=code, current=None).exists()


def test_a_draft_holds_its_code_until_it_is_withdrawn(controller, leader):
    draft = founded(controller)
    answer = controller.post(NEW, {**SAID, "code": "5.000123"})
    assert f"/manage/editions/{draft.pk}/" in answer.content.decode()
    execute_transition(
        draft, "withdraw", staff_actor("danh muc", "office", StaffPost.Role.CONTROLLER), at=AT, reason="Lập nhầm"
    )
    again = founded(controller, kind="internal")
    assert (again.number, again.procedure.kind) == (2, "internal")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "12"}, "code"),
        ({"new_field": ""}, "field"),
        ({"field": "no-such-field"}, "field"),
        ({"levels": ["moon"]}, "levels"),
        ({"levels": []}, "levels"),
        ({"settled_province": "justice"}, "settled_province"),
        ({"settled_commune": "nobody"}, "settled_commune"),
        ({"title": ""}, "title"),
    ],
)
def test_a_wrong_answer_is_told_and_founds_nothing(controller, changed, field):
    answer = controller.post(NEW, {**SAID, **changed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Procedure.objects.filter(current=None).exists()


def test_others_found_nothing(catalogue, client):
    enter_as(client, StaffPost.Role.OFFICER)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, SAID).status_code == 403


def test_a_source_that_publishes_the_code_meanwhile_is_followed(controller):
    drafter = staff_actor("danh muc", "office", StaffPost.Role.CONTROLLER)
    draft = filled(controller, founded(controller))
    offered = {**draft.facts, "title": "Tên theo nguồn quốc gia"}
    assert publishing.offer_documents([offered], Edition.Origin.IMPORT, "source", AT)[0].change == "new"
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "review", drafter, at=AT)
    assert refused.value.code == "overtaken"
    assert "title" in drafts.rebase_draft(draft, drafter, AT)
    draft.refresh_from_db()
    assert (draft.based_on.facts["title"], draft.title) == ("Tên theo nguồn quốc gia", SAID["title"])
