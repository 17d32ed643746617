"""Real PostgreSQL and Valkey out of Python wheels, in the project's own data folder.

`ensure()` is called before Django's settings are read. With DATABASE_URL and REDIS_URL in the environment it
starts nothing. Otherwise it attaches to the servers of the data folder, or starts them, and puts their
addresses into the environment. The servers stop when the last process that holds them ends, however it ends.
"""

from oss_portal.engines.attach import Engines, ensure, release, revive, test_engines, test_folder
from oss_portal.engines.folder import DataFolder, EngineError

__all__ = ["DataFolder", "EngineError", "Engines", "ensure", "release", "revive", "test_engines", "test_folder"]
