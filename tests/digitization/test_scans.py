"""The scan chain with the real Tesseract and its Vietnamese model."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from digitization import cards, kinds, pipeline, scans, uploads
from digitization.handover import Unreadable
from digitization.models import Derivative, Scan, ScanPage, StoredFile
from digitization.recognition import Crashed, Recognised
from digitization.signals import document_parked, document_ready
from journal.models import Entry, OutboxMessage
from tests.factories.scans import drawn, encoded, office_file, scanned_pdf, sent_file, written_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready_signals():
    seen = []

    def receive(sender, file, **_):
        seen.append(file.pk)

    document_ready.connect(receive)
    yield seen
    document_ready.disconnect(receive)


@pytest.fixture
def stored(owner, actor):
    def make(content):
        file = uploads.store_file(sent_file(content), "giay-to", owner, actor)
        scans.queue_scan(file)
        return file

    return make


def read(file):
    scans.process_scan(str(file.pk))
    return Scan.objects.get(pk=file.pk)


def test_scanned_pages_become_searchable(stored, ready_signals):
    data = scanned_pdf(drawn(), drawn(["Trang hai: Giấy chứng sinh"], skew=3), drawn(turned=180))
    file = stored(data)
    scan = read(file)
    assert (scan.state, scan.pages, scan.pages_done, scan.attempts) == (Scan.State.READY, 3, 3, 1)
    first, second, third = scan.text.split("\f")
    assert "Trần Đức Phương" in first
    assert "Giấy chứng sinh" in second
    assert "Trần Đức Phương" in third
    assert ready_signals == [file.pk]
    # Found without accents, by words in any order; not by a word that is not there.
    assert list(StoredFile.objects.with_words("ubnd")) == []
    assert list(StoredFile.objects.with_words("phuong tran duc")) == [file]
    assert list(StoredFile.objects.with_words("GIẤY CHỨNG SINH")) == [file]

    made = file.derivatives.get(kind=Derivative.Kind.PDFA)
    with default_storage.open(made.storage_name) as opened, pikepdf.open(opened) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert len(pdf.pages) == 3
    thumbnails = file.derivatives.filter(kind=Derivative.Kind.THUMBNAIL).order_by("page")
    assert [thumbnail.page for thumbnail in thumbnails] == [1, 2, 3]
    with default_storage.open(thumbnails[0].storage_name) as opened, Image.open(opened) as image:
        assert image.format == "PNG"
        assert abs(image.width - 240) <= 1

    file.refresh_from_db()
    with default_storage.open(file.storage_name) as opened:
        assert opened.read() == data
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_the_same_content_is_read_once(stored, ready_signals, monkeypatch):
    """A document used again, or a paper sent twice, has its text and copy at once; erasing one leaves the other's."""
    content = scanned_pdf(drawn())
    first, second = stored(content), stored(content)
    known = read(first)
    monkeypatch.setattr(pipeline, "recognise_pages", None)  # would fail
    again = read(second)
    assert (again.state, again.text, again.facts, again.pages) == (Scan.State.READY, known.text, known.facts, 1)
    assert ready_signals == [first.pk, second.pk]
    assert list(again.page_findings.values("number", "text")) == list(known.page_findings.values("number", "text"))
    shared = set(first.derivatives.values_list("kind", "page", "storage_name"))
    assert set(second.derivatives.values_list("kind", "page", "storage_name")) == shared
    uploads.erase_files([first.pk], timezone.now())
    assert all(default_storage.exists(name) for _kind, _page, name in shared)
    uploads.erase_files([second.pk], timezone.now())
    assert not any(default_storage.exists(name) for _kind, _page, name in shared)


