"""Wiring of the rooms: settings, addresses, Celery, middleware, health. No rule of the field lives here."""

from oss_portal.celery import app as celery_app

__all__ = ["celery_app"]
