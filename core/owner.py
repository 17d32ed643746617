"""Acting as the owner of the database, which only migrations do: web and workers are another role."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Within it this process is the role of DATABASE_OWNER_URL, in its database; without one nothing changes."""
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    kept = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict.update({name: owner.get(name, "") for name in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
