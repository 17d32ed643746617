"""What lies between: a supplement asked for and answered from the phone, a refusal, two at once, tracking."""

import pytest

from dossiers.models import Dossier, State
from tests.journeys.steps import act, file_online, send_file
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.mark.parametrize("language", LANGUAGES)
def test_supplement_asked_and_answered_from_the_phone(portal, visit, paper, language):
    cast = portal.cast
    me = visit(language, PHONE, cast.citizen)
    dossier = file_online(me, paper)
    counter = visit(language, DESKTOP, cast.counter)
    act(counter, dossier, "accept")
    officer = visit(language, DESKTOP, cast.officer)
    act(officer, dossier, "take")
    act(officer, dossier, "ask_supplement", look=True, items="Bản sao căn cước\nGiấy khai sinh", reason="Thiếu giấy tờ")
    officer.look("waiting")
    officer.open("/work/?view=paused")
    assert officer.page.get_by_role("link", name=dossier.code).count()
    officer.look("work-paused")

    me.open("/my/dossiers/")
    me.look("needs-me")
    me.page.locator(f"a[href='/my/dossiers/{dossier.uid}/']").first.click()
    me.look("supplement")
    me.page.locator("a[href$='/act/answer_supplement/']").click()
    send_file(me, "#id_files", paper)
    me.look("answer")
    me.send()
    assert me.path == f"/my/dossiers/{dossier.uid}/"
    me.look("answered")
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING
    assert dossier.documents.filter(file__isnull=False).count() == 3

    officer.open("/work/")
    officer.look("work-again")
    officer.open("/work/search/")
    officer.page.fill("#search-q", dossier.code)
    officer.page.press("#search-q", "Enter")
    officer.page.wait_for_url("**/work/search/?find=*")
    assert officer.page.get_by_role("link", name=dossier.code).count() == 1
    officer.look("search")


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_online(portal, visit, paper, language):
    cast = portal.cast
    me = visit(language, PHONE, cast.stranger)
    dossier = file_online(me, paper)
    counter = visit(language, DESKTOP, cast.counter)
    act(counter, dossier, "refuse", look=True, reason="Việc này do cơ quan khác giải quyết")
    counter.look("refusal-paper")
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("was-refused")
    assert me.page.get_by_text("Việc này do cơ quan khác giải quyết").count()


def test_who_comes_second_is_told_what_the_first_did(portal, visit, paper):
    cast = portal.cast
    dossier = file_online(visit("vi", PHONE, cast.citizen), paper)
    act(visit("vi", DESKTOP, cast.counter), dossier, "accept")
    first, second = (visit("vi", DESKTOP, actor) for actor in (cast.officer, cast.officer2))
    second.open(f"/dossiers/{dossier.code}/")
    act(first, dossier, "take")
    second.send(f"form[action$='/{dossier.code}/act/take/'] button")
    assert cast.officer.label in second.page.locator("main").inner_text()
    second.look("stale")
    assert Dossier.objects.get(pk=dossier.pk).holder == cast.officer.post


@pytest.mark.parametrize("language", LANGUAGES)
def test_tracking_without_signing_in_shows_no_person(portal, visit, paper, language):
    cast = portal.cast
    dossier = file_online(visit(language, PHONE, cast.citizen), paper)
    anybody = visit(language, PHONE)
    anybody.open("/track/")
    anybody.look("track")
    anybody.page.fill("#code", dossier.code.lower())
    anybody.page.press("#code", "Enter")
    anybody.page.wait_for_url("**/track/H*/")
    anybody.look("tracked")
    text = anybody.page.content()
    person = cast.person
    for private in (person.full_name, person.personal_number, person.phone, person.address, person.email, "hai tên"):
        assert private not in text
    anybody.open("/track/H05.160-261123-9999/")
    anybody.look("unknown-code")
    assert anybody.page.locator(".govuk-error-summary").count() == 1


def test_list_by_keys(portal, visit, paper):
    cast = portal.cast
    dossier = file_online(visit("vi", PHONE, cast.citizen), paper)
    act(visit("vi", DESKTOP, cast.counter), dossier, "accept")
    head = visit("vi", DESKTOP, cast.head)
    head.open("/work/?view=unit")
    head.press("j", "j", "k")
    address = head.page.locator("[data-row]:focus a").first.get_attribute("href")
    head.press("Enter")
    head.page.wait_for_url(f"**{address}")
