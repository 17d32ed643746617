"""The counter: a walk-in by keyboard alone, what is asked for and refused, and a second press that takes in once."""

import pytest

from dossiers.models import Dossier, State
from tests.factories.desk import intake_page
from tests.journeys.visitor import DESKTOP, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
CARD = "{number}||{name}|01011990|Nữ|12 Nguyễn Gia Thiều|01012022"


@LANGUAGES
def test_walk_in_by_keyboard_alone(portal, visit, language, record_property, capsys):
    cast, me = portal.cast, visit(language, DESKTOP, portal.cast.counter)
    number = {"vi": "027190000033", "en": "027190000044"}[language]
    page = me.page
    me.open("/desk/")
    me.look("desk")
    # Somebody new: the card is scanned, and what it says stands in the form.
    me.scan(CARD.format(number=number, name="Lê Thị Bình"))
    page.wait_for_selector("#id_full_name")
    assert page.input_value("#id_full_name") == "Lê Thị Bình"
    me.look("desk-new")
    page.focus("#id_phone")
    me.type("0912000111")
    me.press("Enter")
    page.wait_for_selector("#q")
    me.look("desk-person")
    me.type("xac nhan thong tin ho tich")
    me.press("Enter")
    page.wait_for_selector(f"a[href*='/intake/{PROCEDURE}/']")
    page.focus(f"a[href*='/intake/{PROCEDURE}/']")
    me.press("Enter")
    page.wait_for_url("**/desk/intake/**")
    assert page.input_value("#id_territory") == cast.agency.territory.code
    me.look("intake")
    assert page.locator("[name=act][value=receive]").bounding_box()["y"] < DESKTOP[1]
    take_in(me)
    me.look("done")

    # The same person again: card, the procedure taken in last, two papers, receive.
    me.presses = 0
    me.press("F9", "F9")  # the slip is printed first
    page.wait_for_url(lambda url: url.endswith("/desk/"))
    me.scan(CARD.format(number=number, name="Lê Thị Bình"))
    page.wait_for_selector("#q")
    me.press("Alt+1")
    page.wait_for_url("**/desk/intake/**")
    take_in(me)
    with capsys.disabled():
        print(f"\n[{language}] a returning applicant: {me.presses} keys from the last dossier to the next slip")  # noqa: T201
    record_property("keys", me.presses)
    assert me.presses <= 10
    assert Dossier.objects.filter(owner_person__personal_number=number, state=State.PROCESSING).count() == 2


def take_in(me) -> None:
    me.press("j", "Space", "j", "Space", "F9")
    me.page.wait_for_url("**/desk/done/**")


@LANGUAGES
def test_incomplete_and_refused(portal, visit, language):
    cast, me = portal.cast, visit(language, DESKTOP, portal.cast.counter)
    page = me.page
    address = intake_page(PROCEDURE, cast.stranger.person)
    before = Dossier.objects.count()
    me.open(address)
    me.send("[name=act][value=receive]")
    assert page.locator(".govuk-error-summary").count() == 1
    me.look("intake-incomplete")
    assert Dossier.objects.count() == before
    page.locator("summary[data-key=F7]").click()
    page.fill("#id_reason", "Chưa có tờ khai")
    me.send("[name=act][value=ask_completion]")
    asked = Dossier.objects.get(code=me.path.split("/")[3])
    assert asked.state == State.SUPPLEMENT
    assert len(asked.supplement_requests.get().items) == 2
    me.look("asked")
    me.open(address)
    page.locator("summary[data-key=F7]").click()
    page.fill("#id_reason", "Không thuộc thẩm quyền")
    me.send("[name=act][value=refuse]")
    assert Dossier.objects.get(code=me.path.split("/")[3]).state == State.NOT_RECEIVED
    me.look("refused")


def test_second_press_and_back_take_in_once(portal, visit):
    cast, me = portal.cast, visit("vi", DESKTOP, portal.cast.counter)
    before = Dossier.objects.count()
    me.open(intake_page(PROCEDURE, cast.stranger.person))
    take_in(me)
    first = me.path
    me.page.go_back()
    me.page.wait_for_url("**/desk/intake/**")
    me.send("[name=act][value=receive]")
    assert me.path == first
    assert Dossier.objects.count() == before + 1
