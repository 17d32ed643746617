from celery import shared_task
from django.utils import timezone

from exchange.connectors.national import arrivals, differences, sending
from exchange.connectors.post import orders
from exchange.connectors.specialised import work as specialised
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
def fetch_from_national_portal() -> int:
    return arrivals.fetch_from_portal(at=timezone.now())


@shared_task
def look_back_at_national_portal() -> int:
    """Each night: whatever the portal has of the last week and we have not."""
    return arrivals.fetch_from_portal(at=timezone.now(), back=arrivals.NIGHTLY)


@shared_task
def compare_with_national_portal() -> int:
    return differences.compare_dossiers(at=timezone.now())


@shared_task
def follow_post_orders() -> int:
    return orders.work_off(at=timezone.now())


@shared_task
def speak_with_specialised_software() -> int:
    return specialised.work_off(at=timezone.now())
