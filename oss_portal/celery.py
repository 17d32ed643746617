"""The Celery application. Queues: `urgent` (people wait), `celery` (default), `scan` (OCR), `reports`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")

app = Celery("oss_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
