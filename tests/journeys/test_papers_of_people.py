"""Somebody with a passport: an account of their own, and the counter that finds and takes in for them."""

import pytest

from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def test_a_foreigner_opens_an_account_and_is_served(portal, visit):
    me = visit("vi", PHONE)
    page = me.page
    me.open("/sign-up/")
    page.click("a[href*='with=paper']")
    page.check("input[name=document][value=passport]")
    page.fill("#id_number", "m 9876\u20115432")
    page.fill("#id_full_name", "KIM MIN JUN")
    page.fill("#id_phone", "84912345678")
    page.fill("#id_password", "mat-khau-dai-01")
    page.get_by_role("button", name="Mở tài khoản").click()
    page.wait_for_selector(".govuk-error-summary")
    assert "quốc tịch" in page.inner_text(".govuk-error-summary")
    me.look("sign-up-paper")
    page.select_option("#id_country", "KR")
    page.fill("#id_password", "mat-khau-dai-01")
    with page.expect_navigation():
        page.get_by_role("button", name="Mở tài khoản").click()
    assert page.locator(".govuk-error-summary").count() == 0
    me.open("/profile/")
    assert "M98765432" in page.inner_text("main")

    desk = visit("vi", DESKTOP, portal.cast.counter)
    desk.open("/desk/")
    desk.look("desk-start")
    desk.page.fill("#who", "M98765432")
    desk.page.press("#who", "Enter")
    desk.page.wait_for_selector("#id_country")
    desk.look("desk-paper")
    desk.page.select_option("#id_country", "KR")
    desk.page.fill("#id_full_name", "KIM MIN JUN")
    with desk.page.expect_navigation():
        desk.page.click("form[action*='new'] button")
    desk.page.wait_for_selector("#q")
    assert "Hộ chiếu (Hàn Quốc) M98765432" in desk.page.inner_text("main")
    desk.look("desk-foreigner")
    desk.open("/desk/new/organisation/")
    desk.look("desk-organisation")


def test_two_papers_of_one_number_are_told_apart(visit, portal):
    desk = visit("vi", DESKTOP, portal.cast.counter)
    for country, name in (("FR", "Anne Martin"), ("JP", "Sato Ken")):
        desk.open("/desk/new/paper/")
        desk.page.check("input[name=document][value=passport]")
        desk.page.fill("#id_number", "TK5551234")
        desk.page.select_option("#id_country", country)
        desk.page.fill("#id_full_name", name)
        with desk.page.expect_navigation():
            desk.page.click("form[action*='new'] button")
    desk.open("/desk/")
    desk.page.fill("#who", "tk 555 1234")
    desk.page.press("#who", "Enter")
    desk.page.wait_for_selector("#h-several")
    assert "Nhật Bản" in desk.page.inner_text("main")
    desk.look("desk-several")
