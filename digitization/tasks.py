from celery import shared_task
from django.utils import timezone

from digitization import incoming, scans, uploads


@shared_task
def process(file_id: str) -> None:
    scans.process_scan(file_id)


@shared_task
def sweep_scans() -> int:
    return scans.sweep_scans(timezone.now())


@shared_task
def sweep_uploads() -> int:
    now = timezone.now()
    uploads.clear_spool(now)
    return incoming.expire_uploads(now) + uploads.erase_discarded(now)
