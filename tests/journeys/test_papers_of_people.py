"""Somebody with a passport at the counter, which finds and takes in for them."""

import pytest

from tests.journeys.visitor import DESKTOP

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


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
