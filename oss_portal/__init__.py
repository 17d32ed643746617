"""Wiring of the apps: settings, addresses, Celery, middleware, health. No rule of the field lives here."""
