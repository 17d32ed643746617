from celery import shared_task
from django.utils import timezone

from payments import asking


@shared_task
def ask_providers() -> int:
    return asking.ask_waiting(at=timezone.now())
