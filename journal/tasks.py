from celery import shared_task
from django.utils import timezone

from journal import sealing


@shared_task
def seal_history() -> int:
    return sealing.seal_streams(at=timezone.now())


@shared_task
def close_history_days() -> int:
    return sealing.close_days(at=timezone.now())
