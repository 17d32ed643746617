from celery import shared_task
from django.utils import timezone

from payments import inquiry


@shared_task
def ask_providers() -> int:
    return inquiry.ask_waiting(at=timezone.now())
