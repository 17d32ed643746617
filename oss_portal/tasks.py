from celery import shared_task
from django.utils import timezone

from oss_portal import pruning


@shared_task
def prune() -> dict[str, int]:
    return dict(pruning.prune(timezone.now()))
