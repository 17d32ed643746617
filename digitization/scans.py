"""The life of a scan: queued, read by one worker at a time, ready or parked with the reason.

A worker takes a scan by an attempt number. Everything it writes afterwards holds only while the scan still has that
number, so a worker that was thought dead and comes back can spoil nothing, and a scan is finished exactly once.
Of scans with the same content one is read at a time; the others wait for what comes out, and take it.
"""

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from digitization import kinds, malware, uploads
from digitization.handover import Unreadable
from digitization.models import Scan, ScanPage, StoredFile
from digitization.pipeline import ClaimLost, Work, held_scan, run_steps, scans_of_content
from digitization.reading.findings import PageFindings
from digitization.recognition import HEARTBEAT_SECONDS
from digitization.signals import document_parked, document_skipped
from journal import audit_log, outbox

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
# A worker shows a sign of life every few seconds; after this long without one it is taken for dead.
DEAD_AFTER = timedelta(seconds=15 * HEARTBEAT_SECONDS)
# A scan that waits longer is put on the queue again, in case the broker lost it. Twice on the queue is harmless.
LOST_AFTER = timedelta(minutes=15)
LATER_LOST_AFTER = timedelta(days=1)  # one that is read later may well wait so long

REASONS: dict[str, str | Promise] = {
    "encrypted": _("Tệp được đặt mật khẩu nên không nhận dạng được chữ. Hãy gửi bản không có mật khẩu."),
    "broken": _("Tệp bị hỏng nên không nhận dạng được chữ. Hãy quét lại rồi gửi bản mới."),
    "too_many_pages": _("Tệp có quá nhiều trang. Hãy chia thành nhiều tệp nhỏ hơn rồi gửi lại."),
    "too_large": _("Trang trong tệp quá lớn để nhận dạng chữ. Hãy quét lại ở 300 dpi rồi gửi bản mới."),
    "timeout": _("Nhận dạng chữ mất quá nhiều thời gian nên đã dừng. Hãy quét lại rõ hơn hoặc chia nhỏ tệp."),
    "failed": _("Đã thử nhiều lần nhưng không nhận dạng được chữ. Tệp gốc vẫn còn nguyên và vẫn mở được."),
}


def reason_sentence(code: str) -> str | Promise:
    """Why a scan was parked, in words for the reader; the original can be opened all the same."""
    return REASONS.get(code, REASONS["failed"])


def queue_scan(file: StoredFile, at: datetime | None = None, *, later: bool = False) -> Scan | None:
    """Have `file` made searchable; None for a kind that has no pages to read (Word, Excel).

    One that nobody waits for is read `later`. The work is recorded in the present transaction. Queuing twice changes
    nothing; a parked scan gets another try.
    """
    if file.media_type not in kinds.SCANNABLE:
        return None
    at = at or timezone.now()
    with transaction.atomic():
        scan, made = Scan.objects.select_for_update().get_or_create(
            file=file, defaults={"queued_at": at, "later": later}
        )
        if made:
            _put_on_queue(scan)
        elif scan.state == Scan.State.PARKED:
            scan.attempts, scan.reason, scan.finished_at = 0, "", None
            _requeue(scan, at)
    return scan


def queue_scans(files: Sequence[StoredFile]) -> None:
    """The same for many files whose rows the caller has locked, in the same few statements."""
    wanted = [file for file in files if file.media_type in kinds.SCANNABLE]
    known = set(Scan.objects.filter(file__in=wanted).values_list("pk", flat=True)) if wanted else set()
    now = timezone.now()
    scans = Scan.objects.bulk_create(Scan(file=file, queued_at=now) for file in wanted if file.pk not in known)
    payloads = [{"file": str(scan.pk), "later": scan.later} for scan in scans]
    outbox.record_many("scan", payloads, available_at=[now] * len(payloads))
    for file in wanted:
        if file.pk in known:
            queue_scan(file)


def retry_parked(file: StoredFile, subject: str, by: Actor) -> bool:
    """Give a parked scan another try; who asked stands in the log under `subject`. False when it is not parked."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update().filter(pk=file.pk, state=Scan.State.PARKED).first()
        if scan is None:
            return False
        audit_log.record_entry("scan_again", subject, by=by, file=str(file.pk), reason=scan.reason)
        queue_scan(file)
    return True


def skip_parked(file: StoredFile, subject: str, by: Actor, at: datetime) -> bool:
    """Use a file as it came, without text to search; who decided stands in the log. False when it is not parked."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update().filter(pk=file.pk, state=Scan.State.PARKED).first()
        if scan is None:
            return False
        audit_log.record_entry("scan_skipped", subject, by=by, file=str(file.pk), reason=scan.reason)
        scan.state, scan.finished_at = Scan.State.SKIPPED, at
        scan.save(update_fields=["state", "finished_at"])
        document_skipped.send(sender=StoredFile, file=file, actor=by, at=at)
    return True


def process_scan(file_id: str, clock: Callable[[], datetime] = timezone.now) -> None:
    """Do the whole work for one file, unless another worker does it or it is done."""
    attempt = _claim(file_id, clock())
    if attempt is None:
        return
    file = StoredFile.objects.get(pk=file_id)
    mine = Scan.objects.filter(pk=file_id, state=Scan.State.RUNNING, attempts=attempt)

    def on_progress(stage: str, done: int, pages: int) -> None:
        # Outside any transaction, so that the page that waits sees it.
        if not mine.update(stage=stage, pages_done=done, pages=pages, heartbeat_at=clock()):
            raise ClaimLost

    def keep_page(number: int, packed: bytes) -> None:
        _keep_page(file_id, attempt, PageFindings.unpack(packed), packed)

    try:
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="scan-") as folder:
            read = ScanPage.objects.filter(scan_id=file_id, packed__isnull=False).values_list("number", "packed")
            known = {number: bytes(packed or b"") for number, packed in read}
            run_steps(Work(file, attempt, Path(folder), clock, on_progress, keep_page, known))
    except ClaimLost:
        log.warning("scan taken over", extra={"file": file_id, "attempt": attempt})
    except Unreadable as unreadable:
        _park(file, attempt, unreadable.code, clock())
    except Exception:  # whatever it was, the file is tried again, and parked when it never works
        log.exception("scan attempt failed", extra={"file": file_id, "attempt": attempt})
        _try_again(file, attempt, clock())
    _call_those_waiting(file, clock())


