"""A real worker on the scan queue, killed in the middle of a file."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from digitization import scans, tasks, uploads
from digitization.models import Derivative, Scan
from journal import outbox
from journal.roles import WEB
from tests.factories.scans import drawn, scanned_pdf, sent_file

PATIENCE = 150


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Stored where a worker with this test's data folder looks."""
    folder = tmp_path / "media"
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    store["OPTIONS"] = {"location": str(folder), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    return folder


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    """Starts workers that use this test's database and storage."""
    name = connection.settings_dict["NAME"]
    server = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(server._replace(path=f"/{name}", query=f"{server.query}&assume_role={WEB}".strip("&")))
    env = {**os.environ, "DATABASE_URL": address, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "celery", "-A", "oss_portal", "worker", "--queues=scan,urgent", "--concurrency=2"]
    started = []

    def start():
        log = (tmp_path / f"worker-{len(started)}.log").open("wb")
        worker = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", f"--hostname=kill{len(started)}-{os.getpid()}@%h"],
            cwd=settings.BASE_DIR,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            kill(worker)


def kill(worker):
    """SIGKILL for the worker and its pool, not for the OCR program: that must end by itself."""
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    ocr = [process for process in family if "digitization.ocr" in process.cmdline()]
    for process in family:
        if process not in ocr:
            process.kill()
    worker.wait()
    return ocr


def wait_for(condition, said):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(said() if callable(said) else said)


def test_killed_worker_loses_nothing_and_does_nothing_twice(start_worker, owner, actor, tmp_path, media):
    def logs():
        return "\n".join(Path(log).read_text()[-3000:] for log in sorted(tmp_path.glob("worker-*.log")))

    def scan():
        return Scan.objects.get(pk=file.pk)

    data = scanned_pdf(*[drawn() for _ in range(4)])
    file = uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    scans.queue_scan(file)

    first = start_worker()
    wait_for(lambda: scan().stage == "recognising" and scan().heartbeat_at, logs)
    programs = kill(first)
    assert programs
    _gone, alive = psutil.wait_procs(programs, timeout=PATIENCE)
    assert alive == []
    interrupted = scan()
    assert (interrupted.state, interrupted.attempts) == (Scan.State.RUNNING, 1)
    assert not Derivative.objects.exists()

    later = timezone.now() + scans.DEAD_AFTER
    assert scans.sweep_scans(later) == 1
    outbox.dispatch_messages(at=later)
    start_worker()
    wait_for(lambda: scan().state == Scan.State.READY, logs)
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
    wait_for(lambda: Scan.objects.get(pk=second.pk).state == Scan.State.READY, logs)
    assert (scan().attempts, scan().finished_at) == (2, before)
