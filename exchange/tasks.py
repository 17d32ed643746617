from celery import shared_task
from django.utils import timezone

from exchange.connectors.national import differences, sending
from exchange.webhooks import delivery
from exchange.webhooks.messages import call_answered


@shared_task
def deliver_webhooks() -> int:
    call_answered()
    return delivery.deliver_waiting(at=timezone.now())


@shared_task
def tell_national_portal() -> int:
    return sending.tell_waiting(at=timezone.now())


@shared_task
def compare_with_national_portal() -> int:
    return differences.compare_dossiers(at=timezone.now())