def sweep_scans(at: datetime, limit: int = 500) -> int:
    """Put back on the queue what a dead worker left and what the broker lost; returns how many."""
    dead = Q(state=Scan.State.RUNNING, heartbeat_at__lt=at - DEAD_AFTER)
    lost = Q(state=Scan.State.QUEUED, later=False, queued_at__lt=at - LOST_AFTER)
    lost |= Q(state=Scan.State.QUEUED, later=True, queued_at__lt=at - LATER_LOST_AFTER)
    waiting = Scan.objects.filter(dead | lost, file__removed_at__isnull=True)
    swept = 0
    for pk in list(waiting.order_by("queued_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            scan = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if scan is None:
                continue
            if scan.attempts >= MOST_ATTEMPTS:
                _write_parked(scan, "failed", at)
            else:
                _requeue(scan, at)
            swept += 1
    return swept


def _keep_page(file_id: str, attempt: int, page: PageFindings, packed: bytes) -> None:
    """Keep a page that was read, so that another attempt need not read it again."""
    with transaction.atomic():
        if not Scan.objects.select_for_update().filter(pk=file_id, attempts=attempt, state=Scan.State.RUNNING).exists():
            raise ClaimLost
        ScanPage.objects.update_or_create(
            scan_id=file_id,
            number=page.number,
            defaults={
                "source": page.source.value,
                "confidence": min(1.0, max(0.0, page.confidence)),
                "quality": page.quality,
                "text": page.text,
                "barcodes": [asdict(code) for code in page.barcodes],
                "packed": packed,
            },
        )


def _put_on_queue(scan: Scan, wait: timedelta = timedelta()) -> None:
    key = f"scan:{scan.pk}:{scan.queued_at.isoformat()}"
    outbox.record_message(
        "scan", {"file": str(scan.pk), "later": scan.later}, key=key, available_at=scan.queued_at + wait
    )


def _requeue(scan: Scan, at: datetime, wait: timedelta = timedelta()) -> None:
    scan.state, scan.stage, scan.queued_at = Scan.State.QUEUED, "", at
    scan.save(update_fields=["state", "stage", "queued_at", "attempts", "reason", "finished_at"])
    _put_on_queue(scan, wait)


def _try_again(file: StoredFile, attempt: int, at: datetime) -> None:
    with transaction.atomic():
        scan = held_scan(file, attempt)
        if scan is None:
            return
        if attempt >= MOST_ATTEMPTS:
            _write_parked(scan, "failed", at)
        else:
            _requeue(scan, at, wait=timedelta(seconds=30 * attempt))


def _park(file: StoredFile, attempt: int, reason: str, at: datetime) -> None:
    with transaction.atomic():
        scan = held_scan(file, attempt)
        if scan is not None:
            _write_parked(scan, reason, at)


def _write_parked(scan: Scan, reason: str, at: datetime) -> None:
    scan.state, scan.stage, scan.reason, scan.finished_at = Scan.State.PARKED, "", reason, at
    scan.save(update_fields=["state", "stage", "reason", "finished_at"])
    document_parked.send(sender=StoredFile, file=scan.file, reason=reason)


def _claim(file_id: str, at: datetime) -> int | None:
    """The attempt number that is now ours, or None."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        return None
    free = Q(state=Scan.State.QUEUED) | Q(state=Scan.State.RUNNING, heartbeat_at__lt=at - DEAD_AFTER)
    with transaction.atomic():
        uploads.lock_content(file.sha256)
        present = Scan.objects.filter(free, pk=file_id, file__removed_at__isnull=True)
        scan = present.select_for_update(of=("self",)).select_related("file").first()
        if scan is None or not malware.may_be_opened(scan.file):
            return None  # what is judged clean is put on the queue again
        if scan.attempts >= MOST_ATTEMPTS:
            _write_parked(scan, "failed", at)
            return None
        same = scans_of_content(file).exclude(pk=file_id)
        being_read = same.filter(state=Scan.State.RUNNING, heartbeat_at__gte=at - DEAD_AFTER)
        if not same.filter(state=Scan.State.READY).exists() and being_read.exists():
            return None  # called when that has ended
        Scan.objects.filter(pk=file_id).update(
            state=Scan.State.RUNNING, stage="checking", attempts=F("attempts") + 1, heartbeat_at=at, pages_done=0
        )
        return scan.attempts + 1


def _call_those_waiting(file: StoredFile, at: datetime) -> None:
    """Put scans of the same content on the queue again: all of them where there is a reading to take, or else one."""
    with transaction.atomic():
        same = scans_of_content(file).exclude(pk=file.pk)
        waiting = same.filter(state=Scan.State.QUEUED, file__removed_at__isnull=True).order_by("queued_at", "pk")
        ready = scans_of_content(file).filter(state=Scan.State.READY).exists()
        called = waiting.select_for_update(of=("self",), skip_locked=True).select_related("file")
        for scan in called if ready else called[:1]:
            _requeue(scan, at)
