"""Fixtures of all rooms. Real PostgreSQL and Valkey; the broker is real too, and tests run its tasks by hand."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from oss_portal.engines.pytest_plugin import NUMBER
from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this process, with the province and the catalogue, in the place of pytest-django's empty one."""
    own = connection.settings_dict
    usual, name = own["NAME"], f"{own['TEST']['NAME'] or 'test_' + own['NAME']}_{NUMBER}"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        connection.close()
        databases.copy_template(name)
        own["NAME"] = name
        # Quicker than to empty every table, and the next test finds what the others found.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.renew())
        yield
        connection.close()
        own["NAME"] = usual
        databases.drop(name)


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
