"""Pages of drafts, of the fee bench and of replaced papers: what is sent is judged, and nothing breaks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import StaffPost
from procedures.editions.forms.parts import PARTS
from procedures.models import Edition, Procedure
from tests.factories.people import signed_in, staff_actor
from tests.procedures.pages import enter_as, part_as_shown

CODE = "1.001193"
QUERIES = 30


@pytest.fixture
def controller(catalogue, client):
    return enter_as(client, StaffPost.Role.CONTROLLER)


@pytest.fixture
def draft(controller):
    controller.post(f"/manage/catalogue/{CODE}/draft/")
    return Edition.objects.get(procedure__code=CODE, status="draft")


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_sent_back_untouched_changes_nothing(controller, draft, part):
    before = draft.facts
    answer = controller.post(f"/manage/editions/{draft.pk}/part/{part}/", part_as_shown(controller, draft, part))
    assert answer.status_code == 302, answer.context["bound"].errors
    draft.refresh_from_db()
    assert draft.facts == before
    assert draft.acts.count() == 1


def test_a_paper_is_added_changed_and_dropped(controller, draft):
    fields = part_as_shown(controller, draft, "documents")
    number = len(draft.facts["documents"])
    new = f"documents-{number}-"
    fields |= {f"{new}name": "Ảnh chân dung 4×6", f"{new}originals": "2", f"{new}copies": "0", f"{new}required": "on"}
    fields |= {"documents-0-DELETE": "on", "documents-1-from_store": "on"}
    fields[f"{new}template_file"] = SimpleUploadedFile("mau.docx", b"form")
    assert controller.post(f"/manage/editions/{draft.pk}/part/documents/", fields).status_code == 302
    before, draft = draft.facts["documents"], Edition.objects.get(pk=draft.pk)
    papers = draft.facts["documents"]
    assert papers[-1]["key"] == "anh-chan-dung-4-6"
    assert papers[-1]["template"].startswith("templates/mau")
    assert [paper["key"] for paper in papers[:-1]] == [paper["key"] for paper in before[1:]]
    assert papers[0]["from_store"] is True
    paper = draft.documents.get(key="anh-chan-dung-4-6")
    assert paper.originals == 2
    sent_back = controller.get(f"/procedures/templates/{paper.pk}/")
    assert b"".join(sent_back.streaming_content) == b"form"
    assert sent_back["Content-Disposition"].startswith("attachment")
    assert Client().get(f"/procedures/templates/{paper.pk}/").status_code == 403  # not before it is published
    assert "Tải mẫu để điền" in controller.get(f"/manage/editions/{draft.pk}/preview/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "tám nghìn"),
        ("value_below", "0"),
        ("valid_to", "01/01/2020"),
        ("counts_from", "0"),
        ("counts_to", "2"),
        ("each", "dossier"),
        ("each", "page"),
        ("at_most", "-5"),
        ("exemptions", "hộ nghèo"),
        ("exemptions", "hộ nghèo: 200%"),
        ("channels", ""),
    ],
)
def test_a_wrong_fee_line_is_told_and_not_kept(controller, draft, field, value):
    fields = part_as_shown(controller, draft, "fees") | {
        "fees-0-name": "Lệ phí", "fees-0-channels": "counter", "fees-0-amount": "8.000", "fees-0-value_from": "1.000",
        "fees-0-valid_from": "01/02/2026", "fees-0-per": "page", "fees-0-counts_from": "3",
    }  # fmt: skip
    answer = controller.post(f"/manage/editions/{draft.pk}/part/fees/", {**fields, f"fees-0-{field}": value})
    assert answer.status_code == 422
    assert field in answer.context["bound"].forms[0].errors
    assert Edition.objects.get(pk=draft.pk).facts == draft.facts


def test_two_pages_at_once_do_not_overwrite(controller, draft):
    fields = part_as_shown(controller, draft, "general")
    assert (
        controller.post(f"/manage/editions/{draft.pk}/part/general/", {**fields, "guidance": "Một"}).status_code == 302
    )
    answer = controller.post(f"/manage/editions/{draft.pk}/part/general/", {**fields, "guidance": "Hai"})
    assert answer.status_code == 422
    assert "Người khác vừa sửa" in answer.content.decode()


def test_the_bench_explains_the_amount(controller, draft):
    fields = part_as_shown(controller, draft, "fees") | {
        "fees-1-name": "Lệ phí", "fees-1-channels": "counter", "fees-1-amount": "8.000", "fees-1-per": "copy",
        "fees-1-exemptions": "Người thuộc hộ nghèo: 0%\nNgười khuyết tật: 50%", "fees-1-value_from": "1.000.000",
    }  # fmt: skip
    controller.post(f"/manage/editions/{draft.pk}/part/fees/", fields)
    address = f"/manage/editions/{draft.pk}/fees/"
    asked = {"channel": "counter", "count_copy": "3", "value": "2.000.000", "on": "23/11/2026"}
    assert controller.get(address, asked).context["total"] == "24.000\u00a0đ"
    asked["exemptions"] = "nguoi-khuyet-tat"
    page = controller.get(address, asked)
    assert page.context["total"] == "12.000\u00a0đ"
    assert "50 %" in " ".join(page.context["sentences"])
    assert controller.get(address, {**asked, "value": "x"}).context["result"] is None
    assert controller.get(address, {**asked, "value": "5"}).context["total"] == "Chờ xác nhận"


def test_steps_of_a_quantity_are_written_kept_and_tried(controller, draft):
    fields, number = part_as_shown(controller, draft, "fees"), len(draft.facts["fees"])
    for place, amount, step in ((number, "2.000", {"from": "1", "to": "2"}), (number + 1, "1.000", {"from": "3"})):
        said = {"name": "Phí bản sao", "kind": "charge", "channels": "counter", "amount": amount, "per": "page"}
        said |= {f"counts_{end}": page for end, page in step.items()} | {"each": "copy", "at_most": "200.000"}
        fields |= {f"fees-{place}-{name}": value for name, value in said.items()}
        fields["fees-TOTAL_FORMS"] = place + 1
        assert controller.post(f"/manage/editions/{draft.pk}/part/fees/", fields).status_code == 302
        fields = part_as_shown(controller, draft, "fees")
    kept = Edition.objects.get(pk=draft.pk).facts["fees"][number:]
    steps = [(fee["counts_from"], fee.get("counts_to"), fee["each"], fee["at_most"]) for fee in kept]
    assert steps == [(1, 2, "copy", 200_000), (3, None, "copy", 200_000)]
    controller.post(f"/manage/editions/{draft.pk}/part/fees/", fields)
    assert Edition.objects.get(pk=draft.pk).facts["fees"][number:] == kept
    asked = {"channel": "counter", "count_page": "6", "count_copy": "3", "on": "23/11/2026"}
    page = controller.get(f"/manage/editions/{draft.pk}/fees/", asked)
    assert "mỗi bản 8.000\u00a0đ × 3 bản = 24.000\u00a0đ" in " ".join(page.context["sentences"])
    shown = controller.get(f"/manage/editions/{draft.pk}/preview/").content.decode()
    assert "Phí bản sao (trang 1–2, tối đa 200.000\u00a0đ mỗi bản): 2.000\u00a0đ/trang" in shown
    changed = controller.get(f"/manage/editions/{draft.pk}/").content.decode()
    assert "từ trang 3, tối đa 200.000\u00a0đ mỗi bản: 1.000\u00a0đ/trang" in changed


def test_the_pages_of_a_life(controller, draft, client, django_assert_max_num_queries):
    for address in (
        "/manage/editions/",
        "/manage/editions/?list=mine",
        "/manage/editions/?list=late",
        "/manage/editions/?list=%00",
        f"/manage/editions/{draft.pk}/",
        f"/manage/editions/{draft.pk}/preview/",
        f"/manage/editions/{draft.pk}/fees/",
        f"/manage/editions/{draft.pk}/act/withdraw/",
        f"/manage/catalogue/{CODE}/compare/",
        f"/manage/catalogue/{CODE}/compare/?left=1&right=2",
        "/manage/replacements/",
        "/manage/replacements/?status=applied",
        "/manage/updates/",
    ):
        with django_assert_max_num_queries(QUERIES):
            assert controller.get(address).status_code == 200, address
    for address in (f"/manage/editions/{draft.pk}/part/x/", f"/manage/editions/{draft.pk}/act/x/"):
        assert controller.get(address).status_code == 404
    assert Procedure.objects.get(code=CODE).current_id != draft.pk


def test_one_edition_alone_is_not_called_equal(controller):
    address = f"/manage/catalogue/{CODE}/compare/"
    assert "mới có một bản" in controller.get(address).content.decode()
    controller.post(f"/manage/catalogue/{CODE}/draft/")
    assert "không khác nhau" in controller.get(address).content.decode()
    assert "cùng một bản" in controller.get(address, {"left": 1, "right": 1}).content.decode()


def test_an_act_asks_and_tells(controller, draft):
    address = f"/manage/editions/{draft.pk}/act/withdraw/"
    assert "reason" in controller.post(address, {}).context["form"].errors
    page = controller.post(f"/manage/editions/{draft.pk}/act/review/", follow=True).content.decode()
    assert "Dự thảo chưa khác bản đang áp dụng" in page
    assert controller.post(address, {"reason": "Lập nhầm"}, follow=True).status_code == 200
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_a_leader_reads_and_an_officer_does_not(controller, draft):
    for number, (role, status) in enumerate((("leader", 200), ("officer", 403), ("administrator", 403))):
        client = signed_in(staff_actor(f"x{number}", "justice", role))
        assert client.get(f"/manage/editions/{draft.pk}/").status_code == status
        assert client.get(f"/manage/editions/{draft.pk}/part/fees/").status_code == 403


@pytest.mark.parametrize("part", list(PARTS))
def test_an_empty_or_hostile_form_is_an_answer(controller, draft, part):
    address = f"/manage/editions/{draft.pk}/part/{part}/"
    for said in (
        {},
        {f"{part}-TOTAL_FORMS": "9999999", f"{part}-INITIAL_FORMS": "50"},
        {"seen": "\x00", "title": "\x00"},
    ):
        assert controller.post(address, said).status_code in (302, 422), said
    draft.refresh_from_db()
    assert draft.acts.count() == 1


def test_an_automatic_act_is_nobodys(controller, draft):
    assert controller.post(f"/manage/editions/{draft.pk}/act/begin/", follow=True).status_code == 200
    draft.refresh_from_db()
    assert draft.status == "draft"
