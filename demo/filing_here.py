"""The demonstration's past: its people filed here, whatever door is open now."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def filing_here() -> Iterator[None]:
    present = settings.ONLINE_FILING
    settings.ONLINE_FILING = "here"
    try:
        yield
    finally:
        settings.ONLINE_FILING = present
