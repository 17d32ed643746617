from celery import shared_task
from django.utils import timezone

from digitization import incoming, malware, scans, uploads, watched_folders


@shared_task
def process(file_id: str) -> None:
    scans.process_scan(file_id)


@shared_task
def check_malware(file_id: str) -> None:
    malware.check_file(file_id, at=timezone.now())


@shared_task
def sweep_malware() -> int:
    return malware.ask_about_unchecked(at=timezone.now())


@shared_task
def sweep_scans() -> int:
    return scans.sweep_scans(timezone.now())


@shared_task
def watch_scan_folders() -> int:
    return watched_folders.take_in_folders(timezone.now())


@shared_task
def sweep_uploads() -> int:
    now = timezone.now()
    uploads.clear_spool(now)
    return incoming.expire_uploads(now) + uploads.erase_discarded(now)
