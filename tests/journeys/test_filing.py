"""The hard moments of a filing: the line breaks in mid-upload, another device goes on, the PIN opens what was sent."""

import io
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils import timezone

from core.time_budget import TimeBudget
from digitization.models import IncomingUpload, StoredFile
from dossiers.models import Dossier
from journal import outbox
from notices import delivery
from tests.factories.desk import intake_page
from tests.journeys.steps import committed, file_online, send_file
from tests.journeys.visitor import DESKTOP, PHONE, PROCEDURE, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
BOTH = pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)])
PART = 4 * 1024 * 1024


@pytest.fixture
def large(tmp_path) -> Path:
    """A paper that takes three parts to send."""
    import random

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(420, 595))
        pdf.attachments["noise"] = pikepdf.AttachedFileSpec(pdf, random.Random(7).randbytes(2 * PART + PART // 2))
        stream = io.BytesIO()
        pdf.save(stream, compress_streams=False)
    path = tmp_path / "ban-ve.pdf"
    path.write_bytes(stream.getvalue())
    return path


def begin(me: Visitor) -> Dossier:
    me.open(f"/file/{PROCEDURE}/")
    me.send("main form button.govuk-button--start")
    return Dossier.objects.get(uid=me.path.split("/")[3])


@BOTH
def test_a_broken_line_loses_nothing_of_a_file(portal, visit, large, language, size):
    me = visit(language, size, portal.cast.citizen)
    draft = begin(me)
    me.open(f"/my/dossiers/{draft.uid}/file/documents/")
    parts: list[str] = []

    def line(route) -> None:
        """The line goes while the second part is on its way."""
        parts.append(route.request.headers["upload-offset"])
        if len(parts) == 2:
            me.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    me.page.route("**/files/tus/*", lambda route: line(route) if route.request.method == "PATCH" else route.continue_())
    me.page.locator("input[type=file]").first.set_input_files(large)
    broken = me.page.locator("[data-upload-text][role=alert]")
    broken.wait_for()
    assert me.page.locator("progress[data-upload-progress]").count() == 1
    me.look("line-broken")
    me.page.locator("button[name=continue]").click()  # the page waits for the file
    assert me.path.endswith("/documents/")
    assert IncomingUpload.objects.get(owner=draft.reference).received == PART
    me.faults = [fault for fault in me.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    me.context.set_offline(False)
    me.page.locator("button[formaction]").first.wait_for(timeout=60_000)
    me.look("line-back")
    assert parts == ["0", str(PART), str(PART), str(2 * PART)]
    line_of_paper = draft.documents.get()
    assert line_of_paper.required_document is not None
    file = line_of_paper.file
    with default_storage.open(file.storage_name) as kept:
        assert kept.read() == large.read_bytes()
    assert StoredFile.objects.filter(owner=draft.reference).count() == 1
    me.faults = [fault for fault in me.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_a_file_chosen_before_the_script_has_come_is_sent_as_well(portal, visit, paper):
    me = visit("vi", PHONE, portal.cast.citizen)
    draft = begin(me)
    held: list = []
    me.page.route("**/dist/upload*.js", lambda route: held.append(route))
    me.open(f"/my/dossiers/{draft.uid}/file/documents/")
    me.page.locator("input[type=file]").first.set_input_files(paper)
    assert held
    for request in held:
        request.continue_()
    me.page.locator("button[formaction]").first.wait_for()
    assert draft.documents.get().required_document is not None


@BOTH
def test_another_device_goes_on_where_the_first_stopped(portal, visit, language, size):
    first = visit(language, size, portal.cast.citizen)
    draft = begin(first)
    first.open(f"/my/dossiers/{draft.uid}/file/request/")
    with first.page.expect_response("**/request/typed/**") as saved:
        first.page.locator("#id_content").press_sequentially("Viết dở ở nhà", delay=5)
    assert saved.value.status == 204
    first.page.locator(".oss-saving[data-state=saved]").wait_for()
    first.look("typed-saved")

    second = visit(language, PHONE if size == DESKTOP else DESKTOP, portal.cast.citizen)
    second.open("/my/dossiers/")
    second.page.locator(f"a[href='/my/dossiers/{draft.uid}/file/']").first.click()
    second.page.locator(".govuk-task-list__link").nth(1).click()
    second.page.wait_for_url("**/file/request/")
    assert second.page.input_value("#id_content") == "Viết dở ở nhà"
    second.look("typed-elsewhere")
    second.page.select_option("#id_territory", portal.cast.agency.territory.code)
    second.send()
    assert second.path.endswith("/file/fee/")
    draft.refresh_from_db()
    assert draft.content == "Viết dở ở nhà"

    # The first device still shows its page: it learns that another has saved it since.
    first.page.locator("#id_content").press_sequentially(" nữa", delay=5)
    first.page.locator(".oss-saving[data-state=failed]").wait_for()
    first.look("typed-late")


@BOTH
def test_the_pin_opens_what_the_slip_does_not(portal, visit, paper, mailbox, language, size):
    dossier = file_online(visit(language, DESKTOP, portal.cast.citizen), paper)
    cache.clear()
    anybody = visit(language, size)
    anybody.open(f"/track/{dossier.code}/")
    assert anybody.page.locator(".moj-timeline, .oss-timeline").count() == 0
    anybody.send("main form button[name=send]")
    anybody.look("pin-sent")
    deliver()
    pin = next(pin for _to, mail in mailbox.taken if dossier.code in mail["subject"] for pin in pins(mail))
    anybody.page.fill("#id_pin", "12")
    anybody.send("main form button:not([name])")
    assert anybody.page.locator(".govuk-error-summary").count() == 1
    anybody.look("pin-wrong")
    anybody.page.fill("#id_pin", pin)
    anybody.page.press("#id_pin", "Enter")
    anybody.page.wait_for_url(f"**/track/{dossier.code}/")
    anybody.look("pin-opened")
    assert anybody.page.locator(".moj-timeline, .oss-timeline").count() == 1


def pins(mail: EmailMessage) -> list[str]:
    """The PINs that a mail tells; journeys before this one left mails of their own to send."""
    return [word for word in mail.get_content().split() if word.isdigit() and len(word) == 6]


def deliver() -> None:
    """What the workers do."""

    def work() -> None:
        outbox.dispatch_messages(at=timezone.now(), limit=10_000)
        delivery.send_due(at=timezone.now(), limit=10_000, budget=TimeBudget(600, share=600))

    committed(work)


def test_a_scan_at_the_counter_goes_with_the_dossier(portal, visit, paper):
    cast, me = portal.cast, visit("vi", DESKTOP, portal.cast.counter)
    me.open(intake_page(PROCEDURE, cast.stranger.person))
    send_file(me, "tbody tr:nth-child(1) input[type=file]", paper)
    me.look("intake-scan")
    assert me.page.locator(".oss-slot__file").count() == 1
    me.press("j", "Space", "j", "Space", "F9")
    me.page.wait_for_url("**/desk/done/**")
    dossier = Dossier.objects.get(code=me.path.split("/")[3])
    assert dossier.documents.get(file__isnull=False).file.owner == dossier.reference