@pytest.mark.parametrize("readable", [True, False])
def test_the_same_content_on_the_queue_twice_is_read_one_at_a_time(stored, monkeypatch, readable):
    """Another worker that comes meanwhile leaves its file alone; it is called when the first has ended, however."""
    content = written_pdf("Đơn")
    first, second, third = stored(content), stored(content), stored(content)
    reads = []

    def meanwhile(*args):
        reads.append(args)
        for other in (second, third):
            scans.process_scan(str(other.pk))
        if not readable:
            raise Unreadable("broken")
        return _instead_of_reading(*args)

    def calls(file):
        return OutboxMessage.objects.filter(topic="scan", payload__file=str(file.pk)).count()

    monkeypatch.setattr(pipeline, "recognise_pages", meanwhile)
    assert read(first).state == (Scan.State.READY if readable else Scan.State.PARKED)
    assert set(Scan.objects.exclude(pk=first.pk).values_list("state", "attempts")) == {(Scan.State.QUEUED, 0)}
    assert len(reads) == 1
    # All of them are called when there is a reading to take, or else the next.
    assert (calls(second), calls(third)) == (2, 2 if readable else 1)
    monkeypatch.setattr(pipeline, "recognise_pages", None if readable else meanwhile)
    assert {read(second).state, read(third).state} == {Scan.State.READY if readable else Scan.State.PARKED}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_take_the_same_content_at_once_read_it_once(stored, monkeypatch):
    content = written_pdf("Đơn")
    files = [stored(content), stored(content)]
    reads, begin, one_is_back = [], threading.Barrier(2), threading.Event()

    def held(*args):
        reads.append(args)
        one_is_back.wait(20)  # longer only when both read
        return _instead_of_reading(*args)

    def work(file):
        begin.wait(60)
        try:
            scans.process_scan(str(file.pk))
        finally:
            one_is_back.set()
            connection.close()

    monkeypatch.setattr(pipeline, "recognise_pages", held)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, files))
    for file in files:
        read(file)
    assert len(reads) == 1
    assert set(Scan.objects.values_list("state", flat=True)) == {Scan.State.READY}


def test_written_text_is_kept_as_it_is(stored):
    scan = read(stored(written_pdf("Số định danh cá nhân 001190012345 của Nguyễn Thị Hằng")))
    assert scan.state == Scan.State.READY
    assert "Số định danh cá nhân 001190012345 của Nguyễn Thị Hằng" in scan.text


@pytest.mark.parametrize(
    "content",
    [
        lambda: encoded(drawn(mode="RGBA")),
        lambda: encoded(drawn().convert("CMYK"), "JPEG"),
        lambda: encoded(
            drawn().convert("1"), "TIFF", compression="group4", save_all=True, append_images=[drawn().convert("1")]
        ),
        lambda: encoded(drawn(mode="RGB"), "JPEG", dpi=(72, 72)),
    ],
    ids=["transparent", "cmyk", "fax", "telephone"],
)
def test_pictures_of_every_kind(stored, content):
    scan = read(stored(content()))
    assert scan.state == Scan.State.READY
    assert "tran duc phuong" in scan.text_folded


def test_blank_page_is_ready_without_text(stored):
    scan = read(stored(encoded(drawn([]))))
    assert (scan.state, scan.text_folded) == (Scan.State.READY, "")


def test_office_documents_are_not_scanned(owner, actor):
    file = uploads.store_file(sent_file(office_file()), "a.docx", owner, actor)
    assert scans.queue_scan(file) is None
    assert not Scan.objects.exists()
    assert cards.read_card(file)["state"] == ""


def test_queuing_is_recorded_once_and_in_the_transaction(stored):
    file = stored(written_pdf("Đơn"))
    scans.queue_scan(file)
    assert OutboxMessage.objects.filter(topic="scan", payload__file=str(file.pk)).count() == 1


def test_too_many_pages_are_parked_with_the_reason(stored, settings):
    settings.SCAN_MOST_PAGES = 1
    told = []

    def receive(sender, file, reason, **_):
        told.append((file.pk, reason))

    document_parked.connect(receive)
    file = stored(written_pdf("Một", "Hai"))
    scan = read(file)
    document_parked.disconnect(receive)
    assert (scan.state, scan.reason) == (Scan.State.PARKED, "too_many_pages")
    assert told == [(file.pk, "too_many_pages")]
    assert cards.read_card(StoredFile.objects.get(pk=file.pk))["reason"] == scans.REASONS["too_many_pages"]
    settings.SCAN_MOST_PAGES = 500
    scans.queue_scan(file)
    assert read(file).state == Scan.State.READY


def test_damaged_inside_is_parked(stored, monkeypatch):
    monkeypatch.setattr(kinds, "_PROOFS", {**kinds._PROOFS, kinds.TIFF: lambda path: None})
    whole = encoded(drawn(mode="RGB"), "TIFF", compression="tiff_lzw")
    scan = read(stored(whole[:200] + b"\xff" * (len(whole) - 400) + whole[-200:]))
    assert (scan.state, scan.reason) == (Scan.State.PARKED, "broken")


