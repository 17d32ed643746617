from celery import shared_task
from django.utils import timezone

from dossiers import watch


@shared_task
def watch_due_dates() -> dict[str, int]:
    return watch.watch(at=timezone.now())
