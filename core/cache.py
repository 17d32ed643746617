"""The cache in Valkey, and in each process while Valkey is away; counters that survive the change between the two."""

from typing import Any

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from core import valkey


class ValkeyCache(RedisCache):
    """Django's cache in Valkey. While that is away each process has a cache of its own.

    So limits hold for each process instead of for all together, and what was reckoned is kept nearer by; nothing is
    refused for the absence of a cache.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**valkey.connection_options(), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self.own = LocMemCache("while-valkey-is-away", {**params, "OPTIONS": {"MAX_ENTRIES": 10_000}})

    def _either(self, method: str, *args: Any, **kwargs: Any) -> Any:
        try:
            with valkey.attempt():
                return getattr(super(), method)(*args, **kwargs)
        except valkey.Away:
            return getattr(self.own, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._either("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._either("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        return self._either("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._either("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._either("clear")


def count(key: str, *, seconds: int) -> int:
    """Counts one more call under `key`, and returns how many there were since the first one, of at most `seconds` ago.

    The cost does not grow with the number. A count may begin anew early, when Valkey goes away or comes back.
    """
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ran out, or Valkey came back, between the two lines
        cache.set(key, 1, timeout=seconds)
        return 1
