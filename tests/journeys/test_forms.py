"""A form with a condition and a table: built, tried as a citizen, put in force by another, and filed on."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import StaffPost
from dossiers.models import Dossier
from tests.factories.people import AccountFactory, StaffPostFactory, holder_of
from tests.journeys.visitor import PHONE, session_of

CODE = "1.004845"  # end of a guardianship: by the commune
FORMS = f"/manage/procedures/{CODE}/form/"

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture(scope="module")
def governors(portal, django_db_blocker):
    """Who builds forms, and who brings them into force."""
    with django_db_blocker.unblock():
        found = []
        for role, name in ((StaffPost.Role.CONTROLLER, "Ngô Thị Biểu"), (StaffPost.Role.SUPERVISOR, "Hà Văn Mẫu")):
            account = AccountFactory(username=f"{role}-to-khai", full_name=name)
            actor = holder_of(StaffPostFactory(account=account, role=role))
            portal.sessions[account.pk] = session_of(actor)
            found.append(actor)
    return found


def press(page, button):
    with page.expect_navigation():
        page.locator(f"button[value='{button}']").last.click()


def question(page, n, label, kind):
    """A question behind row `n` (from 1), with the fields of its kind."""
    press(page, f"add-{n}")
    page.fill(f"#r{n}-label", label)
    page.fill(f"#r{n}-label_en", label)
    page.select_option(f"#r{n}-kind", kind)
    press(page, "check")


def test_a_form_is_built_put_in_force_and_filed_on(visit, governors, portal):
    builder, second = governors
    editor = visit(actor=builder)
    editor.open(FORMS)
    editor.look("forms-none")
    editor.send("main form[action$='/form/new/'] button")
    page = editor.page
    page.fill("#id_title", "Đơn chấm dứt giám hộ")
    page.fill("#id_title_en", "Application to end a guardianship")
    question(page, 1, "Lý do chấm dứt", "choice")
    page.fill("#r1-options", "adult = Đã đủ 18 tuổi | Of age\nother = Lý do khác | Another reason")
    question(page, 2, "Lý do khác là gì?", "text")
    page.locator("#r2 .govuk-details__summary").click()
    page.select_option("#r2-when_field", "ly_do_cham_dut")
    page.fill("#r2-when_value", "khac")
    press(page, "check")
    assert "không có" in page.inner_text(".oss-route-problems")  # there is no such choice
    page.fill("#r2-when_value", "other")
    question(page, 3, "Tài sản bàn giao", "rows")
    page.fill("#r3-columns", "tai_san = text: Tài sản | Item\ngia_tri = money: Giá trị | Value")
    page.fill("#id_content", "Chấm dứt giám hộ: {ly_do_cham_dut}")
    press(page, "check")
    editor.look("form-builder")
    press(page, "save")
    editor.look("form-draft")
    address = editor.path.partition("#")[0]

    checker = visit(actor=second, size=PHONE)
    checker.open(address + "preview/")
    checker.look("form-preview")
    editor.open(address)
    press(page, "submit")
    checker.open(address)
    press(checker.page, "force")
    checker.look("form-in-force")

    me = visit(actor=portal.cast.citizen, size=PHONE)
    me.open(f"/file/{CODE}/")
    me.send("main form button.govuk-button--start")
    me.page.locator(".govuk-task-list__link").nth(1).click()
    me.page.select_option("#id_territory", portal.cast.agency.territory.code)
    me.send()
    me.page.wait_for_url("**/file/declaration/")
    hidden = me.page.locator("#id_ly_do_khac_la_gi")
    assert not hidden.is_visible()
    me.page.check("input[name=ly_do_cham_dut][value=other]")
    assert hidden.is_visible()
    me.look("declaration")
    me.page.fill("#id_tai_san_ban_giao-0-tai_san", "Nhà")
    value = me.page.locator("#id_tai_san_ban_giao-0-gia_tri")
    value.fill("nhiều")
    expect(me.page.locator(".govuk-error-message")).to_have_count(0)  # not while one types
    value.press("Tab")
    expect(value).to_have_accessible_description(re.compile("Lỗi:.*ví dụ 50.000"))
    press(me.page, "more-tai_san_ban_giao")
    me.page.fill("#id_tai_san_ban_giao-1-tai_san", "Xe máy")
    me.page.fill("#id_tai_san_ban_giao-1-gia_tri", "12.000.000")
    me.page.click("main form .govuk-button-group button")
    summary = me.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    said = summary.locator("a").all_inner_texts()
    assert said[0] == "Hãy nhập lý do khác là gì."
    assert me.page.title().startswith("Lỗi: ")
    me.look("declaration-mistakes")
    with me.page.expect_navigation():  # past the check: the server refuses the same in the same words
        me.page.evaluate("document.querySelector('main form').submit()")
    assert summary.locator("a").all_inner_texts() == said
    me.page.get_by_role("link", name=said[1]).click()
    expect(value).to_be_focused()
    value.fill("900 000 000")
    expect(value).not_to_have_attribute("aria-invalid", "true")
    me.page.check("input[name=ly_do_cham_dut][value=adult]")
    me.send("main form .govuk-button-group button")
    me.page.wait_for_url("**/file/fee/")  # copies are charged when they are asked for
    me.look("form-fee")
    me.send()
    me.page.wait_for_url("**/file/documents/")
    kept = Dossier.objects.get(uid=me.path.split("/")[3])
    assert kept.content == "Chấm dứt giám hộ: Đã đủ 18 tuổi"
    assert kept.answers["form"]["values"] == {
        "ly_do_cham_dut": "adult",
        "tai_san_ban_giao": [
            {"tai_san": "Nhà", "gia_tri": 900000000},
            {"tai_san": "Xe máy", "gia_tri": 12000000},
        ],
    }
    assert not me.faults
