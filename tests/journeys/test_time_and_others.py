"""Where others take part: an opinion asked and given, more time with an apology, a mistake put right, a stop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.models import State
from tests.journeys.steps import act, file_online
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture
def at_work(portal, visit, paper):
    """A dossier filed from a phone, accepted and taken up by the officer."""

    def begin(language):
        dossier = file_online(visit(language, PHONE, portal.cast.citizen), paper)
        act(visit(language, DESKTOP, portal.cast.counter), dossier, "accept")
        act(visit(language, DESKTOP, portal.cast.officer), dossier, "take")
        return dossier

    return begin


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opinion_is_asked_and_given(portal, visit, at_work, language):
    cast, dossier = portal.cast, at_work(language)
    officer = visit(language, DESKTOP, cast.officer)
    officer.open(f"/dossiers/{dossier.code}/act/ask_opinion/")
    officer.page.check(f"input[name=agencies][value='{cast.consulted.post.agency_id}']")
    officer.page.fill("[name=question]", "Có phù hợp quy hoạch không?")
    officer.page.fill("[name=limit_days]", "1")
    officer.look("ask-opinion")
    officer.send("main form.oss-pane button[type=submit]")
    officer.look("opinion-asked")
    consulted = visit(language, DESKTOP, cast.consulted)
    consulted.open("/work/?view=opinions")
    consulted.look("work-opinions")
    act(consulted, dossier, "give_opinion", look=True, view="agrees", answer="Phù hợp quy hoạch")
    officer.open(f"/dossiers/{dossier.code}/")
    assert officer.page.get_by_text("Phù hợp quy hoạch").count()
    officer.look("opinion-given")


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_time_with_an_apology(portal, visit, at_work, language):
    cast, dossier = portal.cast, at_work(language)
    dossier.refresh_from_db()
    due = dossier.due_at
    leader = visit(language, DESKTOP, cast.leader)
    leader.open("/work/?view=apologies")
    leader.look("work-apologies")
    leader.open(f"/dossiers/{dossier.code}/act/extend/")
    assert leader.page.input_value("[name=amount]"), "the letter comes filled in"
    leader.look("prepared-apology")
    leader.send("main form.oss-pane button[type=submit]")
    dossier.refresh_from_db()
    assert dossier.due_at > due
    me = visit(language, PHONE, cast.citizen)
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("more-time")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_is_put_right_by_two(portal, visit, at_work, language):
    cast, dossier = portal.cast, at_work(language)
    officer = visit(language, DESKTOP, cast.officer)
    act(officer, dossier, "ask_correction", look=True, kind="content", value="Nội dung đúng", reason="Ghi nhầm")
    head = visit(language, DESKTOP, cast.head)
    head.open(f"/dossiers/{dossier.code}/")
    head.look("correction-waits")
    act(head, dossier, "confirm_correction")
    dossier.refresh_from_db()
    assert dossier.content == "Nội dung đúng"


@pytest.mark.parametrize("language", LANGUAGES)
def test_withdrawn_from_the_phone_and_stopped_at_the_counter(portal, visit, at_work, language):
    cast, dossier = portal.cast, at_work(language)
    me = visit(language, PHONE, cast.citizen)
    me.open(f"/my/dossiers/{dossier.uid}/act/withdraw/")
    me.page.fill("[name=reason]", "Không còn nhu cầu")
    me.look("withdraw")
    me.send("main form button[type=submit]")
    act(visit(language, DESKTOP, cast.counter), dossier, "stop", look=True)
    dossier.refresh_from_db()
    assert dossier.state == State.STOPPED
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("stopped")


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_would_it_be_due(visit, language):
    anybody = visit(language, PHONE)
    anybody.open("/due-date/")
    anybody.page.fill("[name=day]", f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}")
    anybody.look("due-date")
    anybody.send("main form button[type=submit]")
    anybody.look("due-date-counted")
    assert anybody.page.locator("#h-counted").count() == 1
