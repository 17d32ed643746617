"""Wiring of the rooms: settings, addresses, Celery, middleware, health. No rule of the field lives here."""
