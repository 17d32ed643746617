"""A route from its first draft to force: a wrong sum refused in words, mended, tried, and put in force by another."""

import pytest

from accounts.models import StaffPost
from tests.factories.people import AccountFactory, StaffPostFactory, holder_of
from tests.journeys.visitor import PHONE, session_of

CODE = "1.009645"  # approval of an investment: 17 working days
ROUTES = f"/manage/procedures/{CODE}/routes/"

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture(scope="module")
def governors(portal, django_db_blocker):
    """Who writes routes, and who brings them into force."""
    with django_db_blocker.unblock():
        found = []
        for role, name in ((StaffPost.Role.CONTROLLER, "Đỗ Thị Soạn"), (StaffPost.Role.SUPERVISOR, "Lý Văn Duyệt")):
            account = AccountFactory(username=f"{role}-quy-trinh", full_name=name)
            actor = holder_of(StaffPostFactory(account=account, role=role))
            portal.sessions[account.pk] = session_of(actor)
            found.append(actor)
    return found


def test_a_route_is_drawn_refused_mended_tried_and_put_in_force(visit, governors):
    writer, second = governors
    editor = visit(actor=writer)
    editor.open(ROUTES)
    editor.look("routes-none")
    editor.send("main form[action$='/routes/new/'] button")
    page = editor.page
    page.fill("#id_name", "Quy trình chấp thuận chủ trương đầu tư")
    page.fill("#s2-amount", "3")
    page.click("button[value='ask-3']")
    page.wait_for_selector("#s2-o0-question")
    page.select_option("#s2-o0-agency", "construction")
    page.fill("#s2-o0-amount", "7")
    page.fill("#s2-o0-question", "Dự án có phù hợp quy hoạch xây dựng không?")
    page.click(".oss-actionbar button[value='check']")
    page.wait_for_selector(".oss-route-problems li")
    assert "thiếu" in page.inner_text(".oss-route-problems")
    editor.look("route-editor")
    with page.expect_navigation():
        page.click("button[value='save']")
    editor.look("route-draft-wrong")
    address = editor.path.partition("#")[0]

    assert "Còn phải sửa trước khi trình" in page.inner_text("main")
    assert not page.locator("button[value='submit']").count()
    checker = visit(actor=second, size=PHONE)

    editor.open(address + "edit/")
    page.fill("#s2-amount", "3,25")
    page.click(".oss-actionbar button[value='check']")
    page.wait_for_selector("text=Quy trình hợp lệ")
    with page.expect_navigation():
        page.click("button[value='save']")
    editor.open(address + "rehearsal/?day=23/11/2026&hour=09:10&channel=counter")
    assert "Kịp hạn" in page.inner_text("main")
    editor.look("route-rehearsal")
    editor.open(address + "print/")
    editor.look("route-print")

    editor.open(address)
    editor.look("route-to-submit")
    editor.send("button[value='submit']")
    assert "Chưa đưa vào áp dụng được" in page.inner_text("main"), "the writer is no second person"
    checker.open(address)
    checker.look("route-submitted")
    checker.send("button[value='force']")
    checker.look("route-in-force")
    editor.open(ROUTES)
    editor.look("routes-own")
    editor.open("/manage/routes/imports/")
    editor.look("route-imports")
