"""A whole stack at the counter by keyboard, and a paper photographed with a telephone, page after page."""

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from digitization.models import BatchPart
from dossiers.filing import drafts
from dossiers.letters import aids
from dossiers.models import Dossier
from procedures.models import Edition
from tests.factories.dossiers import received
from tests.factories.scans import drawn, encoded, scanned_pdf
from tests.journeys.steps import committed, read_all, send_file
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def edition() -> Edition:
    return Edition.objects.get(procedure__code="1.013228", status="published")


def printed(content: bytes) -> list:
    """Pages of a printed sheet as a scanner sees them."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=120 / 72, grayscale=True).to_pil().convert("L") for page in document]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stack_of_three_dossiers_is_placed_without_a_hand(portal, visit, language, tmp_path):
    cast, now = portal.cast, timezone.now()
    made = committed(lambda: [received(cast, edition(), now, key=f"stack-{language}-{n}") for n in range(3)])
    pages, wanted = [], {}
    for number, dossier in enumerate(made):
        cover, separator, *_others = printed(aids.cover(dossier, at=now, with_separators=True))
        pages += [cover, separator, drawn([f"Giấy số {number} của bà Nguyễn Thị Hằng", "Đường Vạn An"], dpi=120)]
        line = next(line for line in dossier.documents.order_by("position") if line.originals or line.copies)
        wanted[dossier.reference] = str(line.pk)
    (tmp_path / "xap.pdf").write_bytes(scanned_pdf(*pages))
    me = visit(language, DESKTOP, cast.counter)
    page = me.page
    # Somebody listens from the start: a listener that comes with the key itself may come after the chooser.
    page.on("filechooser", lambda _chooser: None)
    me.open("/desk/scans/")
    page.evaluate("addEventListener('oss:uploaded', () => console.log('oss:uploaded'), { once: true })")
    page.focus("main input[type=file]")
    with page.expect_file_chooser() as asked:
        me.press("Enter")
    with page.expect_event("console", lambda said: said.text == "oss:uploaded"):
        asked.value.set_files(tmp_path / "xap.pdf")
    page.wait_for_load_state("networkidle")
    read_all()
    parts = BatchPart.objects.filter(batch__file__name="xap.pdf", owner__in=wanted)
    assert {part.owner: part.key for part in parts} == wanted
    assert {part.state for part in parts} == {BatchPart.State.PLACED}
    me.open("/desk/scans/")
    me.look("stack-placed")
    read_all()
    me.open("/desk/search/")
    page.fill("main input[name=q]", "nguyen thi hang van an")
    with page.expect_navigation():
        me.press("Enter")
    found = page.inner_text("main")
    assert all(dossier.code in found for dossier in made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_photographed_with_a_telephone_become_one_paper(portal, chromium, visit, language, tmp_path):
    cast = portal.cast
    filed = Edition.objects.get(procedure__code=PROCEDURE, status="published")
    draft = committed(
        lambda: drafts.start_draft(filed, cast.citizen.person, key=f"camera-{language}", at=timezone.now())
    )
    me = visit(language, PHONE, cast.citizen)
    known = me.context.cookies()
    chromium.close_context(me.context)
    me.context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    me.context.set_default_timeout(60_000)
    me.context.add_cookies(known)
    me.context.grant_permissions(["camera"])
    me.page = me.context.new_page()
    me.open(f"/my/dossiers/{draft.uid}/file/documents/")
    me.page.locator("[data-upload-camera]").first.wait_for()
    for number in (1, 2):
        shot = tmp_path / f"anh-{number}.jpg"
        shot.write_bytes(encoded(drawn([f"Trang {number}"], dpi=72, mode="RGB"), "JPEG"))
        send_file(me, "main [data-upload-camera] input >> nth=0", shot)
    me.look("photographed")
    me.send("button[formaction$='/join/']")
    me.look("photographed-joined")
    lines = Dossier.objects.get(pk=draft.pk).documents.exclude(file=None)
    (file,) = lines.get().files
    assert file.media_type == "application/pdf"
    # The camera in the page: three pages, one of them given up, sent as one file to the second paper.
    page = me.page
    page.locator("[data-upload-photograph] button").nth(1).click()
    for number in (1, 2, 3):
        page.locator("[data-camera-take]").click()
        page.locator(".oss-camera__pages li").nth(number - 1).wait_for()
    page.locator(".oss-camera__pages li button").nth(1).click()
    me.look("camera-in-the-page")
    with page.expect_event("console", lambda said: said.text == "oss:uploaded"):
        page.evaluate("addEventListener('oss:uploaded', () => console.log('oss:uploaded'), { once: true })")
        page.locator("[data-camera-send]").click()
    assert page.locator(".oss-camera").count() == 0
    (taken,) = lines.exclude(file=file).get().files
    with default_storage.open(taken.storage_name) as opened, pypdfium2.PdfDocument(opened.read()) as document:
        sizes = [tuple(round(side) for side in document[n].get_size()) for n in range(len(document))]
    assert sizes == [(842, 474)] * 2 or sizes == [(842, 631)] * 2  # the make-believe camera is 16:9 or 4:3
