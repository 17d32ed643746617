"""Papers: a wording changed by two people, the book of a month, and what is printed for a dossier."""

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from dossiers import registers
from dossiers.models import Dossier
from papers.models import PaperRun
from procedures.models import Edition
from tests.factories.dossiers import received
from tests.factories.people import staff_actor
from tests.journeys.steps import committed
from tests.journeys.visitor import DESKTOP, PHONE, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def post_of(portal, name: str, role: str) -> Actor:
    """Of the province's office: the forms are the whole province's."""

    def make() -> Actor:
        actor = staff_actor(name, "office", role)
        portal.sessions[actor.account.pk] = session_of(actor)
        return actor

    return committed(make)


@pytest.mark.parametrize(("language", "size"), [("vi", DESKTOP), ("en", PHONE)])
def test_a_wording_is_changed_by_one_and_put_in_force_by_another(portal, visit, language, size):
    form = {"vi": "refusal", "en": "stop"}[language]
    controller = visit(language, size, post_of(portal, f"danhmuc.mau.{language}", StaffPost.Role.CONTROLLER))
    administrator = visit(language, size, post_of(portal, f"quantri.mau.{language}", StaffPost.Role.ADMINISTRATOR))
    controller.open("/manage/papers/")
    controller.look("paper-forms")
    controller.open(f"/manage/papers/{form}/")
    controller.look("paper-form")
    controller.send(f"form[action='/manage/papers/{form}/begin/'] button")
    page = controller.page
    controller.look("paper-draft")
    page.fill("#id_sign", "MOI")
    page.fill("#id_b-1-text", "{nobody}")
    controller.send("main form button:not([name])")
    assert "{nobody}" in page.inner_text(".govuk-error-summary")
    controller.look("paper-draft-problem")
    page.fill("#id_b-1-text", "{code}")
    controller.send("main form button:not([name])")
    assert not page.locator(".govuk-error-summary").count()
    controller.open(f"/manage/papers/{form}/")
    controller.look("paper-to-submit")
    controller.send("button[value='submit']")
    administrator.open(f"/manage/papers/{form}/")
    page = administrator.page
    administrator.send("button[value='force']")
    assert page.locator(".govuk-error-summary").count()
    page.fill("#id_reason", "Theo thông tư mới")
    administrator.look("paper-put-in-force")
    administrator.send("button[value='force']")
    assert "MOI" in page.inner_text("main")
    administrator.look("paper-in-force")
    administrator.open(f"/manage/papers/{form}/1/")
    administrator.look("paper-version")


def test_the_counter_prints_and_asks_for_the_book_of_a_month(portal, visit):
    me = visit("vi", DESKTOP, portal.cast.counter)
    page = me.page
    me.open("/registers/")
    me.look("books-empty")
    page.fill("#id_since", "31/02/2026")
    me.send()
    me.look("books-wrong")
    me.open("/registers/")
    me.send()
    me.look("book-waiting")
    committed(lambda: registers.make_volumes(PaperRun.objects.get(uid=me.path.split("/")[2]).pk))
    page.wait_for_selector("a[href*='/papers/']")
    me.look("book-ready")
    me.open("/registers/")
    me.look("books")
    dossier = committed(lambda: taken_in_today(portal.cast))
    me.open(f"/dossiers/{dossier.code}/")
    me.look("dossier-with-print")
    me.open(f"/dossiers/{dossier.code}/papers/label.pdf")
    me.look("no-label")


def taken_in_today(cast) -> Dossier:
    edition = Edition.objects.get(procedure__code="1.013228", status="published")
    return received(cast, edition, timezone.now(), key="journey-papers", limit_days="5")
