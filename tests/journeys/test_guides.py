"""Somebody who does not know what to ask for is led to the procedure, without signing in and with the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)])
def test_questions_lead_to_a_procedure(portal, visit, language, size):
    me = visit(language, size)
    me.open("/")
    me.look("home-guides")
    me.open("/procedures/?q=so+do")
    me.look("list-guide")
    me.open("/guides/")
    me.look("guides")
    me.page.click("a[href='/guides/land/']")
    me.send("main form button")
    assert me.page.locator(".govuk-error-summary").count()
    me.look("guide-error")
    me.page.check("input[name=a][value='1']")
    me.send("main form button")
    me.look("guide-question")
    me.page.check("input[name=a][value='0']")
    me.send("main form button")
    me.look("guide-end")
    me.page.click("a.govuk-back-link")
    expect(me.page.locator("input[name=a][type=radio]")).to_have_count(5)
    me.page.go_back()
    me.page.locator("a[href='/procedures/1.013831/?case=normal']").click()
    assert me.path.startswith("/procedures/1.013831/")
