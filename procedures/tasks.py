from celery import shared_task
from django.utils import timezone

from procedures.editions.lifecycle.execution import begin_due


@shared_task
def begin_editions() -> int:
    return len(begin_due(timezone.now()))
