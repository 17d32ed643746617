"""Stacks at the counter: sent and split, one paper dragged to its place, the next one placed by keyboard."""

import pytest

from digitization.models import BatchPart
from dossiers.models import Dossier
from tests.factories.desk import intake_page
from tests.factories.scans import drawn, scanned_pdf
from tests.journeys.steps import read_all, send_file
from tests.journeys.visitor import DESKTOP, LANGUAGES, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_of_the_tray_are_dragged_and_placed_by_keyboard(portal, visit, language, tmp_path):
    me = visit(language, DESKTOP, portal.cast.counter)
    page = me.page
    me.open(intake_page(PROCEDURE, portal.cast.stranger.person))
    me.press("j", "Space", "j", "Space", "F9")
    page.wait_for_url("**/desk/done/**")
    dossier = Dossier.objects.get(code=me.path.split("/")[3])
    first, second = dossier.documents.exclude(originals=0).order_by("position")[:2]
    for name, content in (("a", scanned_pdf(drawn([first.name], dpi=100))), ("b", scanned_pdf(drawn(["x"], dpi=100)))):
        (tmp_path / f"{name}.pdf").write_bytes(content)
    for name in ("b", "a"):
        me.open("/desk/scans/")
        send_file(me, "main input[type=file]", tmp_path / f"{name}.pdf")
    read_all()
    tray = BatchPart.objects.filter(state=BatchPart.State.TRAY)
    dragged = tray.get(batch__file__name="a.pdf")
    typed = tray.get(batch__file__name="b.pdf")
    me.open(f"/desk/scans/?code={dossier.code}")
    me.look("tray")
    assert page.input_value(f"#paper-{dragged.pk}") == str(first.pk)  # its first page says so
    with page.expect_navigation():
        page.locator(f"#part-{dragged.pk} td").first.drag_to(page.locator(f"[data-place-paper='{second.pk}']"))
    me.look("tray-dragged")
    page.focus(f"#paper-{typed.pk}")
    me.press("End", "ArrowUp")
    chosen = page.input_value(f"#paper-{typed.pk}")
    with page.expect_navigation():
        me.press("Tab", "Enter")
    dragged.refresh_from_db()
    typed.refresh_from_db()
    assert (dragged.owner, dragged.key) == (dossier.reference, str(second.pk))
    assert (typed.owner, typed.key) == (dossier.reference, chosen)
