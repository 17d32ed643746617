"""The head sees what is due, opens the list behind a number and reminds who has it; the supervisor picks an agency."""

import re

import pytest

from tests.journeys.steps import act, file_online
from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.mark.parametrize(("language", "size"), [("vi", DESKTOP), ("en", PHONE)])
def test_from_a_number_to_a_reminder(portal, visit, paper, language, size):
    cast = portal.cast
    dossier = file_online(visit(language, DESKTOP, cast.citizen), paper)
    act(visit(language, DESKTOP, cast.counter), dossier, "accept")

    head = visit(language, size, cast.leader)
    head.open("/reports/")
    head.look("reports")
    figure = head.page.locator("a.oss-stat__number[href*='measure=open&']")
    number = int(re.match(r"\d+", figure.inner_text())[0])
    figure.click()
    head.page.wait_for_url("**/reports/list/**")
    head.look("reports-list")
    reminder = f"button[formaction='/reports/remind/{dossier.code}/']"
    counted, found = head.page.locator("tbody tr").count(), head.path
    while (further := head.page.locator("a[rel=next]")).count():  # journeys before this one left dossiers too
        with head.page.expect_navigation():
            further.click()
        counted += head.page.locator("tbody tr").count()
        found = head.path if head.page.locator(reminder).count() else found
    assert counted == number
    head.open(found)
    head.send(reminder)
    head.look("reports-reminded")
    assert head.path.startswith("/reports/list/?measure=open")
    assert dossier.code in head.page.locator("[role=alert], [role=region], [role=status]").first.inner_text()
    assert dossier.events.filter(action="remind").count() == 1

    supervisor = visit(language, size, cast.supervisor)
    supervisor.open("/reports/?period=this_month")  # on the first day pages begin with the last month
    supervisor.look("reports-province")
    with supervisor.page.expect_navigation():
        supervisor.page.locator("tbody th a").first.click()
    supervisor.look("reports-agency")
    with supervisor.page.expect_navigation():
        supervisor.page.locator("a.oss-stat__number[href*='measure=received&']").click()
    supervisor.look("reports-agency-list")
    with supervisor.page.expect_download() as download:
        supervisor.page.locator("a[download]").click()
    assert download.value.suggested_filename.startswith("received-")
