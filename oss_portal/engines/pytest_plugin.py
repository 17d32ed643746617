"""Gives a test run its own real servers before Django's settings are read. Named in pyproject's addopts."""

import os

from oss_portal import engines

os.environ.setdefault("LOG_LEVEL", "ERROR")
# A data folder of the tests' own: nothing that a test stores reaches the demonstration's files.
_servers = engines.test_engines()
os.environ.setdefault("DATA_DIR", str(engines.DataFolder().root / "test"))
