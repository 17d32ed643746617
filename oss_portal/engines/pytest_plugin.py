"""Brings PostgreSQL and Valkey up for a test run, before pytest-django reads Django's settings.

Runs side by side (other values of OSS_TEST_DB, workers of pytest-xdist) share the servers but never a
database of them: pytest-django tells PostgreSQL's apart, and each gets a Valkey database of its own here.
"""

import os
import zlib
from urllib.parse import urlsplit, urlunsplit

import pytest

from oss_portal import engines
from oss_portal.engines.valkey import DATABASES

EMBEDDED = "OSS_TEST_ENGINES"  # inherited by xdist's workers, who find the addresses already in place


def own_database(redis_url: str) -> str:
    """The same server, with the database number of this run and worker."""
    who = f"{os.environ.get('OSS_TEST_DB', '')}/{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    return urlunsplit(urlsplit(redis_url)._replace(path=f"/{zlib.crc32(who.encode()) % DATABASES}"))


try:
    if engines.test_engines().embedded:
        os.environ[EMBEDDED] = "1"
except engines.EngineError as problem:
    pytest.exit(str(problem), returncode=1)
if EMBEDDED in os.environ:
    os.environ["REDIS_URL"] = own_database(os.environ["REDIS_URL"])
