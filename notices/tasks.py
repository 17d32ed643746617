from celery import shared_task
from django.utils import timezone

from notices import delivery


@shared_task
def send_waiting() -> int:
    return delivery.send_due(at=timezone.now())


@shared_task
def ask_about_sent() -> int:
    return delivery.ask_about_sent(at=timezone.now())
