"""Valkey as the portal uses it beside Celery, and what is known of its absence.

It carries calls to workers and counters of a minute or an hour, nothing that a person's work depends on. So whoever
needs it goes on without it: `attempt` turns every way of not answering into `Away`, and after one failure does not
even try for some seconds, because a server that hangs would cost each request its whole timeout.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

AWAY_SECONDS = 3.0
_tried_again_at = 0.0  # monotonic; 0 while Valkey answers


class Away(Exception):
    """Valkey does not answer at present."""


def connection_options() -> dict[str, Any]:
    """How long a request may wait for Valkey, in seconds; one retry, for connections that a restart has ended."""
    return {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 1)}


@lru_cache(maxsize=1)
def valkey_client() -> Redis:
    """One client a process, kept: a new one for each commit would cost more than what it does."""
    return Redis.from_url(settings.REDIS_URL, **connection_options())


@contextmanager
def attempt() -> Iterator[None]:
    """Around whatever needs Valkey or the broker. Errors: Away, at once while a failure is not `AWAY_SECONDS` old."""
    global _tried_again_at
    if was_away := bool(_tried_again_at):
        if time.monotonic() < _tried_again_at:
            raise Away
        _tried_again_at = time.monotonic() + AWAY_SECONDS  # one request tries, the others go on without
    try:
        yield
    except (RedisError, OperationalError) as problem:
        _tried_again_at = time.monotonic() + AWAY_SECONDS
        log.warning("valkey is away; going on without it", extra={"reason": type(problem).__name__})
        raise Away from problem
    if was_away:
        log.info("valkey answers again")
    _tried_again_at = 0.0


def forget_absence() -> None:
    """Tries again at once, whatever was learnt before."""
    global _tried_again_at
    _tried_again_at = 0.0
    valkey_client.cache_clear()
