"""Fixtures of all rooms. Real PostgreSQL and Valkey; the broker is real too, and tests run its tasks by hand."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _quiet(settings):
    settings.AXES_ENABLED = False
    # Signing in is tried with a quick hash; the product's own stays known for accounts that carry it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    # Tests of other things must not depend on the hour at which they run.
    settings.QUIET_HOURS = ""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()
