"""A stack of papers scanned as one file: split at its sheets, filed by their codes, the rest placed by a person."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from digitization import batches, pipeline, scanners, scans, slots, uploads
from digitization.models import BatchPart, Scan, ScanBatch, ScanPage, StoredFile
from digitization.signals import upload_completed
from digitization.slots import Slot
from dossiers.letters import aids
from dossiers.models import DossierEvent
from dossiers.views.desk import scan_tray
from journal import outbox
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import PDF, drawn, scanned_pdf, sent_file

pytestmark = pytest.mark.django_db
MOMENT = at("2026-11-23 09:10")
SHEET = slots.SEPARATOR


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


def printed(content, dpi=120):
    """Pages of a printed sheet as a scanner sees them."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def paper(text):
    return drawn([text, "Nơi cư trú: số 31 đường Kinh Dương Vương"], dpi=120)


def stack_of(cast, *images):
    owner = batches.batch_owner(cast.counter.post.desk_id)
    file = uploads.store_file(sent_file(scanned_pdf(*images)), "xap.pdf", owner, cast.counter)
    upload_completed.send(sender=StoredFile, file=file, purpose="", actor=cast.counter)
    return file


def read_and_split(file):
    scans.process_scan(str(file.pk))
    outbox.dispatch_messages(at=MOMENT.replace(year=2030))
    return list(BatchPart.objects.filter(batch=file.pk).order_by("number"))


@pytest.fixture
def three(cast, edition):
    return [received(cast, edition, MOMENT, key=f"k{number}") for number in range(3)]


def test_stack_of_three_dossiers_is_placed_without_a_hand(cast, three, client, monkeypatch):
    images, wanted = [], []
    for number, dossier in enumerate(three):
        cover, *separators = printed(aids.cover(dossier, at=MOMENT, with_separators=True))
        lines = [line for line in dossier.documents.all() if line.originals or line.copies]
        images.append(cover)
        for separator, line in list(zip(separators, lines, strict=True))[:2]:
            images += [separator, paper(f"Hồ sơ thứ {number} của Trần Đức Phương")]
            wanted.append((dossier.reference, str(line.pk)))
    file = stack_of(cast, *images)
    parts = read_and_split(file)
    assert [(part.owner, part.key, part.state) for part in parts] == [(*place, "placed") for place in wanted]
    # Which dossier and which paper each part is, the desk sees; nothing is read a second time.
    client.force_login(cast.counter.account)
    page = client.get(reverse("desk-scans")).content.decode()
    lines = [line for dossier in three for line in dossier.documents.all()]
    names = {str(line.pk): line.name for line in lines}
    assert all(names[key] in page for _owner, key in wanted)
    assert not ScanPage.objects.filter(scan_id=file.pk, packed__isnull=False).exists()
    read_again, real = [], pipeline.recognise_pages
    monkeypatch.setattr(
        pipeline, "recognise_pages", lambda *args: real(*args[:4], lambda *page: read_again.append(page), args[5])
    )
    for dossier in three:
        scan = next(line.file for line in dossier.documents.all() if line.file_id)
        scans.process_scan(str(scan.pk))
        assert read_again == []
        assert "Trần Đức Phương" in Scan.objects.get(pk=scan.pk).text
        assert Scan.objects.get(pk=scan.pk).pages == 1
        event = DossierEvent.objects.filter(dossier=dossier, action="add_scan").first()
        assert event.facts["papers"][0]["scanned"] is True
        assert event.post_id == cast.counter.post.pk
    # Each dossier is found by a word of its papers, typed without accents.
    assert set(StoredFile.objects.with_words("tran duc phuong").values_list("owner", flat=True)) >= {
        dossier.reference for dossier in three
    }
    # Splitting again files nothing twice.
    before = BatchPart.objects.count()
    batches.split_batch(file, MOMENT)
    assert BatchPart.objects.count() == before


def test_second_scan_of_a_paper_stands_beside_the_first(cast, three):
    line = three[0].documents.exclude(originals=0).first()
    for text in ("Trang một", "Trang hai"):
        [part] = read_and_split(stack_of(cast, paper(text)))
        batches.place_part(part, Slot(three[0].reference, str(line.pk)), cast.counter, MOMENT)
    assert three[0].documents.filter(name=line.name, file__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("pages", "parts"),
    [
        ([(1, [], False), (2, [], False)], [("", [1, 2])]),
        ([(1, [SHEET], False), (2, [], False), (3, [SHEET], False), (4, [], False)], [("", [2]), ("", [4])]),
        ([(1, [SHEET], False), (2, [], True), (3, [], False), (4, [], True)], [("", [3, 4])]),
        ([(1, [SHEET], False)], []),
        ([(1, ["https://example.vn"], False)], [("", [1])]),
    ],
    ids=["no sheet", "separators", "backs", "sheet alone", "another code"],
)
def test_where_a_stack_is_cut(pages, parts):
    assert [(part.slot.owner, part.pages) for part in batches.split_pages(pages)] == parts