def test_crashes_are_tried_again_three_times_then_parked(stored, monkeypatch):
    def crash(*_args):
        raise Crashed("signal 11")

    monkeypatch.setattr(pipeline, "recognise_pages", crash)
    file = stored(written_pdf("Đơn"))
    states = [(read(file).state, read(file).state)[0] for _ in range(1)]
    assert states == [Scan.State.QUEUED]
    scan = Scan.objects.get(pk=file.pk)
    while scan.state == Scan.State.QUEUED:
        scan = read(file)
    assert (scan.state, scan.reason, scan.attempts) == (Scan.State.PARKED, "failed", scans.MOST_ATTEMPTS)


def test_program_that_dies_is_a_crash_and_not_a_result(stored, monkeypatch, settings):
    settings.SCAN_JOBS = "not a number"
    file = stored(written_pdf("Đơn"))
    assert read(file).state == Scan.State.QUEUED


def test_program_that_takes_too_long_is_parked(stored, monkeypatch):
    from digitization import recognition

    monkeypatch.setattr(recognition, "START_SECONDS", 0)
    monkeypatch.setattr(recognition, "SECONDS_A_PAGE", 0)
    scan = read(stored(encoded(drawn())))
    assert (scan.state, scan.reason) == (Scan.State.PARKED, "timeout")


def test_next_attempt_goes_on_behind_the_pages_already_read(stored, monkeypatch):
    file = stored(scanned_pdf(drawn(), drawn(["Trang hai: Giấy chứng sinh"])))
    real, told = pipeline.recognise_pages, []

    def cut_off(source, media_type, folder, on_progress, on_page, known):
        def after_a_page(number, packed):
            on_page(number, packed)
            raise Crashed("the machine was switched off")

        return real(source, media_type, folder, on_progress, after_a_page, known)

    monkeypatch.setattr(pipeline, "recognise_pages", cut_off)
    assert read(file).state == Scan.State.QUEUED
    kept = set(ScanPage.objects.filter(scan_id=file.pk, packed__isnull=False).values_list("number", flat=True))
    assert kept

    def watched(source, media_type, folder, on_progress, on_page, known):
        return real(
            source, media_type, folder, on_progress, lambda *page: told.append(page[0]) or on_page(*page), known
        )

    monkeypatch.setattr(pipeline, "recognise_pages", watched)
    scan = read(file)
    assert scan.state == Scan.State.READY
    assert set(told) == {1, 2} - kept
    assert "Trần Đức Phương" in scan.text
    assert "Giấy chứng sinh" in scan.text


def test_only_one_worker_reads_a_file(stored, monkeypatch):
    file = stored(written_pdf("Đơn"))
    inner = []

    def second_worker_comes(*_args):
        inner.append(scans._claim(str(file.pk), timezone.now()))
        raise Crashed("enough")

    monkeypatch.setattr(pipeline, "recognise_pages", second_worker_comes)
    scans.process_scan(str(file.pk))
    assert inner == [None]


def test_worker_that_comes_back_from_the_dead_spoils_nothing(stored, monkeypatch, ready_signals):
    file = stored(written_pdf("Đơn xin"))
    real = pipeline.recognise_pages

    def slow(*args):
        found = real(*args)
        monkeypatch.setattr(pipeline, "recognise_pages", real)
        late = timezone.now() + scans.DEAD_AFTER + timedelta(seconds=1)
        assert scans.sweep_scans(late) == 1
        scans.process_scan(str(file.pk))
        return found

    monkeypatch.setattr(pipeline, "recognise_pages", slow)
    scans.process_scan(str(file.pk))
    scan = Scan.objects.get(pk=file.pk)
    assert (scan.state, scan.attempts) == (Scan.State.READY, 2)
    assert ready_signals == [file.pk]
    names = set(file.derivatives.values_list("storage_name", flat=True))
    assert {f"derived/{file.pk}/{n}" for n in default_storage.listdir(f"derived/{file.pk}")[1]} == names


def test_receiver_that_fails_leaves_the_scan_to_be_done_again(stored):
    def fail(**_):
        raise RuntimeError("search is away")

    document_ready.connect(fail)
    file = stored(written_pdf("Đơn"))
    scan = read(file)
    document_ready.disconnect(fail)
    assert scan.state == Scan.State.QUEUED
    assert not file.derivatives.exists()
    assert read(file).state == Scan.State.READY


def test_sweep_leaves_the_living_and_the_waiting_alone(stored):
    file = stored(written_pdf("Đơn"))
    now = timezone.now()
    assert scans.sweep_scans(now) == 0
    assert scans._claim(str(file.pk), now) == 1
    assert scans.sweep_scans(now + scans.DEAD_AFTER / 2) == 0
    assert scans.sweep_scans(now + scans.DEAD_AFTER * 2) == 1
    assert scans.sweep_scans(now + scans.DEAD_AFTER * 2) == 0
    assert scans.sweep_scans(now + scans.DEAD_AFTER * 2 + scans.LOST_AFTER * 2) == 1


