"""A real worker on the scan queue, killed in the middle of a file."""

import time

import psutil
import pytest
from django.utils import timezone

from digitization import scans, tasks, uploads
from digitization.models import Derivative, Scan
from journal import outbox
from tests.factories.scans import drawn, scanned_pdf, sent_file
from tests.factories.workers import Workers, kill_worker

# Of the test as a whole, on a machine that does much else besides; nothing in it waits for a time of its own.
LIMIT_SECONDS = 900
OF_SCANS = ("--queues=scan,urgent", "--concurrency=2")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Stored where a worker with this test's data folder looks."""
    folder = tmp_path / "media"
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    store["OPTIONS"] = {"location": str(folder), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    return folder


@pytest.fixture
def workers(transactional_db, tmp_path):
    started = Workers(tmp_path)
    yield started
    started.stop()


def wait_for(condition, worker, logs):
    """Waits as long as the worker lives: how fast it is depends on what else the machine does."""
    while worker.poll() is None:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(f"the worker ended by itself: {logs()}")


@pytest.mark.timeout(LIMIT_SECONDS)
def test_killed_worker_loses_nothing_and_does_nothing_twice(workers, owner, actor, media):
    def scan():
        return Scan.objects.get(pk=file.pk)

    data = scanned_pdf(*[drawn() for _ in range(4)])
    file = uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    scans.queue_scan(file)

    first = workers.start(*OF_SCANS)
    wait_for(lambda: scan().stage == "recognising" and scan().heartbeat_at, first, workers.logs)
    programs = kill_worker(first, spared="digitization.ocr")
    assert programs
    _gone, alive = psutil.wait_procs(programs, timeout=LIMIT_SECONDS)
    assert alive == []
    interrupted = scan()
    assert (interrupted.state, interrupted.attempts) == (Scan.State.RUNNING, 1)
    assert not Derivative.objects.exists()

    later = timezone.now() + scans.DEAD_AFTER
    assert scans.sweep_scans(later) == 1
    outbox.dispatch_messages(at=later)
    next_one = workers.start(*OF_SCANS)
    wait_for(lambda: scan().state == Scan.State.READY, next_one, workers.logs)
    done = scan()
    assert (done.attempts, done.pages) == (2, 4)
    assert done.text.count("Trần Đức Phương") == 4
    assert Derivative.objects.filter(file=file).count() == 5
    with (media / file.storage_name).open("rb") as original:
        assert original.read() == data

    # The message of the dead worker comes back as well; then nothing happens.
    before = done.finished_at
    tasks.process.delay(str(file.pk))
    second = uploads.store_file(sent_file(scanned_pdf(drawn(["Tệp sau"]))), "b.pdf", owner, actor)
    scans.queue_scan(second)
    wait_for(lambda: Scan.objects.get(pk=second.pk).state == Scan.State.READY, next_one, workers.logs)
    assert (scan().attempts, scan().finished_at) == (2, before)
