"""Pages of a scan are put in order, turned, left out and replaced in a new version; the old one stays."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from reportlab.pdfgen.canvas import Canvas

from digitization import batches, page_edits, uploads
from digitization.models import RegisteredDocument, Scan, ScanPage, StoredFile
from dossiers.lifecycle import execute_transition
from dossiers.models import DossierDocument
from journal.models import Entry
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import drawn, encoded

MORNING = at("2026-11-23 09:10")


def pages_of(file):
    """(width, turn) of each page."""
    with default_storage.open(file.storage_name) as opened, pikepdf.open(BytesIO(opened.read())) as pdf:
        return [(float(page.mediabox[2]), int(page.get("/Rotate", 0))) for page in pdf.pages]


@pytest.fixture
def line(cast, edition):
    """A paper whose file has three pages of 100, 200 and 300 points, the second blank."""
    dossier = received(cast, edition, MORNING, limit_days="5")
    out = BytesIO()
    with pikepdf.new() as pdf:
        for width in (100, 200, 300):
            pdf.add_blank_page(page_size=(width, 400))
        pdf.save(out)
    file = uploads.store_file(ContentFile(out.getvalue(), name="a.pdf"), "a.pdf", dossier.reference, cast.counter)
    paper = dossier.documents.filter(kind=DossierDocument.Kind.COMPONENT).order_by("position").first()
    execute_transition(dossier, "add_scan", cast.counter, at=MORNING, scan=file, paper=str(paper.pk))
    scan = Scan.objects.create(file=file, state=Scan.State.READY, pages=3)
    ScanPage.objects.create(scan=scan, number=2, source="blank", confidence=0, quality="none")
    paper.refresh_from_db()
    return paper


def act(client, cast, line, **form):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    return client.post(reverse("dossier-file-pages", args=[line.dossier.code, line.file_id]), form)


def test_order_turn_and_a_page_left_out(client, cast, line):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-file-pages", args=[line.dossier.code, line.file_id])
    assert address in client.get(reverse("dossier", args=[line.dossier.code])).content.decode()
    assert 'name="without-blank"' in client.get(address).content.decode()
    old = line.file
    assert act(client, cast, line, **{"place-1": "3", "turn-3": "90", "out-2": "on"}).status_code == 302
    line.refresh_from_db()
    assert pages_of(line.file) == [(300.0, 90), (100.0, 0)]
    assert line.file.version_of == old
    assert pages_of(old) == [(100.0, 0), (200.0, 0), (300.0, 0)]
    assert RegisteredDocument.objects.get().file == line.file
    event = line.dossier.events.get(action="edit_pages")
    assert event.facts["papers"][0]["was"] == str(old.pk)


def test_blank_pages_at_once_and_a_page_replaced_by_a_photograph(client, cast, line):
    picture = SimpleUploadedFile("p.png", encoded(drawn()), "image/png")
    assert act(client, cast, line, **{"without-blank": "1", "instead-1": picture}).status_code == 302
    line.refresh_from_db()
    made = pages_of(line.file)
    assert len(made) == 2
    assert made[0][0] not in (100.0, 200.0)
    assert made[1] == (300.0, 0)


def filled_form():
    out = BytesIO()
    canvas = Canvas(out, pagesize=(300, 100))
    canvas.acroForm.textfield(name="ho_ten", x=20, y=40, width=200, height=20, value="NGUYEN VAN THU")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def text_of(content):
    """What is drawn on the first page itself, outside of any form."""
    with pypdfium2.PdfDocument(content) as document:
        return document[0].get_textpage().get_text_range()


def test_what_was_filled_into_a_form_stays_on_its_page_at_every_door(client, cast, line):
    """A page that is put into another file leaves the form behind (pikepdf 10.17), and PDFium draws none of it."""
    form = filled_form()
    assert "NGUYEN" not in text_of(form)
    file = uploads.store_file(ContentFile(form, name="f.pdf"), "f.pdf", line.dossier.reference, cast.counter)
    Scan.objects.create(file=file, state=Scan.State.READY, pages=1)
    version = page_edits.make_version(file, [page_edits.PageWanted(1)], cast.counter)
    made = {"cut from a stack": batches._pages_as_pdf(file, [1])}
    act(client, cast, line, **{"instead-1": SimpleUploadedFile("f.pdf", form, "application/pdf")})
    line.refresh_from_db()
    for door, stored in (("put in order", version), ("replaced", line.file)):
        with default_storage.open(stored.storage_name) as opened:
            made[door] = opened.read()
    assert {door for door, content in made.items() if "NGUYEN VAN THU" not in text_of(content)} == set()


def test_the_form_of_the_longest_scan_that_is_read_can_be_sent(client, cast, line, settings):
    fields = {
        f"{name}-{n}": "" for n in range(1, settings.SCAN_MOST_PAGES + 1) for name in ("place", "turn", "instead")
    }
    assert act(client, cast, line, **fields, **{"out-2": "on"}).status_code == 302
    line.refresh_from_db()
    assert [width for width, _turn in pages_of(line.file)] == [100.0, 300.0]


def test_nothing_left_a_signed_file_and_somebody_elses_dossier_are_refused(client, cast, line):
    out = {f"out-{number}": "on" for number in (1, 2, 3)}
    answer = act(client, cast, line, **out)
    assert answer.status_code == 422
    assert "ít nhất một trang" in answer.content.decode()
    client.force_login(cast.clerk.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-file-pages", args=[line.dossier.code, line.file_id])
    assert client.get(address).status_code == 404
    Scan.objects.filter(pk=line.file_id).update(facts={"signatures": [{"name": "a", "signed": True}]})
    assert act(client, cast, line).status_code == 404
    assert not StoredFile.objects.filter(version_of__isnull=False).exists()


def test_a_file_that_was_given_up_is_read_again_at_a_press(client, cast, line):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page, again = (
        reverse("dossier", args=[line.dossier.code]),
        reverse("dossier-file-again", args=[line.dossier.code, line.file_id]),
    )
    assert again not in client.get(page).content.decode()
    Scan.objects.filter(pk=line.file_id).update(state=Scan.State.PARKED, reason="timeout")
    assert again in client.get(page).content.decode()
    assert client.post(again).status_code == 302
    assert Scan.objects.get(pk=line.file_id).state == Scan.State.QUEUED
    entry = Entry.objects.get(verb="scan_again")
    assert (entry.subject, entry.changes["reason"]) == (line.dossier.reference, "timeout")
