"""Brings PostgreSQL and Valkey up for a test run, before pytest-django reads Django's settings.

Runs side by side, and the workers of one, share the servers but never a database of them: each process takes the
first free number, which tells its databases apart for as long as it lives.
"""

import gc
import itertools
import os
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from oss_portal import engines
from oss_portal.engines.folder import FileLock
from oss_portal.engines.valkey import DATABASES

# Imports, migrations and collected tests make many objects that stay; at Python's threshold of 700 new ones the garbage
# collector walks through them a third of the time.
gc.set_threshold(30_000, 10, 10)

# The workers, and each program that a test starts, import the same modules: compiled once, not in every one of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

EMBEDDED = "OSS_TEST_ENGINES"  # inherited by xdist's workers, who find the addresses already in place


def take_number() -> tuple[int, FileLock]:
    """The first number that no living test process of this checkout has, and the lock that keeps it."""
    folder = engines.test_folder()
    folder.create()
    for number in itertools.count():
        lock = FileLock(folder.run / f"tests-{number}.lock")
        if lock.take(wait=False):
            return number, lock
        lock.close()
    raise AssertionError


try:
    if engines.test_engines().embedded:
        os.environ[EMBEDDED] = "1"
    NUMBER, _kept = take_number()
except engines.EngineError as problem:
    pytest.exit(str(problem), returncode=1)
if EMBEDDED in os.environ:
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{NUMBER % DATABASES}"))
