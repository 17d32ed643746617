from celery import shared_task
from django.utils import timezone

from exchange.webhooks import delivery


@shared_task
def deliver_webhooks() -> int:
    return delivery.deliver_waiting(at=timezone.now())
