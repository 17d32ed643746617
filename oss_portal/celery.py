"""The Celery application. Queues: `urgent` (people wait), `celery` (default), `scan` (OCR), `reports`."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")

app = Celery("oss_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_logging(**_options: object) -> None:
    """Workers log as the settings say, scrubbed: a listener here keeps Celery from putting its own in place."""
