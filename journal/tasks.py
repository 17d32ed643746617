from celery import shared_task
from django.utils import timezone

from journal import outbox


@shared_task
def dispatch_outbox() -> int:
    outbox.call_answered()
    handled = outbox.dispatch(at=timezone.now())
    if handled == outbox.BATCH:
        outbox.call_worker()
    return handled
