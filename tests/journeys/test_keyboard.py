"""Every daily job by the keyboard alone, each key counted: at most 45, typed letters too; a scanner costs none."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from dossiers.models import Dossier, State
from tests.factories.desk import intake_page
from tests.journeys.steps import act, file_online
from tests.journeys.visitor import DESKTOP, PASSWORD, PHONE, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
MOST = 45
CARD = "{number}||{name}|01011990|Nữ|12 Nguyễn Gia Thiều|01012022"


def counted(me, job: str, capsys) -> None:
    with capsys.disabled():
        print(f"\n{job}: {me.presses} keys")  # noqa: T201
    assert me.presses <= MOST, job
    me.presses = 0


def tick_and_receive(me, scan=None) -> None:
    """Two papers, ticked, with a scan of the first."""
    me.press("j", "Space")
    if scan is not None:
        with me.page.expect_file_chooser() as chooser:
            me.press("s")
        chooser.value.set_files(scan)
        me.page.locator(".oss-slot__file").first.wait_for()  # the row keeps the focus
    me.press("j", "Space", "F9")
    me.page.wait_for_url("**/desk/done/**")


def test_the_counters_jobs(portal, visit, paper, capsys):
    me = visit("vi", DESKTOP, portal.cast.counter)
    page, number = me.page, "027190000055"
    # Somebody listens from the start: a listener that comes with the key itself may come after the chooser.
    page.on("filechooser", lambda _chooser: None)
    me.open("/desk/")
    me.press("?")
    assert page.locator("#keys dl dt").count() > 4, "the desk has keys, and says which"
    me.press("Escape")
    page.locator("#keys").wait_for(state="hidden")

    # Somebody new.
    me.presses = 0
    me.scan(CARD.format(number=number, name="Lê Thị Cúc"))
    page.wait_for_selector("#id_full_name")
    assert page.evaluate("document.activeElement.id") == "id_phone", "what the card does not say is asked first"
    me.type("0912000111")
    me.press("F9")
    page.wait_for_selector("#q")
    me.type("thong tin ho tich")
    me.press("Enter")
    found = page.locator(f"a[href*='/intake/{PROCEDURE}/']").first
    me.press(found.get_attribute("data-key").replace("alt", "Alt"))
    page.wait_for_url("**/desk/intake/**")
    page.keyboard.press("?")  # learnt once, not pressed daily
    listed = page.locator("#keys dl").inner_text().split()
    assert {"J", "K", "C", "S", "Cách"} <= set(listed), f"the keys of rows are told too: {listed}"
    page.keyboard.press("Escape")
    page.locator("#keys").wait_for(state="hidden")
    tick_and_receive(me)
    counted(me, "intake of a new applicant", capsys)

    # The slip is printed before the next person comes, whichever key is pressed twice.
    done = me.path
    with page.expect_popup() as slip:
        me.press("F9")
    assert me.path == done
    assert page.locator("[data-prints]").get_attribute("data-printed") == "yes"
    slip.value.close()
    page.bring_to_front()
    me.presses = 1  # the slip's window was closed
    me.press("F9")
    page.wait_for_url(lambda url: url.endswith("/desk/"))
    me.scan(CARD.format(number=number, name="Lê Thị Cúc"))
    page.wait_for_selector("#q")
    me.press("Alt+1")
    page.wait_for_url("**/desk/intake/**")
    tick_and_receive(me, paper)
    counted(me, "intake of a returning applicant with a scan", capsys)
    dossier = Dossier.objects.get(code=me.path.split("/")[3])
    assert dossier.documents.filter(file__isnull=False).count() == 1

    # Search and open: what was found has the focus, and the scanner's field is a key away.
    me.press("Alt+s")
    page.wait_for_url("**/desk/search/")
    me.type("le thi cuc")
    me.press("Enter")
    page.wait_for_url("**find=**")
    me.press("j", "k")
    assert page.locator("[data-row]:focus").get_by_text(dossier.code).count() == 1, "the newest first"
    me.press("F3")
    assert page.evaluate("document.activeElement.dataset.scanner") == ""
    me.press("ArrowDown", "Enter")
    page.wait_for_url(f"**/dossiers/{dossier.code}/")
    counted(me, "search and open", capsys)

    # Folders go to the competent agency.
    me.press("Alt+g")
    page.wait_for_url("**/folders/")
    me.press("Alt+1")
    page.wait_for_url("**/folders/records/**")
    me.scan(dossier.code)
    page.locator("#record-body tbody tr").first.wait_for()
    me.press("F9")
    page.locator("[data-key=F9]").wait_for(state="detached")
    counted(me, "hand-over of a folder", capsys)


def test_after_a_mistake_and_in_a_field(portal, visit):
    me = visit("vi", DESKTOP, portal.cast.counter)
    me.open(intake_page(PROCEDURE, portal.cast.stranger.person))
    me.press("F9")
    me.page.locator(".govuk-error-summary").wait_for()
    me.press("j")
    assert me.page.locator("[data-row]:focus").count() == 1, "j works after a mistake"
    here = me.path
    me.page.focus("#id_phone")
    me.press("Escape")
    assert me.path == here, "Escape in a field leaves the field, not the intake"
    assert me.page.evaluate("document.activeElement === document.body")
    me.page.fill("#id_content", "Xin hai bản")
    asked: list[str] = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    me.page.on("dialog", stay)
    me.press("Escape")  # leaves the field
    with me.page.expect_event("dialog"):
        me.press("Escape")  # and now the intake: not without a question
    assert (me.page.input_value("#id_content"), me.path, asked) == ("Xin hai bản", here, ["beforeunload"])
    me.page.remove_listener("dialog", stay)
    me.press("Alt+l")
    me.page.wait_for_url("**/unlock/**")
    me.page.fill("#id_pin", PASSWORD)
    me.press("Enter")
    me.page.wait_for_url("**/desk/intake/**")
    assert me.page.input_value("#id_content") == "Xin hai bản", "a screen locked by hand loses nothing either"


def test_an_online_filing_is_accepted_and_the_inbox_comes_back(portal, visit, paper, capsys):
    cast = portal.cast
    dossier = file_online(visit("vi", PHONE, cast.citizen), paper)
    me = visit("vi", DESKTOP, cast.counter)
    me.open("/desk/")
    me.press("Alt+o")
    me.page.wait_for_url("**/desk/inbox/")
    while me.page.locator("[data-row]:focus").get_by_text(dossier.code).count() == 0:
        me.press("j")
    me.press("Enter")
    me.page.wait_for_url(f"**/dossiers/{dossier.code}/")
    me.press("t")
    me.page.wait_for_url(lambda url: "/act/accept/" in url or "/desk/done/" in url)
    if "/act/" in me.path:
        me.press("Control+Enter")
        me.page.wait_for_url("**/desk/done/**")
    me.press("F9", "F9")
    me.page.wait_for_url("**/desk/inbox/")
    counted(me, "accept an online filing and return to the inbox", capsys)

    officer = visit("vi", DESKTOP, cast.officer)
    act(officer, dossier, "take")
    officer.presses = 0
    officer.press("Alt+t")
    officer.page.wait_for_url("**/work/")
    heights = officer.page.evaluate(
        "[document.querySelector('[data-row]').getBoundingClientRect().top,"
        " document.querySelector('[data-row]').getBoundingClientRect().height]"
    )
    assert (DESKTOP[1] - heights[0]) // heights[1] >= 20, f"twenty rows on a desk's screen: {heights}"
    officer.look("work-list")
    while officer.page.locator("[data-row]:focus").get_by_text(dossier.code).count() == 0:
        officer.press("j")
    officer.press("Enter")
    officer.page.wait_for_url(f"**/dossiers/{dossier.code}/")
    officer.press("b")
    officer.page.wait_for_url("**/act/ask_supplement/")
    officer.type("Ban ve")
    officer.press("Tab")
    officer.type("Thieu ban ve")
    officer.press("Control+Enter")
    officer.page.wait_for_url(f"**/dossiers/{dossier.code}/")
    counted(officer, "an officer's action", capsys)
    dossier.refresh_from_db()
    assert dossier.state == State.SUPPLEMENT


def test_a_result_is_returned(portal, visit, paper, capsys):
    cast = portal.cast
    me = visit("vi", DESKTOP, cast.counter)
    me.open(intake_page(PROCEDURE, cast.stranger.person))
    tick_and_receive(me)
    dossier = Dossier.objects.get(code=me.path.split("/")[3])
    me.open(f"/dossiers/{dossier.code}/")
    me.page.locator("main a[href$='/cash']").first.click()
    me.page.check("main form input[type=checkbox]")
    me.send("main form button.govuk-button")
    act(visit("vi", DESKTOP, cast.officer), dossier, "take")
    officer = visit("vi", DESKTOP, cast.officer)
    act(officer, dossier, "attach_result", name="Văn bản", number="3/XN", file=paper)
    act(officer, dossier, "verify")
    act(visit("vi", DESKTOP, cast.head), dossier, "submit")
    leader = visit("vi", DESKTOP, cast.leader)
    leader.open(f"/dossiers/{dossier.code}/act/approve/")
    leader.look("approve-with-draft")
    act(leader, dossier, "approve")
    clerk = visit("vi", DESKTOP, cast.clerk)
    clerk.open(f"/dossiers/{dossier.code}/act/issue/")
    clerk.look("issue-signed")
    act(clerk, dossier, "issue")
    me.open("/desk/")
    me.presses = 0
    me.press("Alt+r")
    me.page.wait_for_url("**/desk/returns/")
    me.look("returns-list")
    me.scan(dossier.code)
    me.page.wait_for_url("**/act/return_result/")
    me.press("Control+Enter")
    me.page.wait_for_url(f"**/dossiers/{dossier.code}/")
    counted(me, "return of a result", capsys)


def test_an_intake_outlives_its_session_whichever_request_meets_its_end(portal, visit, paper):
    cast, me = portal.cast, visit("vi", DESKTOP, portal.cast.counter)
    page = me.page
    me.open(intake_page(PROCEDURE, cast.stranger.person))
    page.wait_for_url("**key=**")
    page.locator("tbody [data-row] input[type=checkbox]").first.check()
    page.locator("tbody input[type=file]").first.set_input_files(paper)
    page.locator(".oss-slot__file").first.wait_for()
    page.fill("#id_content", "Xin hai bản")
    with page.expect_response("**/desk/intake/**"):  # or its answer opens the dialog before the next field is written
        page.locator("#id_content").blur()
    me.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("#id_quantity_item", "2")  # the reckoning is asked for again behind the page
    page.locator("#session-ended").wait_for()
    me.look("session-ended")
    assert page.input_value("#id_content") == "Xin hai bản"
    assert page.input_value("#id_quantity_item") == "2"
    page.locator("[data-sign-in]").click()
    page.wait_for_url("**/sign-in/**")
    assert "027190000022" not in me.path
    page.fill("#id_login", cast.counter.account.username)
    page.fill("#id_password", "mat-khau-dai-01")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/desk/intake/**")
    assert page.input_value("#id_content") == "Xin hai bản"
    assert page.input_value("#id_quantity_item") == "2"
    assert page.locator("tbody [data-row] input[type=checkbox]").first.is_checked()
    assert page.locator(".oss-slot__file").count() == 1
    me.look("intake-again")


def test_a_reload_that_is_first_to_meet_the_end_of_the_session_loses_nothing(portal, visit):
    cast, me = portal.cast, visit("vi", DESKTOP)
    page, username = me.page, portal.cast.counter.account.username
    page.on("dialog", lambda dialog: dialog.accept())  # whether what was typed may go
    me.sign_in(username)
    address = intake_page(PROCEDURE, cast.stranger.person)
    me.open(address)
    page.wait_for_url("**key=**")
    page.locator("tbody [data-row] input[type=checkbox]").first.check()
    with page.expect_response("**/desk/intake/**"):
        page.fill("#id_content", "Còn đây sau F5")
        page.locator("#id_content").blur()
    mine = next(each for each in me.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    with psycopg.connect(
        connection.connection.info.dsn, autocommit=True
    ) as own:  # what this test writes by its own connection is rolled back
        own.execute("UPDATE django_session SET expire_date = now() WHERE session_key = %s", [mine["value"]])
    page.reload()
    page.wait_for_url("**/sign-in/**")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/desk/intake/**")
    assert page.input_value("#id_content") == "Còn đây sau F5"
    assert page.locator("tbody [data-row] input[type=checkbox]").first.is_checked()