def test_separator_without_a_code_stays_with_its_cover(settings):
    token = slots.slot_token(Slot("dossier:x"))
    parts = batches.split_pages([(1, [token], False), (2, [], False), (3, [slots.SEPARATOR], False), (4, [], False)])
    assert [(part.slot, part.pages) for part in parts] == [(Slot("dossier:x"), [2]), (Slot("dossier:x"), [4])]


def test_code_printed_elsewhere_places_nothing(cast):
    forged = "OSSP1|dossier:00000000-0000-0000-0000-000000000000|7|0123456789abcdef0123"
    [part] = batches.split_pages([(1, [forged], False), (2, [], False)])
    assert part.slot == Slot("")


def test_paper_that_nobody_placed_waits_in_the_tray_and_is_placed_by_keyboard(cast, three, client):
    dossier = three[0]
    file = stack_of(cast, paper("Giấy tờ không có tờ ngăn"))
    [part] = read_and_split(file)
    assert part.state == BatchPart.State.TRAY
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("desk-scans")).content.decode()
    assert f"part-{part.pk}" in page
    assert reverse("file-page", args=[file.pk, 1]) in page
    place = reverse("desk-scan-place", args=[part.pk])
    wrong = client.post(place, {"code": "H05.0000"}, follow=True)
    assert "Không tìm thấy hồ sơ" in wrong.content.decode()
    found = client.post(place, {"code": dossier.code}, follow=True).content.decode()
    line = dossier.documents.exclude(originals=0).first()
    assert f'<option value="{line.pk}">' in found
    client.post(place, {"code": dossier.code, "paper": line.pk})
    part.refresh_from_db()
    line.refresh_from_db()
    assert (part.state, part.owner) == (BatchPart.State.PLACED, dossier.reference)
    assert line.file == part.file
    again = client.post(place, {"code": dossier.code, "paper": line.pk}, follow=True)
    assert "đã được xếp" in again.content.decode()


def test_old_papers_of_the_tray_are_found_and_many_cost_no_more_queries(
    cast, three, client, django_assert_max_num_queries
):
    desk = cast.counter.post.desk_id
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")

    def stack(number, *states):
        row = uploads.store_file(sent_file(PDF), f"{number}.pdf", batches.batch_owner(desk), cast.counter)
        begun = MOMENT + timedelta(minutes=number)
        batch = ScanBatch.objects.create(
            file=row, desk_id=desk, post=cast.counter.post, begun_at=begun, split_at=MOMENT
        )
        for n, state in enumerate(states, start=1):
            owner = three[n % 3].reference
            file = uploads.store_file(sent_file(PDF), "x.pdf", owner, cast.counter) if state == "placed" else None
            BatchPart.objects.create(batch=batch, number=n, pages=[n], state=state, owner=owner, file=file)

    stack(0, "tray")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("desk-scans"))
    for number in range(1, scan_tray.A_PAGE + 1):
        stack(number, "placed", "placed", "discarded")
    stack(40, "tray", "tray", "tray")
    with django_assert_max_num_queries(len(few)):
        newest = client.get(reverse("desk-scans"))
    assert "?waiting=1" in newest.content.decode()
    assert "0.pdf" not in [each["batch"].file.name for each in newest.context["stacks"]]
    waiting = client.get(reverse("desk-scans"), {"waiting": "1"}).context["stacks"]
    assert [each["batch"].file.name for each in waiting] == ["40.pdf", "0.pdf"]


def test_paper_set_aside_stays_in_the_scanned_file(cast, client):
    [part] = read_and_split(stack_of(cast, paper("Tờ quảng cáo")))
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    client.post(reverse("desk-scan-place", args=[part.pk]), {"away": "1"})
    part.refresh_from_db()
    assert part.state == BatchPart.State.DISCARDED


def test_code_of_a_paper_that_the_dossier_lacks_leaves_it_in_the_tray_with_the_reason(cast, three):
    dossier = three[0]
    elsewhere = three[1].documents.exclude(originals=0).first()
    token = slots.slot_token(Slot(dossier.reference, str(elsewhere.pk)))
    import segno
    from PIL import Image

    stream = io.BytesIO()
    segno.make_qr(token).save(stream, kind="png", scale=6, border=4)
    code = Image.open(stream).convert("L")
    sheet = Image.new("L", (700, 990), 255)
    sheet.paste(code, (60, 60))
    [part] = read_and_split(stack_of(cast, sheet, paper("Đơn")))
    assert part.state == BatchPart.State.TRAY
    assert "không có giấy tờ này" in part.reason
    assert not dossier.documents.filter(file__isnull=False).exists()


def test_only_the_counter_of_the_desk_may_send_and_see_its_stacks(cast):
    owner = batches.batch_owner(cast.counter.post.desk_id)
    assert batches.may_use_batch(cast.counter, owner)
    assert not batches.may_use_batch(cast.counter, batches.batch_owner(cast.counter.post.desk_id + 1))
    assert not batches.may_use_batch(cast.officer, owner)
    assert not batches.may_use_batch(Actor(), owner)


