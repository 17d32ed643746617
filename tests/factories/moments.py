from datetime import datetime

from django.utils import timezone


def at(text: str) -> datetime:
    """A moment in Vietnam: ``at("2026-11-23 09:10")``."""
    return timezone.make_aware(datetime.fromisoformat(text))