def test_progress_is_written_page_by_page(stored, monkeypatch):
    file = stored(scanned_pdf(drawn(), drawn()))
    seen = []
    real = pipeline.recognise_pages

    def watched(source, media_type, folder, on_progress, on_page, known):
        def both(stage, done, pages):
            on_progress(stage, done, pages)
            seen.append(tuple(Scan.objects.values_list("stage", "pages_done", "pages").get(pk=file.pk)))

        return real(source, media_type, folder, both, on_page, known)

    monkeypatch.setattr(pipeline, "recognise_pages", watched)
    read(file)
    assert seen[0][0] == "checking"
    assert ("recognising", 1, 2) in seen
    assert seen[-1] == ("storing", 2, 2)
    pages = ScanPage.objects.filter(scan_id=file.pk).order_by("number").values_list("number", "source")
    assert list(pages) == [(1, "read"), (2, "read")]
    assert not ScanPage.objects.filter(packed__isnull=False).exists()


@pytest.mark.parametrize("step", pipeline.STEPS, ids=lambda step: type(step).__name__)
@pytest.mark.parametrize("killed", ["before", "behind"])
def test_worker_killed_at_any_step_leaves_nothing_half_done(stored, monkeypatch, ready_signals, step, killed):
    """Killed: nothing clears up, and whoever comes after the worker was taken for dead does the rest."""
    monkeypatch.setattr(pipeline, "recognise_pages", _instead_of_reading)
    file = stored(written_pdf("Đơn"))
    real_run, real_clean_ups = step.run, {each: each.clean_up for each in pipeline.STEPS}

    def die(work):
        if killed == "behind":
            real_run(work)
        raise SystemExit

    with monkeypatch.context() as patched:
        for each in pipeline.STEPS:
            patched.setattr(each, "clean_up", lambda work: None)
        patched.setattr(step, "run", die)
        with pytest.raises(SystemExit):
            scans.process_scan(str(file.pk))
    assert all(each.clean_up == clean_up for each, clean_up in real_clean_ups.items())
    late = timezone.now() + scans.DEAD_AFTER * 2
    done = isinstance(step, pipeline.Register) and killed == "behind"
    assert scans.sweep_scans(late) == (0 if done else 1)
    scans.process_scan(str(file.pk))
    assert Scan.objects.get(pk=file.pk).state == Scan.State.READY
    assert ready_signals == [file.pk]
    names = set(file.derivatives.values_list("storage_name", flat=True))
    assert {f"derived/{file.pk}/{n}" for n in default_storage.listdir(f"derived/{file.pk}")[1]} == names


def _instead_of_reading(source, media_type, folder, on_progress, on_page, known):
    """What the program of pages would have found; it has tests of its own."""
    searchable, thumbnail = folder / "copy.pdf", folder / "page.png"
    searchable.write_bytes(source.read_bytes())
    thumbnail.write_bytes(encoded(Image.new("L", (5, 5))))
    return Recognised(1, True, ["Số: 12/GP-UBND"], {"form": [], "signatures": []}, [], searchable, [thumbnail])


def test_a_failed_attempt_takes_back_what_it_stored(stored, monkeypatch):
    monkeypatch.setattr(pipeline, "recognise_pages", _instead_of_reading)
    file = stored(written_pdf("Đơn"))

    def fail(**_):
        raise RuntimeError("search is away")

    document_ready.connect(fail)
    assert read(file).state == Scan.State.QUEUED
    document_ready.disconnect(fail)
    assert default_storage.listdir(f"derived/{file.pk}")[1] == []
    assert read(file).facts["proposed"] == {"number": "12/GP-UBND"}


def test_a_parked_file_is_used_as_it_came_once_a_person_says_so(stored, monkeypatch, actor):
    file = stored(written_pdf("Đơn"))
    assert not scans.skip_parked(file, "dossier:x", actor, timezone.now())
    Scan.objects.filter(pk=file.pk).update(state=Scan.State.PARKED, reason="timeout")
    assert scans.skip_parked(file, "dossier:x", actor, timezone.now())
    assert not scans.retry_parked(file, "dossier:x", actor)
    assert read(file).state == Scan.State.SKIPPED
    assert scans.sweep_scans(timezone.now() + timedelta(days=1)) == 0
    assert Entry.objects.get(verb="scan_skipped").changes["reason"] == "timeout"