def test_paper_of_a_stack_is_a_file_of_its_own(cast, three):
    file = stack_of(cast, paper("Trang một"), paper("Trang hai"))
    [part] = read_and_split(file)
    line = three[0].documents.exclude(originals=0).first()
    made = batches.place_part(part, Slot(three[0].reference, str(line.pk)), cast.counter, MOMENT)
    from django.core.files.storage import default_storage

    with default_storage.open(made.storage_name) as opened, pikepdf.open(opened) as pdf:
        assert len(pdf.pages) == 2
    assert made.owner == three[0].reference


# The door of network scanners


def dropped(client, token, content, **more):
    return client.post(
        reverse("file-drop", args=["quet.pdf"]),
        content,
        content_type="application/pdf",
        headers={"Authorization": f"Bearer {token}"},
        **more,
    )


@pytest.fixture
def token(cast):
    return scanners.issue_token(cast.counter.post, "Máy quét tầng 1", MOMENT)


def test_scanner_drops_a_stack_at_its_desk_and_only_once(cast, client, token):
    content = scanned_pdf(paper("Đơn"))
    assert dropped(client, token, content).status_code == 201
    assert dropped(client, token, content).status_code == 200
    [file] = StoredFile.objects.all()
    assert file.owner == batches.batch_owner(cast.counter.post.desk_id)
    assert file.batch.post == cast.counter.post
    assert read_and_split(file)[0].state == BatchPart.State.TRAY


def test_wrong_revoked_and_ended_tokens_open_nothing(cast, client, token):
    content = scanned_pdf(paper("Đơn"))
    assert dropped(client, "khong-dung", content).status_code == 401
    assert client.post(reverse("file-drop", args=["a.pdf"]), content, content_type="application/pdf").status_code == 401
    cast.counter.post.valid_to = MOMENT.date()
    cast.counter.post.valid_from = MOMENT.date()
    cast.counter.post.save()
    assert scanners.scanner_of(token, MOMENT.replace(year=2027)) is None
    cast.counter.post.valid_to = None
    cast.counter.post.save()
    assert scanners.scanner_of(token, MOMENT) is not None
    scanners.revoke_token(scanners.ScannerToken.objects.get().pk, cast.counter.post.desk_id, MOMENT)
    assert scanners.scanner_of(token, MOMENT) is None
    assert not StoredFile.objects.exists()


def test_what_is_no_scan_is_refused_with_a_sentence(cast, client, token, settings):
    answer = dropped(client, token, b"MZ no scan at all")
    assert (answer.status_code, answer.content.decode().endswith(".")) == (422, True)
    settings.UPLOAD_LIMIT_BYTES = 1000
    assert dropped(client, token, scanned_pdf(paper("Đơn"))).status_code == 413
    assert not StoredFile.objects.exists()


def test_token_is_made_and_taken_back_on_the_page(cast, client):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    said = client.post(reverse("desk-scanners"), {"name": "Máy tầng 2"}, follow=True).content.decode()
    assert "chỉ hiện một lần" in said
    made = scanners.ScannerToken.objects.get()
    assert made.sha256 not in said
    client.post(reverse("desk-scanners"), {"revoke": made.pk})
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_a_stack_that_cannot_be_read_is_read_again_or_placed_whole(cast, three, client):
    file = stack_of(cast, paper("Đơn"))
    Scan.objects.filter(pk=file.pk).update(state=Scan.State.PARKED, reason="timeout")
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    unread = reverse("desk-scan-unread", args=[file.pk])
    assert unread in client.get(reverse("desk-scans")).content.decode()
    client.post(unread)
    assert Scan.objects.get(pk=file.pk).state == Scan.State.QUEUED
    Scan.objects.filter(pk=file.pk).update(state=Scan.State.PARKED, reason="timeout")
    client.post(unread, {"skip": "1"})
    part = BatchPart.objects.get(batch=file.pk)
    line = three[0].documents.exclude(originals=0).first()
    page = client.get(reverse("desk-scans"), {"code": three[0].code}).content.decode()
    assert f'data-place-paper="{line.pk}"' in page
    client.post(reverse("desk-scan-place", args=[part.pk]), {"code": three[0].code, "paper": line.pk})
    line.refresh_from_db()
    assert (line.file.sha256, line.file.scan.state) == (file.sha256, Scan.State.SKIPPED)
    client.force_login(cast.stranger.account, backend="accounts.backends.AccountBackend")
    assert client.post(unread).status_code == 403


def test_the_tray_proposes_the_paper_that_the_first_page_names(cast, three, client):
    dossier = three[0]
    line = dossier.documents.exclude(originals=0).order_by("-position").first()
    file = stack_of(cast, paper("x"))
    BatchPart.objects.create(batch=file.batch, number=1, pages=[1])
    ScanPage.objects.create(scan_id=file.pk, number=1, source="read", confidence=0.9, text=line.name.upper())
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("desk-scans"), {"code": dossier.code}).content.decode()
    assert f'<option value="{line.pk}" selected>' in page
