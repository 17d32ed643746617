"""A citizen files on one device, staff settle it, the citizen sees it, is given the result and rates."""

import pytest

from dossiers.models import Dossier, Rating, State
from tests.journeys.steps import act, file_online
from tests.journeys.visitor import DESKTOP, PHONE, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
BOTH = pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)])


@BOTH
def test_from_signing_in_to_rating(portal, visit, paper, language, size):
    cast, me = portal.cast, visit(language, size)
    me.sign_in(cast.citizen.account.username)
    assert me.path == "/my/dossiers/"
    me.open(f"/procedures/{PROCEDURE}/")
    assert me.page.locator(f"a[href*='/file/{PROCEDURE}/']").count()
    dossier = file_online(me, paper, look=True)
    assert me.page.get_by_text(dossier.code).count()
    me.open("/my/dossiers/")
    me.look("my-dossiers")
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("my-dossier-filed")

    counter = visit(language, DESKTOP, cast.counter)
    counter.open("/desk/inbox/")
    counter.look("inbox")
    counter.page.get_by_role("link", name=dossier.code).click()
    act(counter, dossier, "accept", look=True)
    counter.look("accepted")
    head = visit(language, DESKTOP, cast.head)
    head.open("/work/")
    head.look("work")
    act(head, dossier, "assign", look=True, officer=cast.officer.post.pk)
    officer = visit(language, DESKTOP, cast.officer)
    officer.open("/work/")
    assert officer.page.get_by_role("link", name=dossier.code).count()
    act(officer, dossier, "attach_result", look=True, name="Văn bản xác nhận", number="12/XN-UBND", file=paper)
    act(officer, dossier, "verify", look=True)
    act(head, dossier, "submit", look=True)
    leader = visit(language, DESKTOP, cast.leader)
    act(leader, dossier, "approve", look=True)
    clerk = visit(language, DESKTOP, cast.clerk)
    act(clerk, dossier, "issue", look=True)  # number, day and signer stand there already

    me.open("/my/dossiers/")
    me.look("my-dossiers-done")
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("my-dossier-done")
    counter.open("/desk/returns/")
    counter.scan(dossier.code)
    counter.page.wait_for_url(f"**/dossiers/{dossier.code}/")  # the fee comes first
    counter.look("before-cash")
    counter.page.locator("main a[href$='/cash']").first.click()
    counter.look("cash")
    counter.page.check("main form input[type=checkbox]")
    counter.send("main form button.govuk-button")
    counter.open("/desk/returns/")
    counter.look("returns")
    counter.scan(dossier.code)
    counter.page.wait_for_url("**/act/return_result/")
    counter.look("return_result")
    counter.send("main form.oss-pane button[type=submit]")
    assert Dossier.objects.get(pk=dossier.pk).state == State.RETURNED

    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("my-dossier-returned")
    me.page.locator("a[href$='/rate/']").click()
    me.look("rate")
    me.page.check("input[name=stars][value='5']")
    me.send()
    assert Rating.objects.get(dossier=dossier).stars == 5
    me.look("rated")
