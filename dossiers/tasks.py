from celery import shared_task
from django.utils import timezone

from dossiers import upload_places, watch


@shared_task
def watch_due_dates() -> dict[str, int]:
    return watch.watch(at=timezone.now())


@shared_task
def sweep_left_intakes() -> int:
    return upload_places.sweep(timezone.now())
