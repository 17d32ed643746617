"""A message answered by the officer, a complaint by the head; how one wants to be told, and in which words."""

from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierMessage, Feedback
from notices.models import ContactChoice, Notice, Wording
from procedures.models import Edition
from tests.factories.dossiers import received
from tests.factories.people import AccountFactory, StaffPostFactory, agency_called
from tests.journeys.steps import send_file
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture(scope="module")
def dossiers(portal, django_db_blocker) -> dict[str, Dossier]:
    """A dossier in the officer's hands for each language; kept, because the portal serves from other threads."""
    made = {}
    with django_db_blocker.unblock():
        edition = Edition.objects.get(procedure__code="1.013228", status="published")
        for language in ("vi", "en"):
            made[language] = received(portal.cast, edition, timezone.now(), key=f"correspondence-{language}")
            execute_transition(made[language], "take", portal.cast.officer, at=timezone.now())
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_message_answered(portal, dossiers, visit, paper, language):
    cast, dossier = portal.cast, dossiers[language]
    me = visit(language, PHONE, cast.citizen)
    officer = visit(language, DESKTOP, cast.officer)

    me.open(f"/my/dossiers/{dossier.uid}/")
    me.look("dossier-before-messages")
    me.page.locator(f"a[href='/my/dossiers/{dossier.uid}/messages/']").first.click()
    me.look("messages-empty")
    me.send("main form button.govuk-button:not([type=button])")
    me.look("messages-mistake")
    me.page.fill("#id_text", "Tôi gửi thêm bản chụp, cán bộ xem giúp.")
    send_file(me, "#id_attachments", paper)
    me.send("main form button.govuk-button:not([type=button])")
    me.look("messages-sent")

    officer.open("/work/messages/")
    officer.look("messages-waiting")
    officer.page.get_by_role("link", name=dossier.code).click()
    officer.page.wait_for_url("**/messages/")
    officer.look("messages-officer")
    officer.page.fill("#id_text", "Bản chụp bị mờ góc dưới. Ông/Bà gửi lại được không?")
    officer.page.fill("#id_answer_by", (timezone.localdate() + timedelta(days=3)).strftime("%d/%m/%Y"))
    officer.send("main form button.govuk-button:not([type=button])")
    officer.look("messages-answered")
    officer.open("/work/messages/")
    assert officer.page.get_by_role("link", name=dossier.code).count() == 0
    officer.look("messages-none")
    officer.open(f"/dossiers/{dossier.code}/")
    officer.look("dossier-with-messages")

    me.open("/my/dossiers/")
    me.look("asked-in-list")
    me.page.locator(f"a[href='/my/dossiers/{dossier.uid}/messages/']").first.click()
    me.look("messages-asked")
    assert cast.officer.account.full_name not in me.page.locator("main").inner_text()
    me.page.fill("#id_text", "Tôi gửi lại đây.")
    me.send("main form button.govuk-button:not([type=button])")
    assert not DossierMessage.objects.filter(dossier=dossier, answer_by__isnull=False, answered_at=None).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_complaint_answered(portal, dossiers, visit, language):
    cast, dossier = portal.cast, dossiers[language]
    me = visit(language, PHONE, cast.citizen)
    me.open(f"/my/dossiers/{dossier.uid}/")
    me.page.locator("a[href^='/feedback/dossiers/']").click()
    me.look("complaint-form")
    me.page.fill("#id_text", "Tôi phải đi lại hai lần vì một bản chụp.")
    me.send("main form button.govuk-button:not([type=button])")
    me.look("complaint-sent")
    made = Feedback.objects.get(dossier=dossier)

    head = visit(language, DESKTOP, cast.head)
    head.open("/work/feedback/")
    head.look("complaints")
    head.page.locator(f"a[href='/work/feedback/{made.uid}/']").click()
    head.page.wait_for_url(f"**/{made.uid}/")
    head.look("complaint-head")
    head.page.fill("#id_answer", "Chúng tôi xin lỗi. Lần sau cán bộ sẽ xem bản chụp ngay tại quầy.")
    head.send("main form button.govuk-button:not([type=button])")
    head.look("complaints-none")
    head.open("/work/feedback/?view=answered")
    head.look("complaints-answered")

    me.open("/my/feedback/")
    me.look("my-feedback")
    me.page.locator(f"a[href='/feedback/{made.uid}/']").click()
    me.look("complaint-answered")
    assert "Chúng tôi xin lỗi" in me.page.locator("main").inner_text()
    me.open("/feedback/desks/?q=kinh+bac")
    me.look("desks")


@pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)])
def test_choosing_how_to_be_told(portal, visit, settings, language, size):
    settings.SMS_GATEWAY_URL, settings.EMAIL_HOST = "http://127.0.0.1:9", "127.0.0.1"
    settings.QUIET_HOURS = "21:00-07:00"
    me = visit(language, size, portal.cast.stranger)
    me.open("/profile/")
    me.look("profile")
    me.page.locator("a[href='/profile/notices/']").click()
    me.look("choice")
    me.page.select_option("#id_first", "zalo")
    me.page.select_option("#id_second", "sms")
    me.page.uncheck("#id_consent")
    me.send("main form button.govuk-button:not([type=button])")
    me.look("choice-without-consent")
    me.page.check("#id_consent")
    me.send("main form button.govuk-button:not([type=button])")
    assert ContactChoice.objects.get(account=portal.cast.stranger.account).channels == ["zalo", "sms"]


@pytest.fixture(scope="module")
def administrator(portal, django_db_blocker) -> Actor:
    """Signed in already, with a notice that could not be sent; kept, because the portal serves from other threads."""
    with django_db_blocker.unblock():
        account = AccountFactory(username="quan.tri.thu", full_name="Quản Trị Thử")
        post = StaffPostFactory(account=account, agency=agency_called("office"), role="administrator")
        client = Client()
        client.force_login(account, backend="accounts.backends.AccountBackend")
        portal.sessions[account.pk] = client.cookies[conf.SESSION_COOKIE_NAME].value
        Notice.objects.create(
            key="k",
            kind="overdue",
            channel="sms",
            address="0912345678",
            subject="Quá hạn: H05.160-261123-0001",
            body="Qua han",
            state="failed",
            last_error="108: Phone number is invalid",
        )
    return Actor(account=account, post=post)


def test_writing_a_text_and_sending_again_what_failed(administrator, visit):
    admin = visit("vi", DESKTOP, administrator)
    admin.open("/manage/notices/")
    admin.look("texts")
    admin.page.locator("a[href='/manage/notices/overdue/sms/vi/']").click()
    admin.look("text-sms")
    admin.page.fill("#id_body", "Hồ sơ {{ mã }} quá hạn. {{ link }}")
    admin.send("main form button[name=preview]")
    admin.look("text-bad")
    admin.page.fill("#id_body", "Hồ sơ {{ code }} quá hạn từ {{ due }}. {{ link }}")
    admin.send("main form button[name=preview]")
    admin.look("text-preview")
    assert "Ho so H05.160-261123-0001 qua han" in admin.page.locator("main").inner_text()
    admin.send("main form button:not([name])")
    admin.look("text-saved")
    assert Wording.objects.get().status == "draft"
    admin.send("button[value=submit]")
    admin.look("text-submitted")
    assert Wording.objects.get().status == "submitted"
    admin.open("/manage/notices/failed/")
    admin.look("failed")
    admin.page.locator("input[name=selected]").check()
    admin.send("main form button.govuk-button:not([type=button])")
    admin.look("failed-none")
    assert Notice.objects.get(key="k").state == Notice.State.WAITING
